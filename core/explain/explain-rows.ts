import { explainInteractions } from '../../engine/explain/explain-interactions.ts'
import { explainPipeline, strongestMethod } from '../../engine/explain/explain-pipeline.ts'
import type { Attributions, ExplainRequest } from '../../engine/explain/explanation.ts'
import { hierarchyOf } from '../../engine/explain/hierarchy.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import type { Explanation } from '../../shared/domain/explanations.ts'
import { MaestroError } from '../../shared/errors.ts'
import { requireAnswered } from './answered-rows.ts'
import { backgroundOf, backgroundRows } from './background-rows.ts'
import { describeExplanation } from './describe-explanation.ts'
import { groupsNearestFirst, joinsOfColumns } from './describe-redundancy.ts'
import type { ExplainRowsTask } from './explain-task.ts'
import type { LoadedTable } from './loaded.ts'
import { columnsOfRecords, loadModel, loadTable, requireRow } from './loaded.ts'

/** Where each explained row costs predictions and somebody waits: enough for the order of the columns while it is dragged. */
const quickBackgroundRows = 3
/** Sampling ends once no value is uncertain by more than this share of all that moves the score, or after so many rounds. */
const samplingTolerance = 0.01
const samplingRounds = 10
/** Where somebody sets the bound: at a hundred background rows some ten thousand orders and their reverses. */
const patientRounds = 100
/** Doubles of interaction matrices that one answer may hold: some 50 MB of JSON. */
const mostInteractionValues = 2_500_000

/** Attributions of rows of a table, or of records. */
export function explainRows(task: ExplainRowsTask): Explanation {
  const pipeline = loadModel(task.pipelinePath)
  const table = task.records ? columnsOfRecords(pipeline, task.records) : loadTable(task.columnFilePath, pipeline)
  const asked = Int32Array.from(task.records ? task.records.keys() : task.rows)
  for (const row of asked) requireRow(table, row)
  const rows = requireAnswered(pipeline, table.columns, asked)
  const grouping = task.grouped ? groupColumns(pipeline, loadTable(task.backgroundPath, pipeline)) : null
  const how = {
    pipeline,
    method: task.method === 'auto' && task.correlated ? ('linear' as const) : task.method,
    output: task.output,
    ...(grouping ? { hierarchy: grouping.hierarchy } : {}),
  }
  const isLight = task.effort === 'quick' && !task.interactions && costsPredictions(how)
  const request: ExplainRequest = {
    ...how,
    columns: table.columns,
    rows,
    background: backgroundOf(pipeline, task, isLight ? quickBackgroundRows : backgroundRows),
    seed: 0,
    rounds: isLight ? 1 : task.tolerance === undefined ? samplingRounds : patientRounds,
    tolerance: task.tolerance ?? samplingTolerance,
    ...(task.correlated ? { correlated: true } : {}),
  }
  const answered = new Set(rows)
  const missed = rows.length < asked.length ? { unanswered: Array.from(asked).filter((row) => !answered.has(row)) } : {}
  if (task.interactions) return { ...withInteractions(request), ...missed }
  const attributions = explainPipeline(request)
  return {
    ...describeExplanation(pipeline, table.columns, rows, attributions),
    ...(attributions.method === 'sampling' ? { sampling: precisionOf(attributions, request.tolerance) } : {}),
    ...(grouping ? { grouped: grouping.groups } : {}),
    ...(task.correlated ? { correlated: true } : {}),
    ...missed,
  }
}

/** The bound that was asked for, and the largest error as a share of all that moves a row's score. */
function precisionOf({ values, standardErrors, nPlayers }: Attributions, bound = samplingTolerance) {
  let largest = 0
  for (let from = 0; from < values.length; from += nPlayers) {
    const size = values.subarray(from, from + nPlayers).reduce((sum, value) => sum + Math.abs(value), 0)
    const error = standardErrors?.subarray(from, from + nPlayers).reduce((most, each) => Math.max(most, each), 0) ?? 0
    if (size > 0) largest = Math.max(largest, error / size)
  }
  return { bound, largest }
}

/** Whether each row costs predictions for each row of the background; closed forms are quick as they are. */
function costsPredictions(how: Pick<ExplainRequest, 'pipeline' | 'method' | 'output' | 'hierarchy'>): boolean {
  const method = how.method === 'auto' ? strongestMethod(how) : how.method
  return method === 'exact' || method === 'sampling'
}

function withInteractions(request: ExplainRequest): Explanation {
  const { pipeline, columns, rows } = request
  if (request.hierarchy !== undefined || request.correlated) {
    throw new MaestroError(
      'INPUT_INVALID',
      'Interactions are those of Shapley values with independent columns.',
      'Leave grouped and correlated out, or ask for the attributions alone.',
    )
  }
  const nOutputs = pipeline.task === 'multiclass' ? pipeline.classes.length : 1
  const most = Math.floor(mostInteractionValues / (nOutputs * pipeline.inputs.length ** 2))
  if (rows.length > most) {
    throw new MaestroError(
      'INPUT_INVALID',
      `${rows.length} rows with a number for every pair of ${pipeline.inputs.length} columns are too many at once.`,
      `Ask for at most ${most} rows.`,
    )
  }
  const { attributions, matrices } = explainInteractions(request)
  const { nPlayers } = attributions
  const explanation = describeExplanation(pipeline, columns, rows, attributions)
  return {
    ...explanation,
    rows: explanation.rows.map((row, i) => ({
      ...row,
      interactions: Array.from({ length: attributions.nOutputs }, (_, k) =>
        Array.from({ length: nPlayers }, (_player, p) => {
          const from = ((i * attributions.nOutputs + k) * nPlayers + p) * nPlayers
          return Array.from(matrices.subarray(from, from + nPlayers))
        }),
      ),
    })),
  }
}

/** Columns that say the same in the table of the background, the most alike together first. */
function groupColumns(pipeline: Pipeline, table: LoadedTable) {
  const joins = joinsOfColumns(table)
  const names = pipeline.inputs.map(({ name }) => name)
  return { hierarchy: hierarchyOf(joins, table.columns.length), groups: groupsNearestFirst(joins, names) }
}
