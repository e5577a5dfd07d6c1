import { answerCounterfactuals } from './answer-counterfactuals.ts'
import { describeEffects, describePair } from './describe-dependence.ts'
import { describeInteractions } from './describe-interactions.ts'
import { describeRedundancy } from './describe-redundancy.ts'
import { describeSurrogate } from './describe-surrogate.ts'
import type { InspectionTask } from './inspection-task.ts'

/** Does one task. Throws MaestroError for what the user can mend. */
export function runInspectionTask(task: InspectionTask): unknown {
  switch (task.kind) {
    case 'counterfactuals':
      return answerCounterfactuals(task)
    case 'surrogate':
      return describeSurrogate(task)
    case 'redundancy':
      return describeRedundancy(task)
    case 'interactions':
      return describeInteractions(task)
    case 'pair':
      return describePair(task)
    case 'effects':
      return describeEffects(task)
  }
}
