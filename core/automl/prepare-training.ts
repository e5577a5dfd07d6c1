import type { Column, Frame, Target } from '../../engine/frame/frame.ts'
import { detectTask } from '../../engine/frame/target.ts'
import type { PipelineInput } from '../../engine/pipeline/pipeline.ts'
import { chooseInputs, type LeftOutColumn } from '../../engine/preprocess/choose-inputs.ts'
import type { Fold } from '../../engine/validation/fold.ts'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'
import type { AutomlSpecification } from '../../shared/domain/training.ts'
import { MaestroError } from '../../shared/errors.ts'
import { guardTarget } from '../tables/target-relations.ts'
import { chooseSplits, timesOf } from './choose-splits.ts'
import { closestName } from './closest-name.ts'
import { assertCountable, assertDemands } from './learner-demands.ts'

/** The table as training sees it: rows with a known answer, the columns that models may use, and how they are judged. */
export interface TrainingData {
  /** Rows with an answer, in the dataset's order. */
  readonly frame: Frame
  /** Row of the dataset for each row of the frame. */
  readonly datasetRows: Int32Array
  readonly target: Target
  readonly inputs: readonly PipelineInput[]
  readonly columns: readonly Column[]
  readonly weights: Float64Array | null
  /** How every trial is judged. */
  readonly folds: readonly Fold[]
  /** The same, and behind them the folds of further repeats, on which only the best trials are judged. */
  readonly allFolds: readonly Fold[]
  /** How models are judged, in words. */
  readonly basis: string
  readonly warnings: readonly DatasetWarning[]
}

/** Throws TARGET_MISSING, TARGET_UNUSABLE, TASK_MISMATCH, COLUMN_UNKNOWN with what to do. */
export function prepareTraining(full: Frame, specification: AutomlSpecification): TrainingData {
  const column = columnNamed(full, specification.target, 'TARGET_MISSING')
  const wanted = specification.task === 'auto' ? undefined : specification.task
  const detected = detectTask(column, wanted)
  if (!detected.target) {
    throw new MaestroError(
      wanted ? 'TASK_MISMATCH' : 'TARGET_UNUSABLE',
      detected.reason,
      wanted ? 'Leave the task out and it is found from the target.' : 'Choose another target.',
      { target: specification.target },
    )
  }
  const all = detected.target.values
  const times =
    specification.timeColumn === null ? null : timesOf(columnNamed(full, specification.timeColumn, 'COLUMN_UNKNOWN'))
  const answered = Int32Array.from(all.keys()).filter((row) => !Number.isNaN(all[row]))
  // A row without a time may be before or after any other: it can neither be learned from nor judged on.
  const datasetRows = times ? answered.filter((row) => !Number.isNaN(times[row])) : answered
  const frame = datasetRows.length === full.nRows ? full : takeRows(full, datasetRows)
  const target: Target = { ...detected.target, values: Float64Array.from(datasetRows, (row) => all[row] as number) }
  if (frame.nRows < 10)
    throw new MaestroError(
      'TARGET_UNUSABLE',
      `Only ${frame.nRows} rows have a known ${specification.target}; at least 10 are needed.`,
      'Add rows, or choose another target.',
    )
  assertLearnable(target)
  if (specification.threshold !== 0.5 && target.task !== 'binary') {
    throw new MaestroError(
      'TASK_MISMATCH',
      `${target.name} is a ${target.task} target: only two classes have a threshold.`,
      'Leave the threshold out.',
    )
  }
  const warnings = [
    ...detected.warnings.map((warning): DatasetWarning => ({ ...warning, severity: 'warning', column: target.name })),
    ...targetWarnings(specification.target, full.nRows, answered.length, target),
    ...timeWarnings(specification.timeColumn, answered.length, datasetRows.length),
  ]
  const notFeatures = [...specification.exclude, specification.groupColumn, specification.weightColumn].filter(
    (name) => name !== null,
  )
  const named = specification.timeColumn === null ? notFeatures : [...notFeatures, specification.timeColumn]
  for (const name of named) columnNamed(full, name, 'COLUMN_UNKNOWN')
  const chosen = chooseInputs(frame, specification.target, notFeatures)
  for (const { name, code, reason } of chosen.left) {
    if (code === 'EXCLUDED') continue
    warnings.push({
      code: code === 'FREE_TEXT' ? 'HIGH_CARDINALITY' : code,
      severity: 'info',
      column: name,
      message: reason,
      hint: 'It is left out of training.',
    })
  }
  if (chosen.inputs.length === 0) throw noColumnLeft(chosen.left)
  assertDemands(specification, target.task, chosen.inputs)
  assertCountable(specification, target.name, target.values)
  warnings.push(...guardTarget(chosen.columns, target), ...orderWarnings(chosen.columns, specification))
  const splits = chooseSplits(frame, target, chosen.inputs.length, specification)
  return {
    frame,
    datasetRows,
    target,
    inputs: chosen.inputs,
    columns: chosen.columns,
    weights: weightsOf(frame, specification),
    ...splits,
    warnings,
  }
}

/** More reasons than these are not read. */
const mostReasons = 5

function noColumnLeft(left: readonly LeftOutColumn[]): MaestroError {
  const told = left.slice(0, mostReasons).map(({ reason }) => reason)
  const others = left.length > mostReasons ? [`So it is with ${left.length - mostReasons} more.`] : []
  const identifier = left.find(({ code }) => code === 'IDENTIFIER')
  return new MaestroError(
    'TRAINING_FAILED',
    ['No column is left to learn from.', ...told, ...others].join(' '),
    identifier
      ? `If ${identifier.name} is a quantity, import the table again with ${identifier.name} as a number.`
      : 'Exclude fewer columns, or import the table again with other types.',
    { columns: left.slice(0, 100).map(({ name }) => name) },
  )
}

