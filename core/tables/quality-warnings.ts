import { createHash } from 'node:crypto'
import type { Column, Frame } from '../../engine/frame/frame.ts'
import type { ColumnProfile, DatasetWarning } from '../../shared/domain/datasets.ts'

/** What to know about a table before anything is learned from it. */
export function qualityWarnings(frame: Frame, profiles: readonly ColumnProfile[]): DatasetWarning[] {
  return [
    ...profiles.flatMap(columnWarnings),
    ...duplicateColumns(frame),
    ...duplicateRows(frame),
    ...knownProblems(frame),
  ]
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
function duplicateColumns(frame: Frame): DatasetWarning[] {
  const seen = new Map<string, string>()
  return frame.columns.flatMap((column): DatasetWarning[] => {
    const hash = createHash('sha256')
    if (column.storage === 'codes') {
      for (const level of column.levels) hash.update(level).update('\0')
      hash.update(bytesOf(column.codes))
    } else hash.update(bytesOf(column.values))
    const digest = hash.digest('hex')
    const first = seen.get(digest)
    if (first === undefined) {
      seen.set(digest, column.name)
      return []
    }
    return [
      {
        code: 'DUPLICATE_COLUMN',
        severity: 'info',
        column: column.name,
        message: `${column.name} has the same values as ${first}.`,
        hint: 'Exclude one of them: two columns share the credit of one.',
      },
    ]
  })
}

function bytesOf(array: Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** Rows that are there more than once, by two independent hashes of 32 bits over all columns. */
function duplicateRows(frame: Frame): DatasetWarning[] {
  if (frame.nRows < 2 || frame.columns.some(({ type }) => type === 'id')) return []
  const keys = rowKeys(frame.columns, frame.nRows).sort()
  let repeated = 0
  for (let at = 1; at < keys.length; at++) if (keys[at] === keys[at - 1]) repeated += 1
  if (repeated === 0) return []
  return [
    {
      code: 'DUPLICATE_ROWS',
      severity: repeated > 0.05 * frame.nRows ? 'warning' : 'info',
      column: null,
      message: `${repeated} of ${frame.nRows} rows repeat an earlier row (${percent(repeated / frame.nRows)}).`,
      hint: 'Repeated rows in training and test make a model look better than it is.',
    },
  ]
}

function rowKeys(columns: readonly Column[], nRows: number): Float64Array {
  const high = new Uint32Array(nRows).fill(0x811c9dc5)
  const low = new Uint32Array(nRows).fill(0x9747b28c)
  for (const column of columns) {
    const words =
      column.storage === 'codes'
        ? new Int32Array(column.codes.buffer, column.codes.byteOffset, nRows)
        : new Int32Array(column.values.buffer, column.values.byteOffset, nRows * 2)
    const width = column.storage === 'codes' ? 1 : 2
    for (let row = 0; row < nRows; row++) {
      let a = high[row] as number
      let b = low[row] as number
      for (let word = 0; word < width; word++) {
        const value = words[row * width + word] as number
        a = Math.imul(a ^ value, 0x01000193)
        a ^= a >>> 15
        b = Math.imul(b + value, 0xcc9e2d51)
        b ^= b >>> 13
      }
      high[row] = a
      low[row] = b
    }
  }
  // 53 of the 64 bits fit a double, so that sorting needs no BigInt.
  return Float64Array.from(high, (a, row) => (a & 0x1fffff) * 4_294_967_296 + (low[row] as number))
}

/** Tables whose problem is known from the literature. */
function knownProblems(frame: Frame): DatasetWarning[] {
  const names = new Set(frame.columns.map(({ name }) => name.toUpperCase()))
  const boston = ['CRIM', 'ZN', 'INDUS', 'NOX', 'RM', 'DIS', 'LSTAT', 'B'].every((name) => names.has(name))
  if (!boston) return []
  return [
    {
      code: 'KNOWN_PROBLEM',
      severity: 'warning',
      column: 'B',
      message:
        'This is the Boston housing table: its column B encodes the share of Black residents on the assumption that segregation raises prices.',
      hint: 'scikit-learn removed the table for that reason (1.2). Use it to study the problem, not to build on.',
    },
  ]
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`
}
