import { mergeMembers } from '../../engine/pipeline/merge-members.ts'
import type { Pipeline, PipelineMember } from '../../engine/pipeline/pipeline.ts'
import { MaestroError } from '../../shared/errors.ts'
import { fitTask } from './fit-folds.ts'
import type { TrainingData } from './prepare-training.ts'
import type { TrialPool } from './trial-pool.ts'
import type { TrialRecord } from './trial-record.ts'
import { memberBytes } from './trial-record.ts'
import { allRows } from './trial-task.ts'

export interface ModelBuild {
  readonly data: TrainingData
  readonly pool: TrialPool
  /** One small or quick model is wanted: it is fitted once more on all rows instead of being a bag. */
  readonly prefersOne: boolean
  /** Seconds that are left; a fit that would take longer is not begun where there is another way. */
  readonly secondsLeft: () => number
}

/** A bag of all repeats may be so large in memory and have so many trees; beyond it, the bag of the first repeat does. */
const largestBagBytes = 12 * 1024 * 1024
const mostBagTrees = 2_000
/** Beyond this, one model of all rows takes the place of the bag. */
const largestFirstBagBytes = 24 * 1024 * 1024

/**
 * The models behind a winner. After cross-validation a trial's model is the mean of its fold models (a bag), which does
 * better than any of them and needs no further fit; after a hold-out, where the bag would be too large, or where one
 * small or quick model is wanted, the configuration is fitted once more on all rows.
 */
export async function buildPipeline(
  winner: { readonly members: readonly { readonly trial: TrialRecord; readonly weight: number }[] },
  build: ModelBuild,
): Promise<Pipeline> {
  const built: PipelineMember[] = []
  // One trial after another: its folds fill the pool.
  for (const { trial, weight } of winner.members) {
    const models = await modelsOf(trial, build)
    built.push(...mergedBag(models, weight))
  }
  return pipelineOf(build.data, built)
}

/** A trial's bag from the fold models that were kept; null where they were not. */
export function keptPipeline(trial: TrialRecord, data: TrainingData): Pipeline | null {
  const bag = keptBag(trial, data)
  return bag ? pipelineOf(data, mergedBag(bag, 1)) : null
}

async function modelsOf(trial: TrialRecord, build: ModelBuild): Promise<PipelineMember[]> {
  const { data } = build
  const isHeldOut = data.folds.length === 1
  const isTooLarge = trial.sizeBytes > largestFirstBagBytes
  const bag = keptBag(trial, data)
  if (build.prefersOne || isHeldOut || isTooLarge || trial.fraction < 1) {
    const share = isHeldOut || trial.fraction < 1 ? 1 : 1 / data.folds.length
    const inTime = trial.fitSeconds * share * 1.3 <= build.secondsLeft()
    if (inTime || !bag) return [await fitOne({ ...trial, fraction: 1 }, allRows, build.pool)]
    return bag
  }
  if (bag) return bag
  const folds = [...data.folds.keys()]
  const models: PipelineMember[] = []
  for (let at = 0; at < folds.length; at += build.pool.size) {
    const group = folds.slice(at, at + build.pool.size)
    models.push(...(await Promise.all(group.map((fold) => fitOne(trial, fold, build.pool)))))
  }
  return models
}

/** Fold models that are kept: of all repeats where they are small enough, else of the first. */
function keptBag(trial: TrialRecord, data: TrainingData): PipelineMember[] | null {
  const members = trial.members.filter((member) => member !== null)
  const first = members.slice(0, trial.fraction < 1 ? 1 : data.folds.length)
  if (first.length < Math.min(data.folds.length, trial.foldScores.length)) return null
  const bytes = members.reduce((sum, member) => sum + memberBytes(member), 0)
  const trees = members.reduce((sum, { model }) => sum + (model.kind === 'trees' ? model.roots.length : 0), 0)
  return bytes <= largestBagBytes && trees <= mostBagTrees ? members : first
}

function mergedBag(models: readonly PipelineMember[], weight: number): PipelineMember[] {
  const bag = models.map((member) => ({ ...member, weight: weight / models.length }))
  const merged = mergeMembers(bag)
  return merged ? [merged] : bag
}

function pipelineOf(data: TrainingData, members: readonly PipelineMember[]): Pipeline {
  return {
    task: data.target.task,
    target: data.target.name,
    classes: data.target.classes,
    inputs: data.inputs,
    members,
    threshold: 0.5,
  }
}

async function fitOne(trial: TrialRecord, fold: number, pool: TrialPool): Promise<PipelineMember> {
  const answer = await pool.run(fitTask(trial, fold, null))
  if (answer.kind === 'fitted') return answer.fitted.member
  throw new MaestroError(
    'TRAINING_FAILED',
    `The best configuration could not be trained for the final model: ${answer.kind === 'failed' ? answer.error.message : 'it was stopped'}`,
    'Try again with fewer threads or a smaller table.',
  )
}
