import { answerCounterfactuals } from './answer-counterfactuals.ts'
import { describeSurrogate } from './describe-surrogate.ts'
import type { InspectionTask } from './inspection-task.ts'

/** Does one task. Throws MaestroError for what the user can mend. */
export function runInspectionTask(task: InspectionTask): unknown {
  switch (task.kind) {
    case 'counterfactuals':
      return answerCounterfactuals(task)
    case 'surrogate':
      return describeSurrogate(task)
  }
}
