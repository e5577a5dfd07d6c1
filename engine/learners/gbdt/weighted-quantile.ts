/**
 * The quantile of values with weights, or of values that all count alike (null). Without weights the value at place
 * level · (n - 1) of the sorted ones, between two neighbours where that is no whole number (Hyndman & Fan 1996, type 7);
 * with weights the first value up to which more than the level's share of the weight lies. Does not depend on the order
 * of the values.
 */
export function quantileOf(values: Float64Array, weights: Float64Array | null, level: number): number {
  if (values.length === 0) return 0
  if (weights) return weightedQuantile(values, weights, level)
  const sorted = values.slice().sort()
  const place = level * (sorted.length - 1)
  const below = Math.floor(place)
  const lower = sorted[below] as number
  const upper = sorted[Math.min(sorted.length - 1, below + 1)] as number
  return lower + (upper - lower) * (place - below)
}

function weightedQuantile(values: Float64Array, weights: Float64Array, level: number): number {
  const order = Array.from(values.keys()).sort(
    (a, b) => (values[a] as number) - (values[b] as number) || (weights[a] as number) - (weights[b] as number),
  )
  let total = 0
  for (const at of order) total += weights[at] as number
  let below = 0
  for (const at of order) {
    below += weights[at] as number
    if (below > total * level) return values[at] as number
  }
  return values[order.at(-1) as number] as number
}