function columnNamed(frame: Frame, name: string, code: 'TARGET_MISSING' | 'COLUMN_UNKNOWN'): Column {
  const found = frame.columns.find((column) => column.name === name)
  if (found) return found
  const names = frame.columns.map((column) => column.name)
  const close = closestName(name, names)
  throw new MaestroError(
    code,
    `The dataset has no column ${name}.`,
    close ? `Did you mean ${close}?` : `Its columns are ${names.slice(0, 30).join(', ')}.`,
    { column: name },
  )
}

/** Of the squares of all answers: errors may be a few times as large as these. */
const largestSum = 1e306

/** Throws TARGET_UNUSABLE unless two classes at least have a row to learn from and one to judge. */
function assertLearnable(target: Target): void {
  if (target.task === 'regression') {
    const most = target.values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    if (most * most * target.values.length > largestSum) {
      throw new MaestroError(
        'TARGET_UNUSABLE',
        `${target.name} reaches ${most.toPrecision(3)}: squares of its errors would be too large for numbers.`,
        'Give it in a larger unit, or as its logarithm.',
      )
    }
    if (target.values.some((value) => value !== target.values[0])) return
    const only = String(target.values[0])
    throw new MaestroError(
      'TARGET_UNUSABLE',
      `${target.name} has only one value, ${only}, in the rows that can be used.`,
      'Choose another target.',
    )
  }
  const counts = classCounts(target)
  const able = counts.filter((count) => count >= 2).length
  if (able >= 2) return
  const rare = target.classes[counts.indexOf(1)]
  throw new MaestroError(
    'TARGET_UNUSABLE',
    target.classes.length === 2 && rare !== undefined
      ? `Only 1 row of ${target.name} is ${rare}: a class needs two, one to learn from and one to judge.`
      : `Of the ${target.classes.length} classes of ${target.name}, ${able} have two rows or more: each needs one to learn from and one to judge.`,
    'Add rows of the rare classes, or choose another target.',
  )
}

function classCounts({ values, classes }: Target): Int32Array {
  const counts = new Int32Array(classes.length)
  for (const code of values) counts[code] = (counts[code] as number) + 1
  return counts
}

/** Rows that have a time but are split at random: between two that were learned from there is little left to guess. */
function orderWarnings(
  columns: readonly Column[],
  { timeColumn }: Pick<AutomlSpecification, 'timeColumn'>,
): DatasetWarning[] {
  const when = columns.find(({ type }) => type === 'datetime')
  if (timeColumn !== null || !when) return []
  return [
    {
      code: 'LEAKAGE',
      severity: 'info',
      column: when.name,
      message: `${when.name} says when each row was, but rows are split without regard to it.`,
      hint: 'If later rows are to be predicted from earlier ones, choose it as the time column: scores are flattered otherwise.',
    },
  ]
}

function timeWarnings(column: string | null, before: number, after: number): DatasetWarning[] {
  if (column === null || before === after) return []
  return [
    {
      code: 'TIME_MISSING',
      severity: 'warning',
      column,
      message: `${column} is missing in ${before - after} of ${before} rows; they are left out.`,
      hint: 'Nothing says whether they are before or after the rows that judge the models. Fill in the times, or judge without them.',
    },
  ]
}

function targetWarnings(name: string, nRows: number, answered: number, target: Target): DatasetWarning[] {
  const warnings: DatasetWarning[] = []
  const missing = nRows - answered
  if (missing > 0)
    warnings.push({
      code: 'TARGET_MISSING_VALUES',
      severity: 'warning',
      column: name,
      message: `${name} is missing in ${missing} of ${nRows} rows; they are left out.`,
      hint: 'Models learn only from rows whose answer is known.',
    })
  if (target.task === 'regression') return warnings
  for (const [code, count] of classCounts(target).entries()) {
    if (count >= 5) continue
    warnings.push({
      code: 'IMBALANCE',
      severity: 'warning',
      column: name,
      message: `Only ${count} ${count === 1 ? 'row is' : 'rows are'} ${target.classes[code] ?? ''}.`,
      hint: 'A class with so few rows can hardly be learned or judged.',
    })
  }
  return warnings
}

function weightsOf(frame: Frame, specification: AutomlSpecification): Float64Array | null {
  if (specification.weightColumn === null) return null
  const column = columnNamed(frame, specification.weightColumn, 'COLUMN_UNKNOWN')
  if (column.storage !== 'float64' || column.values.some((value) => !(value >= 0)) || !column.values.some(Boolean)) {
    throw new MaestroError(
      'COLUMN_UNKNOWN',
      `${column.name} cannot weigh rows: weights are numbers from 0 on, without missing values and not all 0.`,
      'Choose another column.',
    )
  }
  return column.values
}

/** Some rows of a table as a table of its own, in shared memory. */
export function takeRows(frame: Frame, rows: Int32Array): Frame {
  const columns = frame.columns.map((column): Column => {
    if (column.storage === 'codes') {
      const codes = new Int32Array(new SharedArrayBuffer(rows.length * 4))
      for (let i = 0; i < rows.length; i++) codes[i] = column.codes[rows[i] as number] as number
      return { ...column, codes }
    }
    const values = new Float64Array(new SharedArrayBuffer(rows.length * 8))
    for (let i = 0; i < rows.length; i++) values[i] = column.values[rows[i] as number] as number
    return { ...column, values }
  })
  return { nRows: rows.length, columns }
}
