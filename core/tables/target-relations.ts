import type { CodedColumn, Column, Frame } from '../../engine/frame/frame.ts'
import { detectTask } from '../../engine/frame/target.ts'
import { rocAuc } from '../../engine/metrics/ranking.ts'
import type { DatasetWarning, TargetSuggestion } from '../../shared/domain/datasets.ts'
import { MaestroError } from '../../shared/errors.ts'

type Relation = TargetSuggestion['relations'][number]

/** A column that reaches this alone gives the target away, or comes from after the fact. */
const leakageFrom = 0.98
const mostLevels = 200
const mostRows = 50_000

/** Task, classes, how each column goes with the target, and what to be careful about. */
export function describeTarget(frame: Frame, name: string): TargetSuggestion {
  const column = frame.columns.find((each) => each.name === name)
  if (!column)
    throw new MaestroError(
      'TARGET_MISSING',
      `The dataset has no column ${name}.`,
      `Its columns are ${frame.columns.map((each) => each.name).join(', ')}.`,
    )
  const detected = detectTask(column)
  const { target, warnings: found } = detected
  if (!target) throw new MaestroError('TARGET_UNUSABLE', detected.reason, 'Choose another column.', { column: name })
  const usable = Int32Array.from(
    Array.from(target.values.keys()).filter((row) => !Number.isNaN(target.values[row] as number)),
  )
  // Rows at even distances are enough for a measure of two digits.
  const step = Math.max(1, Math.floor(usable.length / mostRows))
  const rows = usable.filter((_, at) => at % step === 0)
  const labels = Float64Array.from(rows, (row) => target.values[row] as number)
  const relations = frame.columns
    .filter((each) => each.name !== name)
    .map((each) => relate(each, rows, labels, target.task, target.classes.length))
    .sort((a, b) => b.strength - a.strength)
  const counts = new Int32Array(target.classes.length)
  if (target.task !== 'regression')
    for (const row of usable)
      counts[target.values[row] as number] = (counts[target.values[row] as number] as number) + 1
  const warnings: DatasetWarning[] = found.map((warning) => ({ ...warning, severity: 'warning', column: name }))
  const missing = frame.nRows - usable.length
  if (missing > 0)
    warnings.push({
      code: 'TARGET_MISSING_VALUES',
      severity: 'warning',
      column: name,
      message: `${name} is missing in ${missing} of ${frame.nRows} rows; they are left out.`,
      hint: 'Models learn only from rows whose answer is known.',
    })
  if (target.task !== 'regression') warnings.push(...imbalance(name, target.classes, counts, usable.length))
  for (const relation of relations) if ((relation.alone ?? 0) >= leakageFrom) warnings.push(leakage(relation, name))
  return {
    target: name,
    task: target.task,
    classes:
      target.task === 'regression'
        ? null
        : target.classes.map((label, code) => ({ label, count: counts[code] as number })),
    usableRows: usable.length,
    relations,
    warnings,
  }
}

function imbalance(name: string, classes: readonly string[], counts: Int32Array, total: number): DatasetWarning[] {
  const rarest = counts.indexOf(counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY))
  const count = counts[rarest] as number
  if (count >= 0.1 * (total / classes.length)) return []
  return [
    {
      code: 'IMBALANCE',
      severity: 'warning',
      column: name,
      message: `Only ${count} of ${total} rows are ${classes[rarest] ?? ''}.`,
      hint: 'Accuracy says little here: look at the area under the ROC curve and at precision and recall.',
    },
  ]
}

function leakage(relation: Relation, target: string): DatasetWarning {
  return {
    code: 'LEAKAGE',
    severity: 'warning',
    column: relation.column,
    message: `${relation.column} alone predicts ${target} almost perfectly (${(relation.alone ?? 0).toFixed(3)}).`,
    hint: 'It may be known only after the fact. Exclude it if it is not there when you predict.',
  }
}

function relate(
  column: Column,
  rows: Int32Array,
  labels: Float64Array,
  task: 'binary' | 'multiclass' | 'regression',
  nClasses: number,
): Relation {
  if (column.storage === 'codes')
    return task === 'regression' ? byMeans(column, rows, labels) : byTable(column, rows, labels, nClasses)
  return byNumbers(column, rows, labels, task, nClasses)
}

