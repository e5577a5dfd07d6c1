import type { Column, Frame, Target } from '../../engine/frame/frame.ts'
import { detectTask } from '../../engine/frame/target.ts'
import type { DatasetWarning, TargetSuggestion } from '../../shared/domain/datasets.ts'
import { MaestroError } from '../../shared/errors.ts'
import { relateColumn } from './relate-column.ts'

type Relation = TargetSuggestion['relations'][number]

/** A column that reaches this alone gives the target away, or comes from after the fact. */
const leakageFrom = 0.98
/** Rows at even distances are enough for a measure of two digits. */
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
  const { target, reason, warnings: found } = detectTask(column)
  if (!target) throw new MaestroError('TARGET_UNUSABLE', reason, 'Choose another column.', { column: name })
  const usable = usableRows(target)
  const relations = relate(frame.columns, target, usable).sort((a, b) => b.strength - a.strength)
  const counts = countClasses(target, usable)
  return {
    target: name,
    task: target.task,
    classes:
      target.task === 'regression'
        ? null
        : target.classes.map((label, code) => ({ label, count: counts[code] as number })),
    usableRows: usable.length,
    relations,
    warnings: [
      ...found.map((warning): DatasetWarning => ({ ...warning, severity: 'warning', column: name })),
      ...missingTarget(name, frame.nRows - usable.length, frame.nRows),
      ...guard(target, relations, counts, usable.length),
    ],
  }
}

/** What to be careful about when a target is learned from these columns: rare classes, columns that give it away. */
export function guardTarget(columns: readonly Column[], target: Target): DatasetWarning[] {
  const usable = usableRows(target)
  return guard(target, relate(columns, target, usable), countClasses(target, usable), usable.length)
}

function guard(target: Target, relations: readonly Relation[], counts: Int32Array, total: number): DatasetWarning[] {
  const guess = counts.reduce((most, count) => Math.max(most, count), 0) / total
  return [
    ...(target.task === 'regression' ? [] : imbalance(target, counts, total)),
    ...relations.filter((relation) => givesAway(relation, target.task, guess)).map((each) => leakage(each, target)),
  ]
}

/** How each column but the target goes with it. */
function relate(columns: readonly Column[], target: Target, usable: Int32Array): Relation[] {
  const step = Math.ceil(usable.length / mostRows)
  const rows = step > 1 ? usable.filter((_, at) => at % step === 0) : usable
  const values = Float64Array.from(rows, (row) => target.values[row] as number)
  const labels = { task: target.task, nClasses: target.classes.length, rows, values }
  return columns.filter(({ name }) => name !== target.name).map((column) => relateColumn(column, labels))
}

function usableRows({ values }: Target): Int32Array {
  const rows = new Int32Array(values.length)
  let count = 0
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(values[row])) rows[count++] = row
  return rows.slice(0, count)
}

function countClasses(target: Target, rows: Int32Array): Int32Array {
  const counts = new Int32Array(target.classes.length)
  if (target.task === 'regression') return counts
  for (const row of rows) counts[target.values[row] as number] = (counts[target.values[row] as number] as number) + 1
  return counts
}

/** Accuracy counts beyond what naming the commonest class always reaches. */
function givesAway({ alone }: Relation, task: Target['task'], guess: number): boolean {
  if (alone === null) return false
  return alone >= leakageFrom && (task !== 'multiclass' || alone - guess >= 0.9 * (1 - guess))
}

function missingTarget(name: string, missing: number, nRows: number): DatasetWarning[] {
  if (missing === 0) return []
  return [
    {
      code: 'TARGET_MISSING_VALUES',
      severity: 'warning',
      column: name,
      message: `${name} is missing in ${missing} of ${nRows} rows; they are left out.`,
      hint: 'Models learn only from rows whose answer is known.',
    },
  ]
}

function imbalance({ name, classes }: Target, counts: Int32Array, total: number): DatasetWarning[] {
  const count = counts.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY)
  if (count >= 0.2 * (total / classes.length)) return []
  return [
    {
      code: 'IMBALANCE',
      severity: 'warning',
      column: name,
      message: `Only ${count} of ${total} rows are ${classes[counts.indexOf(count)] ?? ''}.`,
      hint: 'Accuracy says little here: look at the area under the ROC curve and at precision and recall.',
    },
  ]
}

const scores = { binary: 'ROC AUC', multiclass: 'accuracy', regression: 'R²' } as const

function leakage({ column, alone }: Relation, { name, task }: Target): DatasetWarning {
  return {
    code: 'LEAKAGE',
    severity: 'warning',
    column,
    message: `${column} alone predicts ${name} almost perfectly (${scores[task]} ${(alone ?? 0).toFixed(3)}).`,
    hint: 'It may be known only after the fact. Exclude it if it is not there when you predict.',
  }
}
