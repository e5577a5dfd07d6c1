import { leastProbability } from '../calibration/calibration.ts'
import type { Task } from '../frame/frame.ts'
import { softmax } from './apply-link.ts'

/**
 * Stands in for the weighted mean of an ensemble (stacking, Wolpert 1992): classes by a softmax over the members' weighted
 * log-probabilities, numbers by their weighted sum, each with an intercept. The weights are the members', none negative, so
 * that what rises with a column in every member rises in all.
 */
export interface SecondLayer {
  /** One a class, or one for a number. */
  readonly intercept: readonly number[]
}

/** What a member's prediction adds to the sum, before its weight. */
export function secondLayerTerm(task: Task, prediction: number): number {
  return task === 'regression' ? prediction : Math.log(Math.max(leastProbability, prediction))
}

/**
 * Adds what a member predicts, n × width, to the weighted sums of all from `start` on: the predictions themselves where
 * their mean is taken, the terms where a second layer joins them.
 */
export function addPredictions(
  sums: Float64Array,
  { values, weight }: { readonly values: Float64Array; readonly weight: number },
  { task, secondLayer }: { readonly task: Task; readonly secondLayer?: SecondLayer | undefined },
  start = 0,
): void {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number
    // A single member keeps its bits: 1 × x is x.
    const term = secondLayer ? secondLayerTerm(task, value) : value
    sums[start + at] = (sums[start + at] as number) + weight * term
  }
}

/** From weighted sums of terms, n × width, to predictions, in place. */
export function finishSecondLayer({ intercept }: SecondLayer, task: Task, sums: Float64Array): void {
  const width = intercept.length
  for (let start = 0; start < sums.length; start += width) {
    for (let k = 0; k < width; k++) sums[start + k] = (sums[start + k] as number) + (intercept[k] as number)
  }
  if (task !== 'regression') sums.set(softmax(sums, width))
}
