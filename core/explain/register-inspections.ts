import type { Dependence, GlobalExplanation, Importance } from '../../shared/domain/explanations.ts'
import type {
  ColumnInteractions,
  LocalEffects,
  PairDependence,
  Redundancy,
  Surrogate,
} from '../../shared/domain/inspections.ts'
import type { JobContext } from '../jobs/job-context.ts'
import { evidencePictures } from './evidence-pictures.ts'
import type { ExplainTask } from './explain-task.ts'
import {
  dependenceParts,
  effectsParts,
  explanationKey,
  globalParts,
  importanceParts,
  interactionsParts,
  pairParts,
  redundancyParts,
  surrogateParts,
} from './explanation-keys.ts'
import type { OnModel } from './on-model.ts'

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
  /** Null where the table has no true answers. */
  readonly importance: Importance | null
}

/** An answer that is known from now on, under its key. */
export interface KnownAnswer {
  readonly key: string
  readonly digest: string
}

/**
 * Everything else that explains a version, worked out once by `run`: as evidence (`inspections` the numbers, `pictures`
 * what they look like), and as answers under their keys, so that nobody who asks has them worked out again.
 */
export async function registerInspections(
  registered: Registered,
  run: (task: ExplainTask) => Promise<unknown>,
  context: JobContext,
) {
  const { onModel, explanation, importance } = registered
  const asked = { pipeline: registered.pipelineDigest, table: registered.tableDigest }
  const known: KnownAnswer[] = []
  const remember = <Answer>(parts: readonly unknown[], answer: Answer): Answer => {
    known.push({ key: explanationKey(parts), digest: context.blobs.put(JSON.stringify(answer)).digest })
    return answer
  }
  const work = async <Answer>(parts: readonly unknown[], task: ExplainTask): Promise<Answer> => {
    context.cancelled.throwIfAborted()
    return remember(parts, (await run(task)) as Answer)
  }
  // The background is the table itself: the one that the model was trained on.
  remember(globalParts(asked, registered.tableDigest), explanation)
  if (importance)
    remember(importanceParts(asked, importance.metric, importance.repeats, importance.onTrainingRows), importance)
  const strongest = explanation.features.slice(0, storedColumns)
  context.cancelled.throwIfAborted()
  const features = strongest.map(({ name }) => name)
  const dependence = (await run({ kind: 'dependences', ...onModel, features })) as Dependence[]
  for (const each of dependence) remember(dependenceParts(asked, each.feature, false), each)
  const effects: LocalEffects[] = []
  for (const { feature } of dependence.filter(({ kind }) => kind === 'numeric')) {
    effects.push(await work(effectsParts(asked, feature), { kind: 'effects', ...onModel, feature }))
  }
  const interactions = await work<ColumnInteractions>(interactionsParts(asked, registered.tableDigest), {
    kind: 'interactions',
    ...onModel,
    backgroundPath: onModel.columnFilePath,
  })
  const together = strongestPair(explanation, interactions)
  const pair =
    together === null
      ? null
      : await work<PairDependence>(pairParts(asked, together), { kind: 'pair', ...onModel, features: together })
  const redundancy = await work<Redundancy>(redundancyParts(asked), { kind: 'redundancy', ...onModel })
  const surrogate =
    registered.rows < fewestSurrogateRows
      ? null
      : await work<Surrogate>(surrogateParts(asked, null, surrogateLeaves), {
          kind: 'surrogate',
          ...onModel,
          class: null,
          leaves: surrogateLeaves,
        })
  const pictures = evidencePictures({ explanation, importance, dependence, effects, interactions, pair, surrogate })
  const stored = (kind: string, value: unknown) => ({ kind, ...context.blobs.put(JSON.stringify(value)) })
  return {
    known,
    evidence: [
      stored('inspections', { dependence, effects, interactions, pair, redundancy, surrogate }),
      stored('pictures', { pictures }),
    ],
  }
}

/**
 * The two columns that act together most, the stronger one first: so the window asks about it. Null where none do.
 */
function strongestPair(explanation: GlobalExplanation, { features, strengths }: ColumnInteractions) {
  let best: [string, string] | null = null
  let most = 0
  for (const [p, name] of features.entries()) {
    for (const [q, other] of features.entries()) {
      const strength = strengths[p]?.[q] ?? 0
      if (q <= p || strength <= most) continue
      most = strength
      best = [name, other]
    }
  }
  if (best === null) return null
  const place = (name: string) => explanation.features.findIndex((feature) => feature.name === name)
  return place(best[0]) <= place(best[1]) ? best : ([best[1], best[0]] satisfies [string, string])
}
