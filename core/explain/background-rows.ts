import { representativeRows } from '../../engine/explain/representative-rows.ts'
import { GraphEvaluationError } from '../../engine/onnx/evaluate/graph-tensor.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { LoadedTable } from './loaded.ts'
import { loadTable, Recent, sampleRows } from './loaded.ts'
import type { OnModel } from './on-model.ts'

/** Rows against which attributions are measured. */
export const backgroundRows = 100
/** Rows that they are chosen among, each of which is predicted once. */
const chosenAmong = 2_000

const chosen = new Recent<Int32Array>(16)

/** A table to measure against, and its rows that stand for all of them. */
export interface Background {
  readonly columns: LoadedTable['columns']
  readonly rows: Int32Array
}

/**
 * `count` rows of a table that are predicted much as all of its rows: a sample with one row of each of as many parts of
 * the predictions, so that the base value is nearly the mean over the table. The same rows each time, and the same list.
 */
export function backgroundOf(
  pipeline: Pipeline,
  { pipelinePath, backgroundPath }: Pick<OnModel, 'pipelinePath'> & { readonly backgroundPath: string },
  count: number,
): Background {
  const { columns, nRows } = loadTable(backgroundPath, pipeline)
  const rows = chosen.get(`${pipelinePath} ${backgroundPath} ${count}`, () => {
    try {
      return representativeRows(pipeline, columns, sampleRows(nRows, chosenAmong), count)
    } catch (error) {
      // A model of another tool may refuse some of the rows; those that it is asked about then need not be among them.
      if (error instanceof GraphEvaluationError || error instanceof MaestroError) return sampleRows(nRows, count)
      throw error
    }
  })
  return { columns, rows }
}
