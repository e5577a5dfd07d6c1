import type { CodedColumn, Column, NumericColumn, Task } from '../../engine/frame/frame.ts'
import { rocAuc } from '../../engine/metrics/ranking.ts'
import type { TargetSuggestion } from '../../shared/domain/datasets.ts'
import type { Grouping } from './score-alone.ts'
import { groupRows, scoreAlone } from './score-alone.ts'

type Relation = TargetSuggestion['relations'][number]

/** The target of the rows that are looked at. */
export interface Labels {
  readonly task: Task
  readonly nClasses: number
  /** Rows of the table, and the class or number of each. */
  readonly rows: Int32Array
  readonly values: Float64Array
}

/** With so many different texts, that are not categories, every measure is close to 1 and means nothing. */
const mostLevels = 200
/** Larger contingency tables would have next to nothing in each cell. */
const mostGroups = 5_000

/** How strongly a column goes with the target, and how well it predicts it alone. */
export function relateColumn(column: Column, labels: Labels): Relation {
  const grouping = groupRows(column, labels.rows)
  const byGroups = scoreAlone(grouping, labels.values, labels.task, labels.nClasses)
  return column.storage === 'codes'
    ? { ...textStrength(column, grouping, labels), column: column.name, alone: byGroups }
    : numberRelation(column, labels, byGroups)
}

/** Categories: the correlation ratio η with a number, Cramér's V with classes. */
function textStrength(
  column: CodedColumn,
  { groups, nGroups }: Grouping,
  { task, nClasses, values }: Labels,
): Pick<Relation, 'strength' | 'measure'> {
  const measure = task === 'regression' ? 'eta' : 'cramers_v'
  if ((column.levels.length > mostLevels && column.type !== 'category') || nGroups > mostGroups)
    return { strength: 0, measure }
  const strength =
    task === 'regression' ? correlationRatio(groups, values, nGroups) : cramersV(groups, values, nGroups, nClasses)
  return { strength, measure }
}

/** Numbers: |Pearson| with a number, η with classes; alone by order (ROC AUC, R² of a line) or by bins, whichever is better. */
function numberRelation(column: NumericColumn, labels: Labels, byBins: number | null): Relation {
  const { rows, values, task, nClasses } = labels
  const measure = task === 'regression' ? 'pearson' : 'eta'
  const kept = Int32Array.from(rows.keys()).filter((at) => Number.isFinite(column.values[rows[at] as number]))
  const x = Float64Array.from(kept, (at) => column.values[rows[at] as number] as number)
  const y = Float64Array.from(kept, (at) => values[at] as number)
  const relation = (strength: number, byOrder: number): Relation => ({
    column: column.name,
    strength,
    measure,
    alone: byBins === null || Number.isNaN(byOrder) ? byBins : Math.max(byBins, byOrder),
  })
  if (x.length < 3) return relation(0, Number.NaN)
  const covered = x.length / rows.length
  if (task === 'regression') {
    const r = Math.abs(pearson(x, y))
    return relation(r, r * r * covered)
  }
  const eta = correlationRatio(Int32Array.from(y), x, nClasses)
  if (task === 'multiclass') return relation(eta, Number.NaN)
  const isPositive = Uint8Array.from(y, (label) => (label === 1 ? 1 : 0))
  return relation(eta, 0.5 + Math.abs(rocAuc(isPositive, x, null) - 0.5) * covered)
}

function pearson(x: Float64Array, y: Float64Array): number {
  const mx = mean(x)
  const my = mean(y)
  let xy = 0
  let xx = 0
  let yy = 0
  for (let i = 0; i < x.length; i++) {
    const a = (x[i] as number) - mx
    const b = (y[i] as number) - my
    xy += a * b
    xx += a * a
    yy += b * b
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : 0
}

/**
 * √(variance between groups / variance), less what as many groups explain by chance (Kelley's ε²): many small groups
 * would come close to 1 by themselves.
 */
function correlationRatio(groups: Int32Array, values: Float64Array, nGroups: number): number {
  const sums = new Float64Array(nGroups)
  const counts = new Float64Array(nGroups)
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] as number
    sums[group] = (sums[group] as number) + (values[i] as number)
    counts[group] = (counts[group] as number) + 1
  }
  const overall = mean(values)
  let between = 0
  for (let group = 0; group < nGroups; group++) {
    const count = counts[group] as number
    if (count > 0) between += count * ((sums[group] as number) / count - overall) ** 2
  }
  const all = values.reduce((sum, value) => sum + (value - overall) ** 2, 0)
  const free = values.length - counts.filter((count) => count > 0).length
  if (all <= 0 || free <= 0) return 0
  const within = Math.max(0, 1 - between / all)
  return Math.sqrt(Math.max(0, 1 - (within * (values.length - 1)) / free))
}

/**
 * Cramér's V of the contingency table with Bergsma's correction (2013, "A bias-correction for Cramér's V and Tschuprow's
 * T"): as it stands, a column with a level for almost every row would go with anything.
 */
function cramersV(groups: Int32Array, labels: Float64Array, nGroups: number, nClasses: number): number {
  const table = new Float64Array(nGroups * nClasses)
  const ofGroup = new Float64Array(nGroups)
  const ofClass = new Float64Array(nClasses)
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] as number
    const label = labels[i] as number
    table[group * nClasses + label] = (table[group * nClasses + label] as number) + 1
    ofGroup[group] = (ofGroup[group] as number) + 1
    ofClass[label] = (ofClass[label] as number) + 1
  }
  const n = groups.length
  let chi = 0
  for (let group = 0; group < nGroups; group++) {
    for (let label = 0; label < nClasses; label++) {
      const expected = ((ofGroup[group] as number) * (ofClass[label] as number)) / n
      if (expected > 0) chi += ((table[group * nClasses + label] as number) - expected) ** 2 / expected
    }
  }
  const used = (counts: Float64Array) => counts.filter((count) => count > 0).length
  const rows = used(ofGroup)
  const columns = used(ofClass)
  if (n < 2 || rows < 2 || columns < 2) return 0
  const byChance = ((rows - 1) * (columns - 1)) / (n - 1)
  const smaller = Math.min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
  return smaller > 0 ? Math.min(1, Math.sqrt(Math.max(0, chi / n - byChance) / smaller)) : 0
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
