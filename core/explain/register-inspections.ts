import type { Dependence, GlobalExplanation, Importance } from '../../shared/domain/explanations.ts'
import type { ColumnInteractions, Redundancy, Surrogate } from '../../shared/domain/inspections.ts'
import type { JobContext } from '../jobs/job-context.ts'
import { evidencePictures } from './evidence-pictures.ts'
import {
  dependenceParts,
  explanationKey,
  globalParts,
  importanceParts,
  interactionsParts,
  redundancyParts,
  surrogateParts,
} from './explanation-keys.ts'
import type { OnModel } from './on-model.ts'
import { runExplainTask } from './run-explain-task.ts'

/** The strongest columns, whose dependence is stored. */
const storedColumns = 6
/** As the window asks first. */
const surrogateLeaves = 6
/** A surrogate tree of fewer rows says nothing. */
const fewestSurrogateRows = 20

interface Registered {
  readonly onModel: OnModel
  readonly pipelineDigest: string
  readonly tableDigest: string
  readonly rows: number
  readonly explanation: GlobalExplanation
  readonly importance: Importance
}

/** An answer that is known from now on, under its key. */
export interface KnownAnswer {
  readonly key: string
  readonly digest: string
}

/**
 * Everything else that explains a version, worked out once: as evidence (`inspections` the numbers, `pictures` what they
 * look like), and as answers under their keys, so that nobody who asks has them worked out again.
 */
export function registerInspections(registered: Registered, context: JobContext) {
  const { onModel, explanation, importance } = registered
  const asked = { pipeline: registered.pipelineDigest, table: registered.tableDigest }
  const known: KnownAnswer[] = []
  const remember = <Answer>(parts: readonly unknown[], answer: Answer): Answer => {
    known.push({ key: explanationKey(parts), digest: context.blobs.put(JSON.stringify(answer)).digest })
    return answer
  }
  // The background is the table itself: the one that the model was trained on.
  remember(globalParts(asked, registered.tableDigest), explanation)
  remember(importanceParts(asked, importance.metric, importance.repeats, true), importance)
  const dependence = explanation.features.slice(0, storedColumns).map(({ name }) => {
    context.cancelled.throwIfAborted()
    const answer = runExplainTask({ kind: 'dependence', ...onModel, feature: name, ice: false }) as Dependence
    return remember(dependenceParts(asked, name, false), answer)
  })
  context.cancelled.throwIfAborted()
  const interactions = remember(
    interactionsParts(asked, registered.tableDigest),
    runExplainTask({ kind: 'interactions', ...onModel, backgroundPath: onModel.columnFilePath }) as ColumnInteractions,
  )
  const redundancy = remember(redundancyParts(asked), runExplainTask({ kind: 'redundancy', ...onModel }) as Redundancy)
  const surrogate =
    registered.rows < fewestSurrogateRows
      ? null
      : remember(
          surrogateParts(asked, null, surrogateLeaves),
          runExplainTask({ kind: 'surrogate', ...onModel, class: null, leaves: surrogateLeaves }) as Surrogate,
        )
  const pictures = evidencePictures({ explanation, importance, dependence, interactions, surrogate })
  const stored = (kind: string, value: unknown) => ({ kind, ...context.blobs.put(JSON.stringify(value)) })
  return {
    known,
    evidence: [
      stored('inspections', { dependence, interactions, redundancy, surrogate }),
      stored('pictures', { pictures }),
    ],
  }
}
