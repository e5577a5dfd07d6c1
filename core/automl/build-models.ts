import { mergeMembers } from '../../engine/pipeline/merge-members.ts'
import type { Pipeline, PipelineMember } from '../../engine/pipeline/pipeline.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { Winner } from './choose-winner.ts'
import type { TrainingData } from './prepare-training.ts'
import { keepFold } from './run-search.ts'
import type { TrialPool } from './trial-pool.ts'
import type { TrialRecord } from './trial-record.ts'

/**
 * The models behind a winner. After cross-validation a trial's model is the mean of its fold models (a bag), which does
 * better than any of them and needs no further fit; after a hold-out, or where one small or quick model is wanted, the
 * configuration is fitted once more on all rows.
 */
export async function buildPipeline(
  winner: Winner,
  data: TrainingData,
  pool: TrialPool,
  refit: boolean,
): Promise<Pipeline> {
  const built: PipelineMember[][] = []
  // One trial after another: its folds fill the pool.
  for (const { trial, weight } of winner.members) {
    const members =
      refit || data.folds.length === 1 ? [await fitAll(trial, pool)] : await foldMembers(trial, data, pool)
    const bag = members.map((member) => ({ ...member, weight: weight / members.length }))
    const merged = mergeMembers(bag)
    built.push(merged ? [merged] : bag)
  }
  return pipelineOf(data, built.flat())
}

/** A trial's bag from the fold models that were kept; null where they were not. */
export function keptPipeline(trial: TrialRecord, data: TrainingData): Pipeline | null {
  const members = trial.members.filter((member) => member !== null)
  if (members.length < data.folds.length) return null
  const bag = members.map((member) => ({ ...member, weight: 1 / members.length }))
  const merged = mergeMembers(bag)
  return pipelineOf(data, merged ? [merged] : bag)
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

/** Fold models of a trial; those that were not kept are fitted again, to the same bits. */
async function foldMembers(trial: TrialRecord, data: TrainingData, pool: TrialPool): Promise<PipelineMember[]> {
  const missing = [...trial.members.keys()].filter((fold) => !trial.members[fold])
  for (let at = 0; at < missing.length; at += pool.size) {
    await Promise.all(missing.slice(at, at + pool.size).map((fold) => fitFold(trial, fold, data, pool)))
  }
  return trial.members.filter((member) => member !== null)
}

async function fitFold(trial: TrialRecord, fold: number, data: TrainingData, pool: TrialPool): Promise<void> {
  const answer = await pool.run({ learner: trial.learner, parameters: trial.parameters, fold, seed: trial.seed })
  if (answer.kind !== 'fitted') throw stopped(answer.kind === 'failed' ? answer.error.message : 'it was stopped')
  // What was measured when the trial ran stays.
  const { fitSeconds, predictMicrosPerRow, sizeBytes } = trial
  const foldScores = Float64Array.from(trial.foldScores)
  keepFold(data, trial, fold, answer.fitted)
  trial.foldScores.set(foldScores)
  Object.assign(trial, { fitSeconds, predictMicrosPerRow, sizeBytes })
}

async function fitAll(trial: TrialRecord, pool: TrialPool): Promise<PipelineMember> {
  const answer = await pool.run({ learner: trial.learner, parameters: trial.parameters, fold: -1, seed: trial.seed })
  if (answer.kind !== 'fitted') throw stopped(answer.kind === 'failed' ? answer.error.message : 'it was stopped')
  return answer.fitted.member
}

function stopped(reason: string): MaestroError {
  return new MaestroError(
    'TRAINING_FAILED',
    `The best configuration could not be trained for the final model: ${reason}`,
    'Try again with fewer threads or a smaller table.',
  )
}
