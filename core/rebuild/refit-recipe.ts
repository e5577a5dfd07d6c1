import { availableParallelism } from 'node:os'
import type { KernelImplementation } from '../../engine/kernels/kernel-space.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import type { Recipe, RecipeMember } from '../../shared/domain/recipes.ts'
import { MaestroError } from '../../shared/errors.ts'
import { assemblePipeline } from '../automl/build-models.ts'
import type { TrainingData } from '../automl/prepare-training.ts'
import { createTrainingPool } from '../automl/training-pool.ts'
import type { TrialPool } from '../automl/trial-pool.ts'
import type { FoldModel } from '../automl/trial-record.ts'
import type { FitTask } from '../automl/trial-task.ts'

export interface RefitOptions {
  /** 0: as many as cores. */
  readonly threads: number
  readonly kernels: KernelImplementation
  /** Throws out of the fits when it is aborted. */
  readonly cancelled: AbortSignal
  /** Fits done and all. */
  readonly onFit: (done: number, all: number) => void
}

/** Does every fit of a recipe again, on the same rows with the same seeds, and puts the model together as it was. */
export async function refitRecipe(recipe: Recipe, data: TrainingData, options: RefitOptions): Promise<Pipeline> {
  const pool = createTrainingPool(options.threads || availableParallelism(), data, {
    metric: recipe.metric,
    kernels: options.kernels,
  })
  const stop = () => pool.stopAll()
  options.cancelled.addEventListener('abort', stop)
  try {
    const all = recipe.members.reduce((sum, { fits }) => sum + fits.length, 0)
    let done = 0
    // The pool queues what it has no thread for.
    const members = await Promise.all(
      recipe.members.map(async (member) => ({
        weight: member.weight,
        fits: await Promise.all(
          member.fits.map(async (fit): Promise<FoldModel> => {
            const fitted = await fitAgain(pool, fitTaskOf(member, fit), options.cancelled)
            options.onFit(++done, all)
            return fitted
          }),
        ),
      })),
    )
    return assemblePipeline(data, members)
  } finally {
    options.cancelled.removeEventListener('abort', stop)
    await pool.close()
  }
}

function fitTaskOf(member: RecipeMember, { fold, iterations }: RecipeMember['fits'][number]): FitTask {
  return {
    kind: 'fit',
    fold,
    encoding: member.encoding as FitTask['encoding'],
    learner: member.learner,
    parameters: iterations === null ? member.parameters : { ...member.parameters, nTrees: iterations },
    seed: member.seed,
    fraction: member.fraction,
    findIterations: false,
    secondsLimit: Number.POSITIVE_INFINITY,
    keptTrees: member.keptTrees,
  }
}

async function fitAgain(pool: TrialPool, task: FitTask, cancelled: AbortSignal): Promise<FoldModel> {
  cancelled.throwIfAborted()
  const answer = await pool.run(task)
  cancelled.throwIfAborted()
  if (answer.kind === 'fitted') return { fold: task.fold, member: answer.fitted.member }
  throw new MaestroError(
    'TRAINING_FAILED',
    `A fit of the recipe (${task.learner}) failed: ${answer.kind === 'failed' ? answer.error.message : 'it was stopped'}.`,
    'Try again with fewer threads; the recipe may also be of another version of Maestro.',
  )
}
