import type { Column, Frame, Target } from '../../engine/frame/frame.ts'
import { gradientBoosting } from '../../engine/learners/gbdt/gradient-boosting.ts'
import type { Fold } from '../../engine/validation/fold.ts'
import { makeFolds, makeHoldout } from '../../engine/validation/make-folds.ts'
import type { AutomlSpecification } from '../../shared/domain/training.ts'
import { MaestroError } from '../../shared/errors.ts'

/** How rows are split to judge models. */
export interface Splits {
  readonly folds: readonly Fold[]
  /** The same, and behind them the folds of further repeats. */
  readonly allFolds: readonly Fold[]
  readonly basis: string
}

/** Above so many rows one part held out is exact enough. */
const mostCrossValidatedRows = 200_000
/** One cross-validation of a plain booster may take this share of the budget, else a part is held out instead. */
const mostBudgetShare = 0.1
const holdoutShare = 0.2
/** Small tables are split anew until about so many rows have been judged, at most five times. */
const judgedRows = 2_500
const mostRepeats = 5

/**
 * Cross-validation, by group or in time where a column says so. A fifth is held out instead for tables that are large
 * for the budget: over 200,000 rows, or where five fits of plain gradient boosting would take more than a tenth of it (by
 * its nominal cost in two threads, so that the same table and budget are split alike on every machine).
 */
export function chooseSplits(
  frame: Frame,
  target: Target,
  nInputs: number,
  specification: Pick<AutomlSpecification, 'groupColumn' | 'timeColumn' | 'folds' | 'seed' | 'budgetSeconds'>,
): Splits {
  const { groupColumn, timeColumn, seed } = specification
  const groups = groupColumn === null ? null : groupCodes(columnNamed(frame, groupColumn))
  const times = timeColumn === null ? null : timesOf(columnNamed(frame, timeColumn))
  const input = { labels: target.values, task: target.task, seed, groups, times }
  const isLarge =
    frame.nRows > mostCrossValidatedRows ||
    nominalSeconds(frame.nRows, nInputs, target) > mostBudgetShare * specification.budgetSeconds
  if (isLarge) {
    const fold = makeHoldout(input, holdoutShare)
    if (!fold) throw cannotSplit(specification, groups, times)
    const folds = [fold]
    const kind = times ? 'latest ' : ''
    const of = groups ? ', by group' : ''
    return {
      folds,
      allFolds: folds,
      basis: `the ${kind}${Math.round(100 * holdoutShare)}% of the rows that were held out${of}`,
    }
  }
  const count = Math.min(specification.folds, frame.nRows)
  const folds = makeFolds({ ...input, folds: count })
  if (folds.length === 0) throw cannotSplit(specification, groups, times)
  const how = times
    ? `validation on later rows${groups ? ' of other groups' : ''}`
    : groups
      ? 'cross-validation by group'
      : 'cross-validation'
  // Time has one order only, and a repeat must have as many folds as the first.
  const repeats = times ? 1 : Math.min(mostRepeats, Math.max(1, Math.round(judgedRows / frame.nRows)))
  const more = Array.from({ length: repeats - 1 }, (_, at) =>
    makeFolds({ ...input, folds: count, seed: seed + at + 1 }),
  )
  const allFolds = [folds, ...more.filter((repeat) => repeat.length === folds.length)].flat()
  return { folds, allFolds, basis: `${folds.length}-fold ${how}` }
}

function cannotSplit(
  { groupColumn, timeColumn }: Pick<AutomlSpecification, 'groupColumn' | 'timeColumn'>,
  groups: Int32Array | null,
  times: Float64Array | null,
): MaestroError {
  const nGroups = new Set(groups ?? []).size
  const nTimes = new Set(times ?? []).size
  const why = [
    ...(nGroups === 1 ? [`${groupColumn ?? ''} has 1 group`] : []),
    ...(nTimes === 1 ? [`${timeColumn ?? ''} has 1 different time`] : []),
  ]
  return new MaestroError(
    'TRAINING_FAILED',
    `The rows cannot be split to judge models${why.length > 0 ? `: ${why.join(', ')}` : ''}.`,
    'Use another group or time column, or more rows.',
  )
}

/** What five fits of plain gradient boosting take in two threads, by its nominal cost. */
function nominalSeconds(rows: number, nInputs: number, target: Target): number {
  const outputs = target.task === 'multiclass' ? target.classes.length : 1
  const each = gradientBoosting.cost({ nTrees: 150, maxLeaves: 31 }, rows, nInputs)
  return (5 * 0.8 * rows * nInputs * outputs * each) / 2e9
}

function columnNamed(frame: Frame, name: string): Column {
  const found = frame.columns.find((column) => column.name === name)
  if (!found) throw new MaestroError('COLUMN_UNKNOWN', `The dataset has no column ${name}.`, '', { column: name })
  return found
}

/** When each row was; NaN where nobody knows. Numbers that count the rows are taken for identifiers, and are times here. */
export function timesOf(column: Column): Float64Array {
  if (column.storage === 'float64') return column.values
  const values = Float64Array.from(column.levels, (level) => (level.trim() === '' ? Number.NaN : Number(level)))
  if (!values.some(Number.isNaN)) return Float64Array.from(column.codes, (code) => values[code] ?? Number.NaN)
  throw new MaestroError(
    'COLUMN_UNKNOWN',
    `${column.name} is neither a date-time nor a number, so rows cannot be ordered by it.`,
    'Correct its type, or choose another column.',
    { column: column.name },
  )
}

/** One number a group; rows without one form a group of their own. */
function groupCodes(column: Column): Int32Array {
  if (column.storage === 'codes') return column.codes.map((code) => code + 1)
  const codeOf = new Map<number, number>()
  return Int32Array.from(column.values, (value) => {
    const known = codeOf.get(value)
    if (known !== undefined) return known
    codeOf.set(value, codeOf.size)
    return codeOf.size - 1
  })
}
