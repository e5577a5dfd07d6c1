import { leastProbability } from '../calibration/calibration.ts'
import type { Task } from '../frame/frame.ts'

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

/** From weighted sums of terms, n × width, to predictions, in place. */
export function finishSecondLayer({ intercept }: SecondLayer, task: Task, sums: Float64Array): void {
  const width = intercept.length
  for (let start = 0; start < sums.length; start += width) {
    let greatest = Number.NEGATIVE_INFINITY
    for (let k = 0; k < width; k++) {
      const score = (sums[start + k] as number) + (intercept[k] as number)
      sums[start + k] = score
      greatest = Math.max(greatest, score)
    }
    if (task === 'regression') continue
    let total = 0
    for (let k = 0; k < width; k++) {
      const power = Math.exp((sums[start + k] as number) - greatest)
      sums[start + k] = power
      total += power
    }
    for (let k = 0; k < width; k++) sums[start + k] = (sums[start + k] as number) / total
  }
}
