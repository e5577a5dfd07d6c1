import type { Column } from '../frame/frame.ts'

/** Bins of a number: tenths of the first table's values. */
const bins = 10
/** Levels with a bin of their own; the rest share one. */
const ownLevels = 50

/**
 * Population stability index of a column between two tables: Σ (q - p) · ln(q / p) over bins, missing values being one.
 * 0 for the same distribution; by custom below 0.1 little has changed, above 0.25 much has. Half a row is added to each
 * bin, so that an empty one does not make it infinite.
 */
export function populationStability(first: Column, second: Column): number {
  const binOf = first.storage === 'codes' ? levelBins(first) : numberBins(first)
  if (first.storage !== second.storage) return Number.NaN
  const counts = [first, second].map((column) => countBins(column, binOf)) as [Map<number, number>, Map<number, number>]
  const used = new Set([...counts[0].keys(), ...counts[1].keys()])
  const totals = counts.map((each) => [...each.values()].reduce((sum, count) => sum + count, 0) + used.size / 2) as [
    number,
    number,
  ]
  let index = 0
  for (const bin of used) {
    const p = ((counts[0].get(bin) ?? 0) + 0.5) / totals[0]
    const q = ((counts[1].get(bin) ?? 0) + 0.5) / totals[1]
    index += (q - p) * Math.log(q / p)
  }
  return index
}

type BinOf = (column: Column, row: number) => number

function numberBins(first: Extract<Column, { storage: 'float64' }>): BinOf {
  const sorted = first.values.filter((value) => !Number.isNaN(value)).sort()
  const edges = [
    ...new Set(
      Array.from({ length: bins - 1 }, (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / bins)]).filter(
        (edge) => edge !== undefined,
      ),
    ),
  ]
  return (column, row) => {
    if (column.storage === 'codes') return -1
    const value = column.values[row] as number
    if (Number.isNaN(value)) return -1
    const above = edges.findIndex((edge) => value < edge)
    return above < 0 ? edges.length : above
  }
}

function levelBins(first: Extract<Column, { storage: 'codes' }>): BinOf {
  const counts = new Float64Array(first.levels.length)
  for (const code of first.codes) if (code >= 0) counts[code] = (counts[code] as number) + 1
  const own = [...counts.keys()].sort((a, b) => (counts[b] as number) - (counts[a] as number)).slice(0, ownLevels)
  const binOfLevel = new Map(own.map((code, bin) => [first.levels[code] as string, bin]))
  return (column, row) => {
    if (column.storage !== 'codes') return -1
    const level = column.levels[column.codes[row] as number]
    return level === undefined ? -1 : (binOfLevel.get(level) ?? ownLevels)
  }
}

function countBins(column: Column, binOf: BinOf): Map<number, number> {
  const counts = new Map<number, number>()
  const nRows = column.storage === 'codes' ? column.codes.length : column.values.length
  for (let row = 0; row < nRows; row++) {
    const bin = binOf(column, row)
    counts.set(bin, (counts.get(bin) ?? 0) + 1)
  }
  return counts
}
