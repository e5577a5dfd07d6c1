/** Codes that get a bin of their own; rarer ones share the last. */
export const maximumCategoryBins = 254

/** Bins of a feature of codes. */
export interface CategoryBins {
  /** Bin of each code. */
  readonly binOfCode: Uint8Array
  readonly nBins: number
}

/**
 * Every code its own bin where there are at most `maxBins` (≤ 254); else the commonest codes have one each, in the order
 * of their codes, and all others share the last. Codes that occur equally often: the lower one first.
 */
export function binCategories(
  column: Float32Array,
  rows: Int32Array,
  cardinality: number,
  maxBins: number,
): CategoryBins {
  const binOfCode = new Uint8Array(cardinality)
  if (cardinality <= maxBins) {
    for (let code = 0; code < cardinality; code++) binOfCode[code] = code
    return { binOfCode, nBins: Math.max(1, cardinality) }
  }
  const counts = new Float64Array(cardinality)
  for (const row of rows) {
    const code = column[row] as number
    if (!Number.isNaN(code)) counts[code] = (counts[code] as number) + 1
  }
  const byCount = Array.from(counts.keys()).sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b)
  const own = byCount.slice(0, maxBins - 1).sort((a, b) => a - b)
  binOfCode.fill(maxBins - 1)
  for (const [bin, code] of own.entries()) binOfCode[code] = bin
  return { binOfCode, nBins: maxBins }
}
