import { type KernelImplementation, ownKernelSpace } from '../../kernels/kernel-space.ts'
import { soloTeam } from '../../kernels/team.ts'
import type { FitInput, FitResult, Learner, Parameters } from '../learner.ts'
import { boost } from './boost.ts'
import { boostingSpace, readBoostingParameters } from './boosting-parameters.ts'
import { type BoostingProblem, planBoosting } from './boosting-plan.ts'
import { readMonotone } from './monotone.ts'
import { prepareBoosting } from './prepare-boosting.ts'

/**
 * Histogram gradient boosting with trees grown leaf by leaf (Friedman 2001; Ke et al. 2017, LightGBM): logistic loss for
 * two classes, softmax with a tree a class for more, for numbers squared, absolute, quantile, Huber or Poisson loss. Takes missing values and codes as they
 * are. Runs in the calling thread; core/workers fits large tables with several.
 */
export const gradientBoosting: Learner = {
  name: 'gradient-boosting',
  title: 'Gradient boosting',
  tasks: ['binary', 'multiclass', 'regression'],
  encoding: 'tree',
  space: boostingSpace,
  cost: boostingCost,
  fit: (input, parameters) => fitBoosting(input, parameters, input.kernels ?? 'wasm'),
}

/** As `gradientBoosting.fit`, on a chosen implementation of the kernels. */
export function fitBoosting(input: FitInput, parameters: Parameters, implementation: KernelImplementation): FitResult {
  const plan = planBoosting(describeBoosting(input, parameters, 1))
  const space = ownKernelSpace(plan.layout.size, implementation)
  const start = prepareBoosting(plan, input, space)
  const { nTrees } = plan.parameters
  const outcome = boost(plan, space, soloTeam, start, {
    shouldStop: input.shouldStop,
    onIteration: (iteration, loss) => input.onProgress?.({ fraction: iteration / nTrees, iteration, loss }),
  })
  if (!outcome) throw new Error('The only thread leads and so has the outcome')
  return outcome
}

export function describeBoosting(input: FitInput, parameters: Parameters, nThreads: number): BoostingProblem {
  if (input.rows.length === 0) throw new RangeError('There are no rows to train on')
  const read = readBoostingParameters(parameters)
  const loss = ({ binary: 'logistic', multiclass: 'softmax', regression: read.objective } as const)[input.task]
  return {
    loss,
    nOutputs: loss === 'softmax' ? input.nClasses : 1,
    parameters: read,
    matrix: input.matrix,
    rows: input.rows,
    validationRows: input.validationRows && input.validationRows.length > 0 ? input.validationRows : null,
    weighted: input.weights !== null || (read.classWeights === 'balanced' && input.task !== 'regression'),
    monotone: readMonotone(read, loss, input.matrix.features),
    keepsAll: input.keep === 'all',
    seed: input.seed,
    nThreads: Math.max(1, Math.min(nThreads, input.matrix.columns.length)),
  }
}

/** Nanoseconds a row and feature in one thread, for one output: measured 5.5 a tree of 31 leaves. */
function boostingCost(parameters: Parameters, nRows: number): number {
  const { nTrees, maxLeaves, rowFraction, featureFraction } = readBoostingParameters(parameters)
  const perTree = 1 + 0.9 * Math.log2(Math.min(maxLeaves, nRows))
  // Each leaf costs its histogram's search whatever the rows.
  const perLeaf = (500 * maxLeaves) / nRows
  return nTrees * (perTree * rowFraction + perLeaf) * featureFraction
}
