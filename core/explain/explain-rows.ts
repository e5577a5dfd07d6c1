import { clusterColumns, columnRedundancy } from '../../engine/explain/column-redundancy.ts'
import { explainInteractions } from '../../engine/explain/explain-interactions.ts'
import { explainPipeline, strongestMethod } from '../../engine/explain/explain-pipeline.ts'
import type { ExplainRequest } from '../../engine/explain/explanation.ts'
import { hierarchyOf } from '../../engine/explain/hierarchy.ts'
import { representativeRows } from '../../engine/explain/representative-rows.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import type { Explanation } from '../../shared/domain/explanations.ts'
import { MaestroError } from '../../shared/errors.ts'
import { describeExplanation } from './describe-explanation.ts'
import { groupsNearestFirst } from './describe-redundancy.ts'
import type { ExplainRowsTask } from './explain-task.ts'
import type { LoadedTable } from './loaded.ts'
import { columnsOfRecords, loadModel, loadTable, Recent, requireRow, sampleRows } from './loaded.ts'

/** Rows against which attributions are measured, drawn once a model from its training data. */
const backgroundRows = 100
/** Where each explained row costs predictions and somebody waits: enough for the order of the columns while it is dragged. */
const quickBackgroundRows = 6
const quickBackgrounds = new Recent<Int32Array>(8)
/** Sampling ends once no value is uncertain by more than this share of all that moves the score. */
const samplingTolerance = 0.01
/** Rows from which is told which columns say the same. */
const redundancyRows = 2_000
/** Doubles of interaction matrices that one answer may hold: some 50 MB of JSON. */
const mostInteractionValues = 2_500_000

/** Attributions of rows of a table, or of records. */
export function explainRows(task: ExplainRowsTask): Explanation {
  const pipeline = loadModel(task.pipelinePath)
  const background = loadTable(task.backgroundPath, pipeline)
  const table = task.records ? columnsOfRecords(pipeline, task.records) : loadTable(task.columnFilePath, pipeline)
  const rows = Int32Array.from(task.records ? task.records.keys() : task.rows)
  for (const row of rows) requireRow(table, row)
  const grouping = task.grouped ? groupColumns(pipeline, background) : null
  const method = task.method === 'auto' && task.correlated ? 'linear' : task.method
  const request: ExplainRequest = {
    pipeline,
    columns: table.columns,
    rows,
    background: { columns: background.columns, rows: sampleRows(background.nRows, backgroundRows) },
    method,
    output: task.output,
    seed: 0,
    rounds: 10,
    tolerance: samplingTolerance,
    ...(grouping ? { hierarchy: grouping.hierarchy } : {}),
    ...(task.correlated ? { correlated: true } : {}),
  }
  if (task.interactions) return withInteractions(request)
  const attributions = explainPipeline(task.effort === 'quick' ? lighter(request, task) : request)
  return {
    ...describeExplanation(pipeline, table.columns, rows, attributions),
    ...(grouping ? { grouped: grouping.groups } : {}),
    ...(task.correlated ? { correlated: true } : {}),
  }
}

/** The same with less to predict, where each row costs predictions; closed forms are quick as they are. */
function lighter(request: ExplainRequest, task: ExplainRowsTask): ExplainRequest {
  const method = request.method === 'auto' ? strongestMethod(request) : request.method
  if (method !== 'exact' && method !== 'sampling') return request
  const { columns, rows } = request.background
  const key = `${task.pipelinePath} ${task.backgroundPath}`
  const few = quickBackgrounds.get(key, () => representativeRows(request.pipeline, columns, rows, quickBackgroundRows))
  return { ...request, background: { columns, rows: few }, rounds: 1 }
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
function groupColumns(pipeline: Pipeline, { columns, nRows }: LoadedTable) {
  const n = columns.length
  const joins = clusterColumns(columnRedundancy(columns, sampleRows(nRows, redundancyRows)), n)
  const names = pipeline.inputs.map(({ name }) => name)
  return { hierarchy: hierarchyOf(joins, n), groups: groupsNearestFirst(joins, names) }
}
