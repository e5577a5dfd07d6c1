import { randomStream } from '../../random.ts'
import type { FitInput } from '../learner.ts'
import { factorise, solveFactorised } from './cholesky.ts'
import { minimise } from './lbfgs.ts'
import type { LogisticProblem } from './logistic-loss.ts'

/** Rows of the sample for each feature: the second derivatives are then known to an eighth or so. */
const rowsPerFeature = 64
/** Where the table does not have four times as many, fewer will do, but not less than these. */
const leastShare = 4
const fewestRowsPerFeature = 16
const fewestRows = 1_024
/** Above this many features the matrix costs more than the steps that it saves. */
const mostFeatures = 512
/** Fewest rows of the rarer class for each feature: with less, a line may part the sample's classes and weights run away. */
const rareRowsPerFeature = 4

/**
 * A quarter or less of the training rows, one at random of each of as many equal stretches. Null for tables too small or
 * too wide to win by a sample, and where one of the two classes is too rare in it.
 */
export function sampleRows({ rows, labels, matrix, seed }: FitInput): Int32Array | null {
  const nFeatures = matrix.columns.length
  const nSample = Math.min(Math.max(fewestRows, rowsPerFeature * nFeatures), Math.floor(rows.length / leastShare))
  if (nFeatures > mostFeatures || nSample < Math.max(fewestRows, fewestRowsPerFeature * nFeatures)) return null
  const random = randomStream(seed, 0x5a3)
  const sample = Int32Array.from({ length: nSample }, (_, stretch) => {
    const first = Math.floor((rows.length * stretch) / nSample)
    const end = Math.floor((rows.length * (stretch + 1)) / nSample)
    return rows[first + random.nextBelow(end - first)] as number
  })
  const ones = sample.reduce((count, row) => count + (labels[row] as number), 0)
  return Math.min(ones, nSample - ones) < rareRowsPerFeature * nFeatures ? null : sample
}

/** What a sample says of the whole: second derivatives where its loss is least, and its features' mean squares. */
export interface SampleView {
  readonly curvature: Float64Array
  readonly meanSquares: Float64Array
}

/** Moves the point to where the sample's loss is least. */
export function startNearby(sample: LogisticProblem, point: Float64Array, shouldStop: () => boolean): SampleView {
  minimise(sample.objective, point, { tolerance: 1e-4, iterations: 60, shouldStop })
  return { curvature: sample.curvature(point), meanSquares: sample.meanSquares() }
}

/**
 * The product with the inverse of about the second derivatives, in place: with it L-BFGS needs a few passes over all rows
 * where it may need dozens (sub-sampled Newton: Byrd et al. 2011, "On the use of stochastic Hessian information in
 * optimization methods for machine learning"). Null where they have no inverse. `meanSquares` are those of all rows.
 */
export function preconditionBy(
  sample: SampleView,
  meanSquares: Float64Array,
): ((direction: Float64Array) => void) | null {
  const width = meanSquares.length + 1
  const curvature = sample.curvature.slice()
  // Of the intercept: the mean of what each row's square counts.
  const meanCurve = curvature[width * width - 1] as number
  let largest = 0
  for (const [j, square] of meanSquares.entries()) {
    const at = j * width + j
    const own = sample.meanSquares[j] as number
    // A rare category that the sample lacks looks level there, and the step would go far too wide.
    if (square > 2 * own) curvature[at] = (curvature[at] as number) + meanCurve * (square - own)
    largest = Math.max(largest, curvature[at] as number)
  }
  for (let at = 0; at < width * width; at += width + 1) curvature[at] = (curvature[at] as number) + 1e-9 * largest
  const factor = factorise(curvature, width)
  return factor && ((direction) => solveFactorised(factor, direction))
}
