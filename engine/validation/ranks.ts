/**
 * Place of each number in rising order, from 0; equal ones in the order of their rows. NaN is not allowed. Numbers are
 * sorted natively and looked up again, which for a million is several times quicker than sorting rows by a comparison.
 */
export function ranksOf(values: Float64Array): Int32Array {
  const sorted = Float64Array.from(values).sort()
  const seen = new Int32Array(values.length)
  const ranks = new Int32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const first = firstAtLeast(sorted, values[row] as number)
    ranks[row] = first + (seen[first] as number)
    seen[first] = (seen[first] as number) + 1
  }
  return ranks
}

/** Rows in rising order of their values, equal ones in the order of their rows. */
export function orderOf(values: Float64Array): Int32Array {
  const order = new Int32Array(values.length)
  for (const [row, rank] of ranksOf(values).entries()) order[rank] = row
  return order
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
