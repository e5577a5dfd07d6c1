import type { Scaling } from './encoder.ts'

/**
 * Fits the scaling of one float32 feature: missing values become the median, then mean 0 and standard deviation 1
 * (population). Values count as at most one range beyond the greatest and the least, so that neither an infinity nor
 * a slip of the keyboard outweighs all other columns. Null where the feature has no finite value or only one.
 */
export function fitScaling(feature: Float32Array): (Scaling & { readonly impute: number }) | null {
  // Largest float32 numbers stand for infinities.
  const present = feature.filter((value) => Math.abs(value) < 3.4e38).sort()
  const low = present[0]
  const high = present.at(-1)
  if (low === undefined || high === undefined || low === high) return null
  const impute = Math.fround(medianOfSorted(present))
  const bounds = [Math.fround(low - (high - low)), Math.fround(high + (high - low))] as const
  const filled = feature.map((value) =>
    Number.isNaN(value) ? impute : Math.min(bounds[1], Math.max(bounds[0], value)),
  )
  const { mean, deviation } = momentsOf(filled)
  return deviation > 0 ? { impute, mean, inverseScale: 1 / deviation, bounds } : null
}

/** A normal distribution's range between the quartiles, in standard deviations. */
const quartileRange = 1.3489795003921634

/**
 * As `fitScaling`, by median and range between the quartiles (scikit-learn's RobustScaler, with deviation 1 for a normal
 * distribution): a few values far out do not press all others together. Null where half of the values are alike.
 */
export function fitRobustScaling(feature: Float32Array): (Scaling & { readonly impute: number }) | null {
  const scaling = fitScaling(feature)
  if (!scaling) return null
  const present = feature.filter((value) => Math.abs(value) < 3.4e38).sort()
  const range = quantileOfSorted(present, 0.75) - quantileOfSorted(present, 0.25)
  if (!(range > 0)) return null
  return { ...scaling, mean: scaling.impute, inverseScale: quartileRange / range }
}

/** Between the two nearest values, as NumPy has it by default. */
function quantileOfSorted(sorted: Float32Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] as number
  const above = sorted[Math.ceil(place)] as number
  return below + (place - Math.floor(place)) * (above - below)
}

/** Mean and standard deviation (population), in two passes. */
export function momentsOf(values: Float32Array): { readonly mean: number; readonly deviation: number } {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  const mean = sum / values.length
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - mean) ** 2
  return { mean, deviation: Math.sqrt(squares / values.length) }
}

function medianOfSorted(sorted: Float32Array): number {
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}
