import type { Link } from '../tree/tree-ensemble.ts'

/**
 * Training rows that are remembered. Features are rounded to whole multiples of 1 / scale, as far out as ±limit of them,
 * so that squared distances are whole numbers below 2^53: any order of sums, here and in an ONNX runtime, gives the same
 * neighbours. Of equal distances the earlier reference is nearer.
 */
export interface NeighboursModel {
  readonly kind: 'neighbours'
  readonly nFeatures: number
  readonly nOutputs: number
  readonly link: Link
  /** A power of two. */
  readonly scale: number
  readonly limit: number
  readonly k: number
  /** `uniform`: all k count alike; `distance`: by one over their distance. */
  readonly weighting: 'uniform' | 'distance'
  /** Rounded features, nReferences × nFeatures. */
  readonly references: Int32Array
  /** What each reference stands for, nReferences × nOutputs: shares of the classes, or a number. */
  readonly values: Float64Array
  /** Weight of each reference. */
  readonly weights: Float64Array
}

/** Added to distances (in units of 1 / scale) that become weights, so that a distance of nothing is not divided by. */
export const distanceFloor = 2 ** -30

/** A feature as a whole number of units; halves go up. */
export function quantise({ scale, limit }: Pick<NeighboursModel, 'scale' | 'limit'>, x: number): number {
  const units = Math.floor(x * scale + 0.5)
  return units > limit ? limit : units < -limit ? -limit : units
}
