import type { Column } from '../frame/frame.ts'
import { groupRows } from './row-groups.ts'

/** Two clusters that are joined; ids below the number of columns are columns, n + i is what join i made. */
export interface Join {
  readonly left: number
  readonly right: number
  /** How little the two say about each other: 0 the same, 1 nothing. */
  readonly distance: number
}

/** Cells of the tables that two columns are compared by are this fine. */
const levels = 10
/** Groups of a column, the missing values' among them, fit into so many places. */
const places = levels + 2

/**
 * How much each two columns say about each other, 0 to 1, [p * n + q]: the absolute rank correlation of two numbers
 * (Spearman, rows with both), else Cramér's V of their groups with the correction for chance of Bergsma (2013), missing
 * values being a group. For two numbers whichever of the two is greater, so that bends are seen too.
 */
export function columnRedundancy(columns: readonly Column[], rows: Int32Array): Float64Array {
  const n = columns.length
  const grouped = columns.map((column) => groupRows(column, rows, levels))
  const redundancy = new Float64Array(n * n)
  for (let p = 0; p < n; p++) {
    redundancy[p * n + p] = 1
    for (let q = 0; q < p; q++) {
      const [one, other] = [columns[p] as Column, columns[q] as Column]
      let value = correctedCramer(grouped[p] as Int32Array, grouped[q] as Int32Array)
      if (one.storage === 'float64' && other.storage === 'float64') {
        value = Math.max(value, Math.abs(rankCorrelation(one.values, other.values, rows)))
      }
      redundancy[p * n + q] = value
      redundancy[q * n + p] = value
    }
  }
  return redundancy
}

/**
 * Joins the nearest two clusters again and again until one is left (average linkage, UPGMA; ties go to the lower ids):
 * n - 1 joins, distances not falling.
 */
export function clusterColumns(redundancy: Float64Array, n: number): Join[] {
  const clusters = new Map<number, readonly number[]>(Array.from({ length: n }, (_, p) => [p, [p]]))
  const joins: Join[] = []
  while (clusters.size > 1) {
    let best: Join | null = null
    const ids = [...clusters.keys()]
    for (const [at, right] of ids.entries()) {
      for (const left of ids.slice(0, at)) {
        const distance = meanDistance(redundancy, n, clusters.get(left) ?? [], clusters.get(right) ?? [])
        // Rounding must not decide between equals.
        if (best === null || distance < best.distance - 1e-12) best = { left, right, distance }
      }
    }
    if (best === null) break
    const members = [...(clusters.get(best.left) ?? []), ...(clusters.get(best.right) ?? [])]
    clusters.delete(best.left)
    clusters.delete(best.right)
    clusters.set(n + joins.length, members)
    joins.push(best)
  }
  return joins
}

function meanDistance(redundancy: Float64Array, n: number, left: readonly number[], right: readonly number[]): number {
  let sum = 0
  for (const p of left) for (const q of right) sum += 1 - (redundancy[p * n + q] as number)
  return sum / (left.length * right.length)
}

/** Groups of columns that are joined at no more than a distance; columns that are alone are left out. */
export function redundantGroups(joins: readonly Join[], n: number, within: number): number[][] {
  const members = new Map<number, number[]>(Array.from({ length: n }, (_, p) => [p, [p]]))
  for (const [at, { left, right, distance }] of joins.entries()) {
    if (distance > within) continue
    const [one, other] = [members.get(left), members.get(right)]
    // A join of what was not itself joined lies above the cut.
    if (!one || !other) continue
    members.delete(left)
    members.delete(right)
    members.set(n + at, [...one, ...other])
  }
  return [...members.values()].filter((group) => group.length > 1).map((group) => group.sort((a, b) => a - b))
}

function rankCorrelation(a: Float64Array, b: Float64Array, rows: Int32Array): number {
  const both = rows.filter((row) => !Number.isNaN(a[row]) && !Number.isNaN(b[row]))
  if (both.length < 3) return 0
  const [ranksA, ranksB] = [a, b].map((values) => ranks(Float64Array.from(both, (row) => values[row] as number))) as [
    Float64Array,
    Float64Array,
  ]
  const mean = (both.length - 1) / 2
  let [product, squaresA, squaresB] = [0, 0, 0]
  for (let i = 0; i < both.length; i++) {
    const [x, y] = [(ranksA[i] as number) - mean, (ranksB[i] as number) - mean]
    product += x * y
    squaresA += x * x
    squaresB += y * y
  }
  return squaresA > 0 && squaresB > 0 ? product / Math.sqrt(squaresA * squaresB) : 0
}

/** From 0; equal values share the mean of their ranks. */
function ranks(values: Float64Array): Float64Array {
  const order = Int32Array.from(values.keys()).sort((i, j) => (values[i] as number) - (values[j] as number))
  const found = new Float64Array(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end + 1 < order.length && values[order[end + 1] as number] === values[order[start] as number]) end += 1
    for (let at = start; at <= end; at++) found[order[at] as number] = (start + end) / 2
    start = end + 1
  }
  return found
}

function correctedCramer(a: Int32Array, b: Int32Array): number {
  const n = a.length
  const ofA = new Map<number, number>()
  const ofB = new Map<number, number>()
  const together = new Map<number, number>()
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i] as number, b[i] as number]
    ofA.set(x, (ofA.get(x) ?? 0) + 1)
    ofB.set(y, (ofB.get(y) ?? 0) + 1)
    const key = (x + 1) * places + y + 1
    together.set(key, (together.get(key) ?? 0) + 1)
  }
  if (n < 3 || ofA.size < 2 || ofB.size < 2) return 0
  let phi = -1
  for (const [key, count] of together) {
    const [x, y] = [Math.floor(key / places) - 1, (key % places) - 1]
    phi += count ** 2 / ((ofA.get(x) as number) * (ofB.get(y) as number))
  }
  const corrected = Math.max(0, phi - ((ofA.size - 1) * (ofB.size - 1)) / (n - 1))
  const width = (k: number) => k - (k - 1) ** 2 / (n - 1)
  const least = Math.min(width(ofA.size), width(ofB.size)) - 1
  return least > 0 ? Math.min(1, Math.sqrt(corrected / least)) : 0
}
