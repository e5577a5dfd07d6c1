import { AdditivityError, explainPipeline } from '../../engine/explain/explain-pipeline.ts'
import { mostUncertainRows, mostWrongRows, outlierRows } from '../../engine/explain/interesting-rows.ts'
import { MethodUnavailableError } from '../../engine/explain/method-unavailable-error.ts'
import { partialDependence } from '../../engine/explain/partial-dependence.ts'
import { permutationImportance } from '../../engine/explain/permutation-importance.ts'
import { readDependence, readImportance } from '../../engine/explain/reading.ts'
import type { Column } from '../../engine/frame/frame.ts'
import { computeMetric } from '../../engine/metrics/metrics.ts'
import { describePerformance } from '../../engine/metrics/performance.ts'
import { predictPipelineColumns } from '../../engine/pipeline/predict-pipeline.ts'
import type { Dependence, Explanation, Importance } from '../../shared/domain/explanations.ts'
import type { Performance } from '../../shared/domain/training.ts'
import { lessIsBetter } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import { compareModels } from './compare-models.ts'
import { describeExplanation } from './describe-explanation.ts'
import { explainGlobally } from './explain-globally.ts'
import type {
  DependenceTask,
  ExplainRowsTask,
  ExplainTask,
  ImportanceTask,
  InterestingRowsTask,
  PerformanceTask,
} from './explain-task.ts'
import { columnsOfRecords, loadModel, loadTable, sampleRows, targetOf } from './loaded.ts'

/** Rows against which attributions are measured, drawn once a model from its training data. */
export const backgroundRows = 100
/** Rows averaged over for importance and dependence: enough for three digits, few enough to wait for. */
const importanceRows = 5_000
const dependenceRows = 1_000
const iceCurves = 50
/** Sampling ends once no value is uncertain by more than this share of all that moves the score. */
const samplingTolerance = 0.01

/** Does one task; the slow ones tell how far they are. Throws MaestroError for what the user can mend. */
export function runExplainTask(task: ExplainTask, onProgress?: (fraction: number) => void): unknown {
  try {
    switch (task.kind) {
      case 'rows':
        return explainRows(task)
      case 'global':
        return explainGlobally(task, onProgress)
      case 'importance':
        return importance(task, onProgress)
      case 'dependence':
        return dependence(task)
      case 'interesting-rows':
        return interestingRows(task)
      case 'performance':
        return performance(task)
      case 'compare':
        return compareModels(task)
    }
  } catch (error) {
    if (error instanceof AdditivityError) {
      throw new MaestroError(
        'EXPLANATION_FAILED',
        error.message,
        'This is a defect in Maestro; please report it with the model.',
        {
          row: error.row,
          error: error.error,
        },
      )
    }
    if (error instanceof MethodUnavailableError) {
      throw new MaestroError(
        'INPUT_INVALID',
        error.message,
        'Leave the method out and the strongest one that holds is taken.',
      )
    }
    throw error
  }
}

function explainRows(task: ExplainRowsTask): Explanation {
  const pipeline = loadModel(task.pipelinePath)
  const background = loadTable(task.backgroundPath, pipeline)
  const table = task.records ? columnsOfRecords(pipeline, task.records) : loadTable(task.columnFilePath, pipeline)
  const rows = Int32Array.from(task.records ? task.records.keys() : task.rows)
  for (const row of rows) {
    if (row >= table.nRows) {
      throw new MaestroError(
        'INPUT_INVALID',
        `There is no row ${row}: the table has ${table.nRows} rows.`,
        `Rows count from 0 to ${table.nRows - 1}.`,
      )
    }
  }
  const attributions = explainPipeline({
    pipeline,
    columns: table.columns,
    rows,
    background: { columns: background.columns, rows: sampleRows(background.nRows, backgroundRows) },
    method: task.method,
    output: task.output,
    seed: 0,
    rounds: 10,
    tolerance: samplingTolerance,
  })
  return describeExplanation(pipeline, table.columns, rows, attributions)
}

