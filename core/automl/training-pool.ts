import type { TrainingData } from './prepare-training.ts'
import type { TrialPool } from './trial-pool.ts'
import { createTrialPool } from './trial-pool.ts'
import type { TrialWorkerData } from './trial-task.ts'

/** A pool whose threads hold the rows of a training, repeats included. */
export function createTrainingPool(
  size: number,
  { columns, inputs, target, weights, allFolds, basis, datasetRows }: TrainingData,
  how: Pick<TrialWorkerData, 'metric' | 'kernels'>,
): TrialPool {
  return createTrialPool(size, { columns, inputs, target, weights, folds: allFolds, basis, datasetRows, ...how })
}
