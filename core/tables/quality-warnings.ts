import type { ColumnProfile, DatasetWarning } from '../../shared/domain/datasets.ts'
import type { FinishedColumn } from './raw-column.ts'
import { sortDoubles } from './sort-doubles.ts'

/**
 * What to know about a table before anything is learned from it. `keys` are those of its rows (row-keys.ts), sorted in
 * place here; null where no row can be there twice.
 */
export function qualityWarnings(columns: readonly FinishedColumn[], keys: Float64Array | null): DatasetWarning[] {
  return [
    ...columns.flatMap(({ profile }) => columnWarnings(profile)),
    ...duplicateColumns(columns),
    ...(keys === null ? [] : duplicateRows(keys)),
    ...knownProblems(columns.map(({ column }) => column.name)),
  ]
}

/** Whether a row can be there twice: not where a column has as many values as there are rows. */
export function mayRepeatRows(columns: readonly FinishedColumn[], nRows: number): boolean {
  return nRows > 1 && columns.every(({ profile }) => profile.distinct < nRows)
}

function columnWarnings(profile: ColumnProfile): DatasetWarning[] {
  const { name, rows, missing, distinct, type } = profile
  const warn = (
    code: DatasetWarning['code'],
    severity: DatasetWarning['severity'],
    message: string,
    hint: string,
  ): DatasetWarning => ({
    code,
    severity,
    column: name,
    message,
    hint,
  })
  if (missing === rows)
    return [warn('ALL_MISSING', 'warning', `${name} has no values at all.`, 'It is left out of training.')]
  const found: DatasetWarning[] = []
  if (distinct === 1 && missing === 0)
    found.push(
      warn(
        'CONSTANT',
        'warning',
        `${name} is the same in all ${rows} rows.`,
        'It says nothing, so it is left out of training.',
      ),
    )
  if (type === 'id')
    found.push(
      warn(
        'IDENTIFIER',
        'info',
        `${name} identifies rows: all ${distinct} values differ.`,
        'It is left out of training. Set its type to number or category if it means something.',
      ),
    )
  if (missing > 0.5 * rows)
    found.push(
      warn(
        'MANY_MISSING',
        'warning',
        `${name} is missing in ${percent(missing / rows)} of the rows.`,
        'Ask why: whether it is missing may itself give the answer away.',
      ),
    )
  if (type === 'category' && distinct > 100 && distinct > 0.05 * rows) {
    found.push(
      warn(
        'HIGH_CARDINALITY',
        'info',
        `${name} has ${distinct} different values.`,
        'Each is replaced by a rate learned from other rows; rare ones teach little.',
      ),
    )
  }
  if ((profile.numeric?.infinities ?? 0) > 0) {
    found.push(
      warn(
        'INFINITE_VALUES',
        'warning',
        `${name} has ${profile.numeric?.infinities ?? 0} infinite values.`,
        'They are read as the largest number there is; mend them if they are errors.',
      ),
    )
  }
  return found
}

/** Columns with the same values in every row, by digest. */
function duplicateColumns(columns: readonly FinishedColumn[]): DatasetWarning[] {
  const seen = new Map<string, string>()
  return columns.flatMap(({ column: { name }, profile, valuesDigest }): DatasetWarning[] => {
    const first = seen.get(valuesDigest)
    if (first === undefined) seen.set(valuesDigest, name)
    if (first === undefined || profile.missing === profile.rows) return []
    return [
      {
        code: 'DUPLICATE_COLUMN',
        severity: 'info',
        column: name,
        message: `${name} has the same values as ${first}.`,
        hint: 'Exclude one of them: two columns share the credit of one.',
      },
    ]
  })
}

/** Rows that are there more than once. */
function duplicateRows(keys: Float64Array): DatasetWarning[] {
  sortDoubles(keys)
  let repeated = 0
  for (let at = 1; at < keys.length; at++) if (keys[at] === keys[at - 1]) repeated += 1
  if (repeated === 0) return []
  return [
    {
      code: 'DUPLICATE_ROWS',
      severity: repeated > 0.05 * keys.length ? 'warning' : 'info',
      column: null,
      message: `${repeated} of ${keys.length} rows repeat an earlier row (${percent(repeated / keys.length)}).`,
      hint: 'Repeated rows in training and test make a model look better than it is.',
    },
  ]
}

/** Tables whose problem is known from the literature, recognised by the names of their columns. */
export function knownProblems(columns: readonly string[]): DatasetWarning[] {
  const names = new Set(columns.map((name) => name.toUpperCase()))
  const boston = ['CRIM', 'ZN', 'INDUS', 'NOX', 'RM', 'DIS', 'LSTAT', 'B'].every((name) => names.has(name))
  if (!boston) return []
  return [
    {
      code: 'KNOWN_PROBLEM',
      severity: 'warning',
      column: columns.find((name) => name.toUpperCase() === 'B') ?? null,
      message:
        'This is the Boston housing table: its column B encodes the share of Black residents on the assumption that segregation raises prices.',
      hint: 'scikit-learn removed the table for that reason (1.2). Use it to study the problem, not to build on.',
      source: 'https://scikit-learn.org/1.1/modules/generated/sklearn.datasets.load_boston.html',
    },
  ]
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`
}
