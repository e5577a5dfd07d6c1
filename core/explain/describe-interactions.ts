import { explainInteractions } from '../../engine/explain/explain-interactions.ts'
import { explainPipeline, MethodUnavailableError, strongestMethod } from '../../engine/explain/explain-pipeline.ts'
import type { ExplainRequest } from '../../engine/explain/explanation.ts'
import type { InteractionStrengths } from '../../engine/explain/interaction-strengths.ts'
import {
  estimateStrengths,
  strengthsOfMatrices,
  strongestPartners,
} from '../../engine/explain/interaction-strengths.ts'
import { readInteractions } from '../../engine/explain/read-inspections.ts'
import type { ColumnInteractions } from '../../shared/domain/inspections.ts'
import { sampleAnswered } from './answered-rows.ts'
import { backgroundOf, backgroundRows } from './background-rows.ts'
import type { InteractionsTask } from './inspection-task.ts'
import type { LoadedTable } from './loaded.ts'
import { loadModel, loadTable } from './loaded.ts'

/** Rows with interaction values, each a matrix of all pairs; fewer where all coalitions are gone through. */
const treeRows = 300
const exactRows = 40
const exactBackgroundRows = 8
/** Where interaction values are not to be had they are estimated from the attributions of so many rows. */
const sampledRows = 200

/** Which columns of a model act together over the rows of a table. */
export function describeInteractions(task: InteractionsTask): ColumnInteractions {
  const pipeline = loadModel(task.pipelinePath)
  const table = loadTable(task.columnFilePath, pipeline)
  const slow = ['exact', 'sampling'].includes(strongestMethod({ pipeline, output: 'raw' }))
  const rows = sampleAnswered(pipeline, table, slow ? exactRows : treeRows)
  const request: ExplainRequest = {
    pipeline,
    columns: table.columns,
    rows,
    background: backgroundOf(pipeline, task, slow ? exactBackgroundRows : backgroundRows),
    method: 'auto',
    output: 'raw',
    seed: 0,
    rounds: 1,
  }
  const [found, nRows] = strengthsOf(request, table)
  const features = pipeline.inputs.map(({ name }) => name)
  const n = features.length
  return {
    exact: found.exact,
    features,
    strengths: features.map((_, p) => Array.from(found.strengths.subarray(p * n, (p + 1) * n))),
    partners: Array.from(strongestPartners(found, n), (partner) => features[partner] ?? null),
    rows: nRows,
    reading: readInteractions(features, found.strengths, found.exact),
  }
}

function strengthsOf(request: ExplainRequest, available: LoadedTable): [InteractionStrengths, number] {
  try {
    const { matrices, attributions } = explainInteractions(request)
    return [strengthsOfMatrices(matrices, attributions.nPlayers), request.rows.length]
  } catch (error) {
    if (!(error instanceof MethodUnavailableError)) throw error
    const rows = sampleAnswered(request.pipeline, available, sampledRows)
    return [estimateStrengths(request.columns, rows, explainPipeline({ ...request, rows })), rows.length]
  }
}
