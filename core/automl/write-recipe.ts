import { createHash } from 'node:crypto'
import { learnerByName } from '../../engine/learners/registry.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import { isStagewise } from '../../engine/search/search-space.ts'
import type { Fold } from '../../engine/validation/fold.ts'
import type { Recipe, RecipeMember } from '../../shared/domain/recipes.ts'
import { engineVersion } from '../models/engine-version.ts'
import type { AutomlJob } from './automl-job.ts'
import type { BuiltMember, BuiltModel } from './build-models.ts'
import type { TrainingData } from './prepare-training.ts'
import type { FoldModel, TrialRecord } from './trial-record.ts'
import { encodingOf } from './trial-record.ts'

/** The recipe of a model: what was run to make it, so that it can be made again without a search. */
export function writeRecipe(
  built: BuiltModel,
  {
    job,
    data,
    metric,
    trials,
  }: {
    readonly job: Pick<AutomlJob, 'specification' | 'dataset'>
    readonly data: TrainingData
    readonly metric: MetricName
    readonly trials: readonly TrialRecord[]
  },
): Recipe {
  return {
    format: 'maestro-recipe',
    formatVersion: 1,
    engineVersion,
    dataset: { name: job.dataset.name, digest: job.dataset.digest },
    specification: job.specification,
    metric,
    validation: {
      basis: data.basis,
      folds: data.folds.length,
      repeats: data.allFolds.length / data.folds.length,
      splitsDigest: splitsDigest(data.allFolds),
    },
    members: built.members.map(memberOf),
    secondLayer: built.pipeline.secondLayer ? { intercept: [...built.pipeline.secondLayer.intercept] } : null,
    calibration: calibrationOf(built.pipeline),
    threshold: built.pipeline.threshold,
    schedule: trials.map(({ trialId, learner, parameters, seed, fraction, foldScores, state }) => ({
      trialId,
      learner,
      parameters: { ...parameters },
      seed,
      fraction,
      folds: foldScores.filter((score) => !Number.isNaN(score)).length,
      state,
    })),
  }
}

function calibrationOf({ calibration }: Pipeline): Recipe['calibration'] {
  if (!calibration) return null
  if (calibration.kind !== 'isotonic') return calibration
  return { ...calibration, x: [...calibration.x], y: [...calibration.y] }
}

/** A digest of which row is in which fold. */
export function splitsDigest(folds: readonly Fold[]): string {
  const hash = createHash('sha256')
  for (const { train, validation } of folds) {
    for (const rows of [Int32Array.of(train.length, validation.length), train, validation]) {
      hash.update(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength))
    }
  }
  return `sha256:${hash.digest('hex')}`
}

function memberOf({ trial, weight, rule, fraction, keptTrees, fits }: BuiltMember): RecipeMember {
  const { trialId, learner, parameters, seed } = trial
  return {
    trialId,
    learner,
    parameters: { ...parameters },
    encoding: encodingOf(learnerByName(learner), parameters),
    seed,
    fraction,
    keptTrees,
    rule,
    weight,
    fits: fits.map((fit) => ({ fold: fit.fold, iterations: iterationsOf(fit) })),
  }
}

/** What a learner has that stops by its learning curve: a fold may have stopped before the number that all agreed on. */
function iterationsOf({ member: { learner, model } }: FoldModel): number | null {
  if (!isStagewise(learnerByName(learner)) || model.kind !== 'trees') return null
  return model.roots.length / (model.link === 'softmax' ? model.nOutputs : 1)
}
