import type { CurveEncoder } from './encoder.ts'

/** Knots of a curve at most. */
const mostKnots = 33
/** Fewer different values are no distribution to speak of. */
const leastKnots = 5

/**
 * Fits a curve that gives a float32 feature a normal distribution: quantiles of its finite values become those of the
 * normal one, with straight lines between (scikit-learn's QuantileTransformer with few quantiles). It tames skewed and
 * heavy-tailed columns as a power transform does, by operations that have the same bits everywhere. Missing values
 * become the median. Null where there are too few different values.
 */
export function fitNormalScores(feature: Float32Array): Pick<CurveEncoder, 'impute' | 'knots' | 'values'> | null {
  // Largest float32 numbers stand for infinities.
  const present = feature.filter((value) => Math.abs(value) < 3.4e38).sort()
  const knots: number[] = []
  const values: number[] = []
  for (let at = 0; at < mostKnots && present.length > 0; at++) {
    const share = (at + 0.5) / mostKnots
    const knot = present[Math.floor(share * present.length)] as number
    if (knot === knots.at(-1)) continue
    knots.push(knot)
    // Equal values share the middle of their ranks.
    const below = firstAbove(present, knot, false)
    const upTo = firstAbove(present, knot, true)
    values.push(normalQuantile((below + upTo) / 2 / present.length))
  }
  if (knots.length < leastKnots) return null
  return { impute: present[present.length >> 1] as number, knots, values }
}

/** The first place whose value is above (or, without `orEqual`, not below) a bound. */
function firstAbove(sorted: Float32Array, bound: number, orEqual: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const value = sorted[middle] as number
    if (value < bound || (orEqual && value === bound)) low = middle + 1
    else high = middle
  }
  return low
}

/** Inverse of the normal distribution function, by Newton's method on its series; 12 digits for shares 0.001 to 0.999. */
function normalQuantile(share: number): number {
  const p = Math.min(0.999, Math.max(0.001, share))
  let x = 0
  for (let step = 0; step < 60; step++) {
    const change = (normalShare(x) - p) / (Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI))
    // Far out the tangent overshoots.
    x -= Math.max(-0.5, Math.min(0.5, change))
    if (Math.abs(change) < 1e-13) break
  }
  return x
}

/** The normal distribution function within ±4, by Marsaglia's series (2004). */
function normalShare(x: number): number {
  let term = x
  let sum = x
  for (let odd = 3; Math.abs(term) > 1e-17 && odd < 400; odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI)
}

/** The pieces of a curve: each adds its slope times how far, within its width, x lies beyond its knot. */
export function piecesOf({ knots, values }: Pick<CurveEncoder, 'knots' | 'values'>): {
  readonly starts: readonly number[]
  readonly widths: readonly number[]
  readonly slopes: readonly number[]
} {
  const starts = knots.slice(0, -1)
  const widths = starts.map((knot, at) => (knots[at + 1] as number) - knot)
  const slopes = widths.map((width, at) => ((values[at + 1] as number) - (values[at] as number)) / width)
  return { starts, widths, slopes }
}
