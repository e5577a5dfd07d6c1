import type { Predictions } from '../pipeline/pipeline.ts'

/** The quantiles that can be judged, by the names of their metrics. */
export const quantileOfMetric = {
  pinball_5: 0.05,
  pinball_10: 0.1,
  pinball_25: 0.25,
  pinball_50: 0.5,
  pinball_75: 0.75,
  pinball_90: 0.9,
  pinball_95: 0.95,
} as const

export type PinballName = keyof typeof quantileOfMetric

interface Rows {
  readonly labels: Float64Array
  readonly predictions: Predictions
}

/** A rate below this counts as this: the deviance of a rate of zero has no end. */
const leastRate = 1e-12

/** Pinball loss of a row, in the target's unit: least in the mean where the prediction is the quantile (Koenker 1978). */
export function pinballOfRow({ labels, predictions }: Rows, i: number, quantile: number): number {
  const missing = (labels[i] as number) - (predictions.values[i] as number)
  return missing >= 0 ? quantile * missing : (quantile - 1) * missing
}

/** Deviance of a row's count from a Poisson distribution of the predicted rate: 0 where they are equal. */
export function poissonDevianceOfRow({ labels, predictions }: Rows, i: number): number {
  const label = labels[i] as number
  const rate = Math.max(leastRate, predictions.values[i] as number)
  return 2 * ((label > 0 ? label * Math.log(label / rate) : 0) - label + rate)
}
