import { mergeMembers } from '../../engine/pipeline/merge-members.ts'
import type { Pipeline, PipelineMember } from '../../engine/pipeline/pipeline.ts'
import { MaestroError } from '../../shared/errors.ts'
import { fitTask, keptTreesOf } from './fit-folds.ts'
import type { TrainingData } from './prepare-training.ts'
import type { TrialPool } from './trial-pool.ts'
import type { FoldModel, TrialRecord } from './trial-record.ts'
import { memberBytes } from './trial-record.ts'
import { allRows } from './trial-task.ts'

interface ModelBuild {
  readonly data: TrainingData
  readonly pool: TrialPool
  /** One small or quick model is wanted: it is fitted once more on all rows instead of being a bag. */
  readonly prefersOne: boolean
  /** Seconds that are left; a fit that would take longer is not begun where there is another way. */
  readonly secondsLeft: () => number
}

/** How a trial's fits became its part of the model: all that its recipe tells, and the fits. */
export interface BuiltMember {
  readonly trial: TrialRecord
  readonly weight: number
  readonly rule: 'bag' | 'refit'
  /** Share of the training rows that each fit saw. */
  readonly fraction: number
  readonly keptTrees: number
  readonly fits: readonly FoldModel[]
}

export interface BuiltModel {
  readonly pipeline: Pipeline
  readonly members: readonly BuiltMember[]
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
export async function buildModel(
  winner: { readonly members: readonly { readonly trial: TrialRecord; readonly weight: number }[] },
  build: ModelBuild,
): Promise<BuiltModel> {
  const members: BuiltMember[] = []
  // One trial after another: its folds fill the pool.
  for (const { trial, weight } of winner.members) members.push(await builtMember(trial, weight, build))
  return { pipeline: assemblePipeline(build.data, members), members }
}

/** A trial's bag from the fold models that were kept; null where they were not. */
export function keptModel(trial: TrialRecord, data: TrainingData): BuiltModel | null {
  const fits = keptBag(trial, data)
  if (!fits) return null
  const members = [bagOf(trial, 1, fits)]
  return { pipeline: assemblePipeline(data, members), members }
}

/** Members and their fits as one pipeline: the fits of a member are merged into one model where its family can be. */
export function assemblePipeline(
  data: Pick<TrainingData, 'target' | 'inputs'>,
  members: readonly { readonly weight: number; readonly fits: readonly FoldModel[] }[],
): Pipeline {
  return {
    task: data.target.task,
    target: data.target.name,
    classes: data.target.classes,
    inputs: data.inputs,
    members: members.flatMap(({ weight, fits }) =>
      mergedBag(
        fits.map(({ member }) => member),
        weight,
      ),
    ),
    threshold: 0.5,
  }
}

async function builtMember(trial: TrialRecord, weight: number, build: ModelBuild): Promise<BuiltMember> {
  const { data } = build
  const isHeldOut = data.folds.length === 1
  const isTooLarge = trial.sizeBytes > largestFirstBagBytes
  const bag = keptBag(trial, data)
  if (build.prefersOne || isHeldOut || isTooLarge || trial.fraction < 1) {
    const share = isHeldOut || trial.fraction < 1 ? 1 : 1 / data.folds.length
    const inTime = trial.fitSeconds * share * 1.3 <= build.secondsLeft()
    if (!inTime && bag) return bagOf(trial, weight, bag)
    const whole = { ...trial, fraction: 1 }
    const fits = [await fitOne(whole, allRows, build.pool)]
    return { trial, weight, rule: 'refit', fraction: 1, keptTrees: keptTreesOf(whole, allRows), fits }
  }
  if (bag) return bagOf(trial, weight, bag)
  const folds = [...data.folds.keys()]
  const fits: FoldModel[] = []
  for (let at = 0; at < folds.length; at += build.pool.size) {
    const group = folds.slice(at, at + build.pool.size)
    fits.push(...(await Promise.all(group.map((fold) => fitOne(trial, fold, build.pool)))))
  }
  return bagOf(trial, weight, fits)
}

function bagOf(trial: TrialRecord, weight: number, fits: readonly FoldModel[]): BuiltMember {
  return { trial, weight, rule: 'bag', fraction: trial.fraction, keptTrees: keptTreesOf(trial, 0), fits }
}

/** Fold models that are kept: of all repeats where they merge and are small enough, else of the first. */
function keptBag(trial: TrialRecord, data: TrainingData): readonly FoldModel[] | null {
  const { models } = trial
  const firstFolds = trial.fraction < 1 ? 1 : data.folds.length
  const first = models.filter(({ fold }) => fold < firstFolds)
  if (first.length < firstFolds) return null
  // What cannot be merged into one model is scored and exported model by model.
  if (models.some(({ member: { model } }) => model.kind === 'network' || model.kind === 'neighbours')) return first
  const bytes = models.reduce((sum, { member }) => sum + memberBytes(member), 0)
  const trees = models.reduce(
    (sum, { member: { model } }) => sum + (model.kind === 'trees' ? model.roots.length : 0),
    0,
  )
  return bytes <= largestBagBytes && trees <= mostBagTrees ? models : first
}

function mergedBag(models: readonly PipelineMember[], weight: number): PipelineMember[] {
  const bag = models.map((member) => ({ ...member, weight: weight / models.length }))
  const merged = mergeMembers(bag)
  return merged ? [merged] : bag
}

async function fitOne(trial: TrialRecord, fold: number, pool: TrialPool): Promise<FoldModel> {
  const answer = await pool.run(fitTask(trial, fold, null))
  if (answer.kind === 'fitted') return { fold, member: answer.fitted.member }
  throw new MaestroError(
    'TRAINING_FAILED',
    `The best configuration could not be trained for the final model: ${answer.kind === 'failed' ? answer.error.message : 'it was stopped'}`,
    'Try again with fewer threads or a smaller table.',
  )
}