function importance(task: ImportanceTask, onProgress?: (fraction: number) => void): Importance {
  const pipeline = loadModel(task.pipelinePath)
  const table = loadTable(task.columnFilePath, pipeline)
  const target = targetOf(task.columnFilePath, pipeline)
  const rows = sampleRows(table.nRows, importanceRows).filter((row) => !Number.isNaN(target.values[row]))
  const labels = Float64Array.from(rows, (row) => target.values[row] as number)
  const computed = permutationImportance({
    pipeline,
    columns: table.columns,
    rows,
    metric: (predictions) => computeMetric(task.metric, labels, predictions, pipeline.threshold),
    lessIsBetter: lessIsBetter.has(task.metric),
    repeats: task.repeats,
    seed: 0,
    ...(onProgress ? { onProgress } : {}),
  })
  return {
    metric: task.metric,
    baseline: computed.baseline,
    onTrainingRows: task.onTrainingRows,
    repeats: task.repeats,
    features: [...computed.features].sort((a, b) => b.mean - a.mean),
    reading: readImportance(task.metric, computed.features),
  }
}

function dependence(task: DependenceTask): Dependence {
  const pipeline = loadModel(task.pipelinePath)
  const table = loadTable(task.columnFilePath, pipeline)
  const input = pipeline.inputs.findIndex(({ name }) => name === task.feature)
  if (input < 0) {
    throw new MaestroError(
      'COLUMN_UNKNOWN',
      `The model does not use a column named ${task.feature}.`,
      `It uses ${pipeline.inputs.map(({ name }) => name).join(', ')}.`,
    )
  }
  const rows = sampleRows(table.nRows, task.ice ? iceCurves : dependenceRows)
  const all = task.ice ? sampleRows(table.nRows, dependenceRows) : rows
  const computed = partialDependence({ pipeline, columns: table.columns, rows: all, input, ice: false })
  const curves = task.ice ? partialDependence({ pipeline, columns: table.columns, rows, input, ice: true }) : null
  const sameGrid = curves?.grid.length === computed.grid.length
  const column = table.columns[input] as Column
  const grid = computed.grid.map((value) => showCell(column, value))
  return {
    feature: task.feature,
    kind: computed.kind,
    classes:
      pipeline.task === 'multiclass'
        ? [...pipeline.classes]
        : pipeline.task === 'binary'
          ? [pipeline.classes[1] ?? '']
          : [],
    grid,
    mean: computed.mean.map((line) => [...line]),
    curves: sameGrid ? (curves.curves?.map((line) => [...line]) ?? null) : null,
    counts: [...computed.counts],
    reading: readDependence(task.feature, grid, computed.mean[0] ?? []),
  }
}

function showCell(column: Column, value: number | string | null): number | string | null {
  if (typeof value !== 'number' || column.type !== 'datetime') return value
  return new Date(value * 1000).toISOString()
}

function interestingRows(task: InterestingRowsTask) {
  const pipeline = loadModel(task.pipelinePath)
  const table = loadTable(task.columnFilePath, pipeline)
  const rows = sampleRows(table.nRows, 50_000)
  const predictions = predictPipelineColumns(pipeline, table.columns, rows)
  const target = targetOf(task.columnFilePath, pipeline, true)
  return {
    mostWrong: target ? mostWrongRows(target, predictions, rows, task.limit) : [],
    mostUncertain: target ? mostUncertainRows(target, predictions, rows, task.limit) : [],
    outliers: outlierRows(table.columns, rows, task.limit),
  }
}

function performance(task: PerformanceTask): Performance {
  const pipeline = loadModel(task.pipelinePath)
  const table = loadTable(task.columnFilePath, pipeline)
  const target = targetOf(task.columnFilePath, pipeline)
  const rows = sampleRows(table.nRows, table.nRows).filter((row) => !Number.isNaN(target.values[row]))
  const predictions = predictPipelineColumns(pipeline, table.columns, rows)
  return describePerformance({
    target,
    predictions,
    rows,
    columns: table.columns,
    threshold: pipeline.threshold,
    basis: task.basis,
    seed: 0,
  })
}
