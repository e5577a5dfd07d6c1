import type { Counterfactual, WantedOutcome } from '../../engine/explain/counterfactuals.ts'
import { counterfactuals } from '../../engine/explain/counterfactuals.ts'
import { readCounterfactuals } from '../../engine/explain/read-inspections.ts'
import { nearestRows } from '../../engine/explain/row-distance.ts'
import type { Column } from '../../engine/frame/frame.ts'
import type { Pipeline, Predictions } from '../../engine/pipeline/pipeline.ts'
import { predictedClasses, predictedLabels, predictPipelineColumns } from '../../engine/pipeline/predict-pipeline.ts'
import type { CounterfactualAnswer } from '../../shared/domain/inspections.ts'
import type { Cell } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import { requireAnswered, sampleAnswered } from './answered-rows.ts'
import { cellOf } from './describe-explanation.ts'
import type { CounterfactualTask } from './inspection-task.ts'
import { classCode, columnsOfRecords, inputOf, loadModel, loadTable, requireRow, targetOf } from './loaded.ts'

/** Rows whose values may be taken, and among which neighbours are looked for. */
const referenceRows = 20_000
const shownNeighbours = 5

/** What would have to change for another outcome, and the most similar rows of the reference table. */
export function answerCounterfactuals(task: CounterfactualTask): CounterfactualAnswer {
  const pipeline = loadModel(task.pipelinePath)
  const reference = loadTable(task.referencePath, pipeline)
  const table = task.record ? columnsOfRecords(pipeline, [task.record]) : loadTable(task.columnFilePath, pipeline)
  const row = task.record ? 0 : task.row
  requireRow(table, row)
  requireAnswered(pipeline, table.columns, Int32Array.of(row))
  const before = predictPipelineColumns(pipeline, table.columns, Int32Array.of(row))
  const wanted = wantedOutcome(pipeline, before, task.wanted)
  const rows = sampleAnswered(pipeline, reference, referenceRows)
  const found = counterfactuals({
    pipeline,
    columns: table.columns,
    row,
    reference: { columns: reference.columns, rows },
    wanted,
    immutable: task.keep.map((name) => inputOf(pipeline, name)),
    maxChanges: task.changes,
    alternatives: task.alternatives,
  })
  const [prediction] = predictedLabels(pipeline, before) as [string | number]
  const answers = found.map((answer) => describeAnswer(pipeline, table.columns, row, answer))
  const reached = wanted.kind === 'class' ? prediction === pipeline.classes[wanted.code] : isBeyond(wanted, before)
  return {
    row: task.record ? null : row,
    prediction,
    wanted: outcomeText(pipeline, wanted),
    classes: [...pipeline.classes],
    features: pipeline.inputs.map(({ name }) => name),
    cells: table.columns.map((column) => cellOf(column, row)),
    answers,
    nearest: describeNeighbours(task, pipeline, { columns: table.columns, row }, rows),
    reading: readCounterfactuals(outcomeText(pipeline, wanted), answers, reached),
  }
}

/** Throws INPUT_INVALID for what the model cannot predict. */
function wantedOutcome(pipeline: Pipeline, before: Predictions, wanted: string | null): WantedOutcome {
  if (pipeline.task === 'regression') {
    const [, sign, bound] = /^\s*(>=|<=|≥|≤)?\s*(\S+)\s*$/.exec(wanted ?? '') ?? []
    const value = Number(bound)
    if (bound === undefined || !Number.isFinite(value)) {
      throw new MaestroError(
        'INPUT_INVALID',
        wanted === null ? 'This model predicts a number: say which one is wanted.' : `“${wanted}” is not a number.`,
        'Write >= 20 or <= 20.',
      )
    }
    const above = sign === undefined ? value >= (before.values[0] as number) : sign === '>=' || sign === '≥'
    return { kind: above ? 'at-least' : 'at-most', value }
  }
  if (wanted === null)
    return { kind: 'class', code: nextLikely(before, predictedClasses(before, pipeline.threshold)[0]) }
  return { kind: 'class', code: classCode(pipeline, wanted) }
}

/** The most likely class beside the one predicted. */
function nextLikely({ nClasses, values }: Predictions, predicted: number | undefined): number {
  let next = -1
  for (let code = 0; code < nClasses; code++) {
    if (code === predicted) continue
    if (next < 0 || (values[code] as number) > (values[next] as number)) next = code
  }
  return next
}

function isBeyond(wanted: Exclude<WantedOutcome, { kind: 'class' }>, { values }: Predictions): boolean {
  const value = values[0] as number
  return wanted.kind === 'at-least' ? value >= wanted.value : value <= wanted.value
}

function outcomeText({ classes }: Pipeline, wanted: WantedOutcome): string {
  if (wanted.kind === 'class') return classes[wanted.code] ?? ''
  return `${wanted.kind === 'at-least' ? '>=' : '<='} ${wanted.value}`
}

function describeAnswer(
  pipeline: Pipeline,
  columns: readonly Column[],
  row: number,
  { changes, cost, outputs }: Counterfactual,
): CounterfactualAnswer['answers'][number] {
  const isNumber = pipeline.task === 'regression'
  const predictions = { nRows: 1, nClasses: isNumber ? 0 : pipeline.classes.length, values: Float64Array.from(outputs) }
  return {
    changes: changes.map(({ input, to }) => {
      const column = columns[input] as Column
      return {
        feature: column.name,
        from: cellOf(column, row),
        to: typeof to === 'string' ? to : cellOfNumber(column, to),
      }
    }),
    cost,
    prediction: predictedLabels(pipeline, predictions)[0] as string | number,
    probabilities: isNumber ? null : [...outputs],
  }
}

function cellOfNumber(column: Column, value: number): Cell {
  return column.storage === 'codes' ? value : cellOf({ ...column, values: Float64Array.of(value) }, 0)
}

function describeNeighbours(
  task: CounterfactualTask,
  pipeline: Pipeline,
  origin: { readonly columns: readonly Column[]; readonly row: number },
  rows: Int32Array,
): CounterfactualAnswer['nearest'] {
  const { columns } = loadTable(task.referencePath, pipeline)
  const own = task.record === null && task.referencePath === task.columnFilePath ? task.row : -1
  const near = nearestRows(origin, columns, rows, shownNeighbours + 1)
    .filter(({ row }) => row !== own)
    .slice(0, shownNeighbours)
  const target = targetOf(task.referencePath, pipeline, true)
  const labels = predictedLabels(
    pipeline,
    predictPipelineColumns(
      pipeline,
      columns,
      Int32Array.from(near, ({ row }) => row),
    ),
  )
  return near.map(({ row, distance }, i) => {
    const truth = target?.values[row] ?? Number.NaN
    return {
      row,
      distance,
      cells: columns.map((column) => cellOf(column, row)),
      prediction: labels[i] as string | number,
      truth: Number.isNaN(truth) ? null : pipeline.task === 'regression' ? truth : (pipeline.classes[truth] ?? null),
    }
  })
}
