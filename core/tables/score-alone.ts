import type { Column, Task } from '../../engine/frame/frame.ts'
import { rocAuc } from '../../engine/metrics/ranking.ts'
import { quantile } from './profile-column.ts'
import { sortDoubles } from './sort-doubles.ts'

/** Rows in groups by the value of one column: its levels, or bins of as many rows each; 0 is missing. */
export interface Grouping {
  readonly groups: Int32Array
  readonly nGroups: number
}

/** A group of fewer rows says nothing. */
const smallGroup = 5

/** The group of each of the rows, in their order. */
export function groupRows(column: Column, rows: Int32Array): Grouping {
  if (column.storage === 'codes') {
    // Only levels that occur in these rows, so that tables over them stay small.
    const groupOf = new Map<number, number>()
    const groups = Int32Array.from(rows, (row) => {
      const code = column.codes[row] as number
      if (code < 0) return 0
      const known = groupOf.get(code)
      if (known !== undefined) return known
      groupOf.set(code, groupOf.size + 1)
      return groupOf.size
    })
    return { groups, nGroups: groupOf.size + 1 }
  }
  const present = Float64Array.from(rows, (row) => column.values[row] as number).filter((value) => !Number.isNaN(value))
  const edges = edgesOf(present)
  const groups = Int32Array.from(rows, (row) => {
    const value = column.values[row] as number
    return Number.isNaN(value) ? 0 : 1 + firstAtLeast(edges, value)
  })
  return { groups, nGroups: edges.length + 2 }
}

/** Up to 49 edges between bins; a value belongs to the first edge that is not below it. */
function edgesOf(values: Float64Array): Float64Array {
  sortDoubles(values)
  const bins = values.length < 2_000 ? 20 : 50
  const edges =
    values.length === 0 ? [] : Array.from({ length: bins - 1 }, (_, at) => quantile(values, (at + 1) / bins))
  return Float64Array.from(new Set(edges.filter((edge) => Number.isFinite(edge))))
}

function firstAtLeast(edges: Float64Array, value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * How well a column alone predicts the target: by its groups' commonest class (accuracy), share of positives (ROC AUC) or
 * mean, with a row's own value left out (R²). Null where there are about as many groups as rows.
 */
export function scoreAlone(
  { groups, nGroups }: Grouping,
  labels: Float64Array,
  task: Task,
  nClasses: number,
): number | null {
  if (nGroups > Math.max(60, 0.2 * labels.length)) return null
  switch (task) {
    case 'binary':
      return areaByGroups(groups, nGroups, labels)
    case 'multiclass':
      return accuracyByGroups(groups, nGroups, labels, nClasses)
    case 'regression':
      return varianceExplained(groups, nGroups, labels)
  }
}

function areaByGroups(groups: Int32Array, nGroups: number, labels: Float64Array): number | null {
  const { sums, counts, mean } = totals(groups, nGroups, labels)
  const rates = sums.map((sum, group) =>
    (counts[group] as number) < smallGroup ? mean : sum / (counts[group] as number),
  )
  const area = rocAuc(
    Uint8Array.from(labels, (label) => (label === 1 ? 1 : 0)),
    Float64Array.from(groups, (group) => rates[group] as number),
    null,
  )
  return Number.isNaN(area) ? null : area
}

function accuracyByGroups(groups: Int32Array, nGroups: number, labels: Float64Array, nClasses: number): number | null {
  const table = new Uint32Array(nGroups * nClasses)
  const classes = new Uint32Array(nClasses)
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at] as number
    const cell = (groups[at] as number) * nClasses + label
    table[cell] = (table[cell] as number) + 1
    classes[label] = (classes[label] as number) + 1
  }
  const commonest = classes.indexOf(classes.reduce((most, count) => Math.max(most, count), 0))
  let right = 0
  for (let group = 0; group < nGroups; group++) {
    const counts = table.subarray(group * nClasses, (group + 1) * nClasses)
    const size = counts.reduce((sum, count) => sum + count, 0)
    right +=
      size < smallGroup ? (counts[commonest] as number) : counts.reduce((most, count) => Math.max(most, count), 0)
  }
  return labels.length === 0 ? null : right / labels.length
}

function varianceExplained(groups: Int32Array, nGroups: number, labels: Float64Array): number | null {
  const { sums, counts, mean } = totals(groups, nGroups, labels)
  let residual = 0
  let all = 0
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at] as number
    const group = groups[at] as number
    const others = (counts[group] as number) - 1
    const guess = others > 0 ? ((sums[group] as number) - label) / others : mean
    residual += (label - guess) ** 2
    all += (label - mean) ** 2
  }
  return all > 0 ? Math.max(0, 1 - residual / all) : null
}

function totals(groups: Int32Array, nGroups: number, labels: Float64Array) {
  const sums = new Float64Array(nGroups)
  const counts = new Float64Array(nGroups)
  let sum = 0
  for (let at = 0; at < labels.length; at++) {
    const group = groups[at] as number
    sums[group] = (sums[group] as number) + (labels[at] as number)
    counts[group] = (counts[group] as number) + 1
    sum += labels[at] as number
  }
  return { sums, counts, mean: labels.length === 0 ? 0 : sum / labels.length }
}
