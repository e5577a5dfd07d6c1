/** What all metrics of predicted classes are made of, as sums of weights, one entry a class. */
export interface ClassCounts {
  /** Rows of the class that were predicted as it. */
  readonly correct: Float64Array
  /** Rows of the class. */
  readonly truth: Float64Array
  /** Rows predicted as the class. */
  readonly guess: Float64Array
}

export function emptyCounts(nClasses: number): ClassCounts {
  return {
    correct: new Float64Array(nClasses),
    truth: new Float64Array(nClasses),
    guess: new Float64Array(nClasses),
  }
}

export type CountMetricName = 'accuracy' | 'balanced_accuracy' | 'precision' | 'recall' | 'f1' | 'mcc'

/** Binary precision, recall and f1 are those of class 1; with more classes they are macro means. NaN without rows. */
export const countMetrics: Readonly<Record<CountMetricName, (counts: ClassCounts) => number>> = {
  accuracy: ({ correct, truth }) => sumOf(correct) / sumOf(truth),
  balanced_accuracy: ({ correct, truth }) =>
    meanOf(Array.from(truth, (total, k) => ratio(correct[k] as number, total)).filter((_, k) => truth[k] !== 0)),
  precision: (counts) => macro(counts, (correct, _truth, guess) => ratio(correct, guess)),
  recall: (counts) => macro(counts, (correct, truth) => ratio(correct, truth)),
  f1: (counts) => macro(counts, (correct, truth, guess) => ratio(2 * correct, truth + guess)),
  mcc: matthews,
}

/** 0 where there is nothing to divide by, as scikit-learn with zero_division=0. */
function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}

function macro(
  { correct, truth, guess }: ClassCounts,
  of: (correct: number, truth: number, guess: number) => number,
): number {
  if (sumOf(truth) === 0) return Number.NaN
  const one = (k: number) => of(correct[k] as number, truth[k] as number, guess[k] as number)
  if (truth.length === 2) return one(1)
  // A class that is neither there nor predicted says nothing.
  const seen = Array.from(truth.keys()).filter((k) => (truth[k] as number) + (guess[k] as number) > 0)
  return meanOf(seen.map(one))
}

/** Gorodkin's form for any number of classes; 0 where only one class was predicted or seen, as scikit-learn. */
function matthews({ correct, truth, guess }: ClassCounts): number {
  const total = sumOf(truth)
  if (total === 0) return Number.NaN
  const covariance = (a: Float64Array, b: Float64Array) =>
    total ** 2 - a.reduce((sum, value, k) => sum + value * (b[k] as number), 0)
  const denominator = Math.sqrt(covariance(guess, guess) * covariance(truth, truth))
  const shared = truth.reduce((sum, value, k) => sum + value * (guess[k] as number), 0)
  return denominator > 0 ? (sumOf(correct) * total - shared) / denominator : 0
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length
}
