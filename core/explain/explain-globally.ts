import { explainPipeline, strongestMethod } from '../../engine/explain/explain-pipeline.ts'
import type { Attributions } from '../../engine/explain/explanation.ts'
import { readGlobal } from '../../engine/explain/reading.ts'
import type { Column } from '../../engine/frame/frame.ts'
import type { GlobalExplanation } from '../../shared/domain/explanations.ts'
import { sampleAnswered } from './answered-rows.ts'
import { backgroundOf, backgroundRows } from './background-rows.ts'
import { cellOf } from './describe-explanation.ts'
import type { GlobalTask } from './explain-task.ts'
import { loadModel, loadTable } from './loaded.ts'

/** Rows explained for the summary: as many as a beeswarm shows, fewer where each row takes thousands of predictions. */
const exactRows = 1_000
const sampledRows = 200
/** Of the background, where each of its rows costs predictions too. */
const slowBackgroundRows = 25

/** Beeswarm and bars of a model over rows of a table: strongest column first. */
export function explainGlobally(task: GlobalTask, onProgress?: (fraction: number) => void): GlobalExplanation {
  const pipeline = loadModel(task.pipelinePath)
  const table = loadTable(task.columnFilePath, pipeline)
  const method = strongestMethod({ pipeline, output: 'raw' })
  const slow = method === 'sampling' || method === 'exact'
  const background = backgroundOf(pipeline, task, slow ? slowBackgroundRows : backgroundRows)
  const rows = sampleAnswered(pipeline, table, slow ? sampledRows : exactRows)
  const attributions = explainPipeline({
    pipeline,
    columns: table.columns,
    rows,
    background,
    method,
    output: 'raw',
    seed: 0,
    rounds: 1,
    ...(onProgress ? { onProgress } : {}),
  })
  const features = describeFeatures(
    pipeline.inputs.map(({ name }) => name),
    table.columns,
    rows,
    attributions,
  )
  return {
    method: attributions.method,
    exact: attributions.exact,
    output: attributions.output,
    task: pipeline.task,
    classes: [...pipeline.classes],
    rows: rows.length,
    baseValues: Array.from(attributions.baseValues),
    features,
    rowNumbers: Array.from(rows),
    // TreeSHAP along the paths has none: its expectation is the trees' own.
    ...(method === 'tree' ? {} : { background: Array.from(background.rows) }),
    datasetDigest: task.datasetDigest,
    modelDigest: task.modelDigest,
    additivity: { maxAbsError: attributions.maxAbsError },
    reading: readGlobal(features),
  }
}

function describeFeatures(
  names: readonly string[],
  columns: readonly Column[],
  rows: Int32Array,
  attributions: Attributions,
): GlobalExplanation['features'] {
  const { nOutputs, nPlayers, values } = attributions
  const described = names.map((name, player) => {
    const positions = positionsOf(columns[player] as Column, rows)
    const points = Array.from({ length: nOutputs }, (_, k) => ({
      values: Array.from(rows, (_row, i) => values[(i * nOutputs + k) * nPlayers + player] as number),
      positions,
    }))
    const all = points.flatMap((point) => point.values)
    const meanAbs = all.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, all.length)
    return { name, meanAbs, share: 0, points, cells: Array.from(rows, (row) => cellOf(columns[player] as Column, row)) }
  })
  const total = described.reduce((sum, feature) => sum + feature.meanAbs, 0)
  return described
    .map((feature) => ({ ...feature, share: total > 0 ? feature.meanAbs / total : 0 }))
    .sort((a, b) => b.meanAbs - a.meanAbs)
}

/** Where a value stands among the others, 0 to 1 by rank (ties share), for the colour; null for categories and missing. */
function positionsOf(column: Column, rows: Int32Array): (number | null)[] {
  if (column.storage === 'codes') return Array.from(rows, () => null)
  const sorted = Float64Array.from(rows, (row) => column.values[row] as number)
    .filter((value) => !Number.isNaN(value))
    .sort()
  const positionOf = new Map<number, number>()
  for (let start = 0; start < sorted.length; ) {
    let end = start
    while (end + 1 < sorted.length && sorted[end + 1] === sorted[start]) end += 1
    positionOf.set(sorted[start] as number, sorted.length > 1 ? (start + end) / 2 / (sorted.length - 1) : 0.5)
    start = end + 1
  }
  return Array.from(rows, (row) => positionOf.get(column.values[row] as number) ?? null)
}
