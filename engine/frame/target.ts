import type { Column, Target, Task } from './frame.ts'

export interface DetectedTask {
  /** Null where the column cannot be predicted; `reason` says why. */
  readonly target: Target | null
  readonly reason: string
  readonly warnings: readonly { readonly code: 'HIGH_CARDINALITY'; readonly message: string; readonly hint: string }[]
}

/** Whole numbers that count 0, 1, 2 … or 1, 2, 3 … up to here are codes of classes rather than quantities. */
const mostCodedClasses = 10
const mostClasses = 1_000

/**
 * What predicting a column means. Two values are a binary task, texts with more and numbers that
 * count up to ten are multiclass, other numbers a regression;
 * `wanted` overrides that (numbers as classes, or texts that are numbers as a regression is refused with a reason).
 * Rows without a value have NaN. Classes are sorted as numbers when all are numeric, else by code units, so that of
 * "no" and "yes", 0 and 1, -1 and 1, the last is the positive one.
 */
export function detectTask(given: Column, wanted?: Task): DetectedTask {
  const column = numbersOf(given)
  const labels = labelsOf(column)
  if (labels.length === 0) return refused(`${column.name} has no values.`)
  if (labels.length === 1 && wanted !== 'regression')
    return refused(`${column.name} has only one value, ${labels[0]?.label ?? ''}, so there is nothing to tell apart.`)
  const task = wanted ?? taskOf(column, labels)
  if (task === 'regression') {
    if (column.storage === 'codes') return refused(`${column.name} holds texts, so it cannot be predicted as a number.`)
    return {
      target: {
        task,
        name: column.name,
        classes: [],
        values: column.values.map((value) => (Number.isFinite(value) ? value : Number.NaN)),
      },
      reason: '',
      warnings: [],
    }
  }
  if (task === 'binary' && labels.length !== 2)
    return refused(`${column.name} has ${labels.length} values; a binary target has two.`)
  if (labels.length > mostClasses)
    return refused(
      `${column.name} has ${labels.length} different values; more than ${mostClasses} classes cannot be learned.`,
    )
  const codeOf = new Map(labels.map(({ key }, code) => [key, code]))
  const keys = column.storage === 'codes' ? column.codes : column.values
  const values = Float64Array.from(keys, (key) => codeOf.get(key) ?? Number.NaN)
  const warnings =
    labels.length > 50
      ? [
          {
            code: 'HIGH_CARDINALITY' as const,
            message: `${column.name} has ${labels.length} classes.`,
            hint: 'Training takes that many times longer; if it is a quantity, choose regression.',
          },
        ]
      : []
  return {
    target: { task, name: column.name, classes: labels.map(({ label }) => label), values },
    reason: '',
    warnings,
  }
}

/** Whole numbers that all differ are taken for identifiers of rows; whoever predicts them means the numbers. */
function numbersOf(column: Column): Column {
  if (column.storage !== 'codes' || column.type !== 'id') return column
  const numbers = Float64Array.from(column.levels, (level) => (level.trim() === '' ? Number.NaN : Number(level)))
  if (numbers.some(Number.isNaN)) return column
  const values = Float64Array.from(column.codes, (code) => numbers[code] ?? Number.NaN)
  return { storage: 'float64', name: column.name, type: 'number', values }
}

function refused(reason: string): DetectedTask {
  return { target: null, reason, warnings: [] }
}

function taskOf(column: Column, labels: readonly { readonly key: number }[]): Task {
  if (labels.length === 2) return 'binary'
  if (column.storage === 'codes') return 'multiclass'
  const first = labels[0]?.key
  const counts = (first === 0 || first === 1) && labels.every(({ key }, at) => key === first + at)
  return counts && labels.length <= mostCodedClasses ? 'multiclass' : 'regression'
}

/** Values that occur, in class order, with the code or number that stands for each. */
function labelsOf(column: Column): { readonly key: number; readonly label: string }[] {
  const seen = new Set<number>()
  if (column.storage === 'codes') {
    for (const code of column.codes) if (code >= 0) seen.add(code)
    const labels = [...seen].map((key) => ({ key, label: column.levels[key] as string }))
    const numeric = labels.every(({ label }) => label.trim() !== '' && !Number.isNaN(Number(label)))
    return labels.sort(numeric ? (a, b) => Number(a.label) - Number(b.label) || a.key - b.key : (a, b) => a.key - b.key)
  }
  for (const value of column.values) if (Number.isFinite(value)) seen.add(value)
  return [...seen]
    .sort((a, b) => a - b)
    .map((key) => ({
      key,
      label: column.type === 'boolean' ? (column.spelling?.[key === 0 ? 0 : 1] ?? String(key !== 0)) : String(key),
    }))
}
