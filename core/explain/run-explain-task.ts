import { AdditivityError, MethodUnavailableError } from '../../engine/explain/explain-pipeline.ts'
import { mostUncertainRows, mostWrongRows, outlierRows } from '../../engine/explain/interesting-rows.ts'
import { partialDependence } from '../../engine/explain/partial-dependence.ts'
import { permutationImportance } from '../../engine/explain/permutation-importance.ts'
import { readDependence, readImportance } from '../../engine/explain/reading.ts'
import type { Column } from '../../engine/frame/frame.ts'
import { computeMetric } from '../../engine/metrics/metrics.ts'
import { describePerformance } from '../../engine/metrics/performance.ts'
import { GraphEvaluationError } from '../../engine/onnx/evaluate/graph-tensor.ts'
import { predictPipelineColumns } from '../../engine/pipeline/predict-pipeline.ts'
import type { Dependence, Importance } from '../../shared/domain/explanations.ts'
import type { Performance } from '../../shared/domain/training.ts'
import { lessIsBetter } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import { checkReading } from './check-reading.ts'
import { compareModels } from './compare-models.ts'
import { gridCell, shownClasses } from './describe-dependence.ts'
import { explainGlobally } from './explain-globally.ts'
import { explainRows } from './explain-rows.ts'
import type {
  DependenceTask,
  ExplainTask,
  ImportanceTask,
  InterestingRowsTask,
  PerformanceTask,
} from './explain-task.ts'
import { inputOf, loadModel, loadTable, sampleRows, targetOf } from './loaded.ts'
import { runInspectionTask } from './run-inspection-task.ts'

/** Rows averaged over for importance and dependence: enough for three digits, few enough to wait for. */
const importanceRows = 5_000
const dependenceRows = 1_000
const iceCurves = 50
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
      case 'check-reading':
        return checkReading(task)
      case 'counterfactuals':
      case 'surrogate':
      case 'redundancy':
      case 'interactions':
      case 'pair':
      case 'effects':
        return runInspectionTask(task)
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
    if (error instanceof GraphEvaluationError) {
      throw new MaestroError(
        'MODEL_FAILED',
        `The model does not take these rows: ${error.message}`,
        'Correct the rows, or explain others.',
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
  const input = inputOf(pipeline, task.feature)
  const rows = sampleRows(table.nRows, task.ice ? iceCurves : dependenceRows)
  const all = task.ice ? sampleRows(table.nRows, dependenceRows) : rows
  const computed = partialDependence({ pipeline, columns: table.columns, rows: all, input, ice: false })
  const curves = task.ice ? partialDependence({ pipeline, columns: table.columns, rows, input, ice: true }) : null
  const sameGrid = curves?.grid.length === computed.grid.length
  const column = table.columns[input] as Column
  const grid = computed.grid.map((value) => gridCell(column, value))
  return {
    feature: task.feature,
    kind: computed.kind,
    classes: shownClasses(pipeline),
    grid,
    mean: computed.mean.map((line) => [...line]),
    curves: sameGrid ? (curves.curves?.map((line) => [...line]) ?? null) : null,
    counts: [...computed.counts],
    reading: readDependence(task.feature, grid, computed.mean[0] ?? []),
  }
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