/** Numbers: |Pearson| with a number, the correlation ratio η with classes. Alone: R², ROC AUC. */
function byNumbers(
  column: Extract<Column, { storage: 'float64' }>,
  rows: Int32Array,
  labels: Float64Array,
  task: string,
  nClasses: number,
): Relation {
  const kept = Array.from(rows.keys()).filter((i) => Number.isFinite(column.values[rows[i] as number] as number))
  const x = Float64Array.from(kept, (i) => column.values[rows[i] as number] as number)
  const y = Float64Array.from(kept, (i) => labels[i] as number)
  if (x.length < 3)
    return { column: column.name, strength: 0, measure: task === 'regression' ? 'pearson' : 'eta', alone: null }
  if (task === 'regression') {
    const r = Math.abs(pearson(x, y))
    return { column: column.name, strength: r, measure: 'pearson', alone: r * r * (x.length / rows.length) }
  }
  const eta = correlationRatio(y, x, nClasses)
  if (task !== 'binary') return { column: column.name, strength: eta, measure: 'eta', alone: null }
  const auc = rocAuc(
    Uint8Array.from(y, (label) => (label === 1 ? 1 : 0)),
    x,
    null,
  )
  const covered = x.length / rows.length
  return {
    column: column.name,
    strength: eta,
    measure: 'eta',
    alone: Number.isNaN(auc) ? null : 0.5 + Math.abs(auc - 0.5) * covered,
  }
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
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0
}

/** √(variance between groups / variance). */
function correlationRatio(groups: Float64Array, values: Float64Array, nGroups: number): number {
  const sums = new Float64Array(nGroups)
  const counts = new Float64Array(nGroups)
  for (const [i, group] of groups.entries()) {
    sums[group] = (sums[group] as number) + (values[i] as number)
    counts[group] = (counts[group] as number) + 1
  }
  const overall = mean(values)
  let between = 0
  for (let group = 0; group < nGroups; group++) {
    if ((counts[group] as number) > 0)
      between += (counts[group] as number) * ((sums[group] as number) / (counts[group] as number) - overall) ** 2
  }
  const all = values.reduce((sum, value) => sum + (value - overall) ** 2, 0)
  return all > 0 ? Math.sqrt(Math.min(1, between / all)) : 0
}

/** Categories against a number: η, and as R² what predicting each level's mean reaches, with a row's own value left out. */
function byMeans(column: CodedColumn, rows: Int32Array, labels: Float64Array): Relation {
  const nGroups = column.levels.length + 1
  const groups = Float64Array.from(rows, (row) => (column.codes[row] as number) + 1)
  const eta = correlationRatio(groups, labels, nGroups)
  const sums = new Float64Array(nGroups)
  const counts = new Float64Array(nGroups)
  for (const [i, group] of groups.entries()) {
    sums[group] = (sums[group] as number) + (labels[i] as number)
    counts[group] = (counts[group] as number) + 1
  }
  const overall = mean(labels)
  let residual = 0
  let all = 0
  for (const [i, group] of groups.entries()) {
    const others = (counts[group] as number) - 1
    const guess = others > 0 ? ((sums[group] as number) - (labels[i] as number)) / others : overall
    residual += ((labels[i] as number) - guess) ** 2
    all += ((labels[i] as number) - overall) ** 2
  }
  return {
    column: column.name,
    strength: manyLevels(column, eta),
    measure: 'eta',
    alone: all > 0 ? Math.max(0, 1 - residual / all) : null,
  }
}

/** Categories against classes: Cramér's V, and the accuracy of each level's commonest class beyond guessing. */
function byTable(column: CodedColumn, rows: Int32Array, labels: Float64Array, nClasses: number): Relation {
  const nLevels = column.levels.length + 1
  const table = new Float64Array(nLevels * nClasses)
  const levels = new Float64Array(nLevels)
  const classes = new Float64Array(nClasses)
  for (const [i, row] of rows.entries()) {
    const level = (column.codes[row] as number) + 1
    const label = labels[i] as number
    const at = level * nClasses + label
    table[at] = (table[at] as number) + 1
    levels[level] = (levels[level] as number) + 1
    classes[label] = (classes[label] as number) + 1
  }
  const n = rows.length
  let chi = 0
  let right = 0
  let usedLevels = 0
  for (let level = 0; level < nLevels; level++) {
    if (levels[level] === 0) continue
    usedLevels += 1
    let most = 0
    for (let label = 0; label < nClasses; label++) {
      const seen = table[level * nClasses + label] as number
      const expected = ((levels[level] as number) * (classes[label] as number)) / n
      if (expected > 0) chi += (seen - expected) ** 2 / expected
      most = Math.max(most, seen)
    }
    // A level of one row predicts itself; it counts as a guess.
    right += (levels[level] as number) > 1 ? most : classes.reduce((top, count) => Math.max(top, count), 0) / n
  }
  const degrees = Math.min(usedLevels, nClasses) - 1
  const v = degrees > 0 ? Math.sqrt(chi / (n * degrees)) : 0
  return {
    column: column.name,
    strength: manyLevels(column, Math.min(1, v)),
    measure: 'cramers_v',
    alone: usedLevels > 1 && usedLevels < 0.2 * n ? right / n : null,
  }
}

/** With nearly as many levels as rows every measure is close to 1 and means nothing. */
function manyLevels(column: CodedColumn, strength: number): number {
  return column.levels.length > mostLevels && column.type !== 'category' ? 0 : strength
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
