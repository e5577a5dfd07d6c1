import { AdditivityError, MethodUnavailableError } from '../../engine/explain/explain-pipeline.ts'
import { mostUncertainRows, mostWrongRows, outlierRows } from '../../engine/explain/interesting-rows.ts'
import { permutationImportance } from '../../engine/explain/permutation-importance.ts'
import { readImportance } from '../../engine/explain/reading.ts'
import { computeMetric } from '../../engine/metrics/metrics.ts'
import { describePerformance } from '../../engine/metrics/performance.ts'
import { GraphEvaluationError } from '../../engine/onnx/evaluate/graph-tensor.ts'
import { predictPipelineColumns } from '../../engine/pipeline/predict-pipeline.ts'
import type { Importance } from '../../shared/domain/explanations.ts'
import type { Performance } from '../../shared/domain/training.ts'
import { lessIsBetter } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import { checkReading } from './check-reading.ts'
import { compareModels } from './compare-models.ts'
import { dependenceOf, dependencesOf } from './describe-partial-dependence.ts'
import { groupsOfColumns } from './describe-redundancy.ts'
import { explainGlobally } from './explain-globally.ts'
import { explainRows } from './explain-rows.ts'
import type { ExplainTask, ImportanceTask, InterestingRowsTask, PerformanceTask } from './explain-task.ts'
import { loadModel, loadTable, sampleRows, targetOf } from './loaded.ts'
import { runInspectionTask } from './run-inspection-task.ts'

/** Rows averaged over for importance: enough for three digits, few enough to wait for. */
const importanceRows = 5_000

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
        return dependenceOf(task)
      case 'dependences':
        return dependencesOf(task, task.features)
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
    ...(task.grouped ? { groups: groupsOfColumns(table) } : {}),
    ...(onProgress ? { onProgress } : {}),
  })
  const features = computed.features.map(({ inputs, ...feature }) =>
    inputs.length > 1 ? { ...feature, columns: inputs.map((input) => pipeline.inputs[input]?.name ?? '') } : feature,
  )
  return {
    metric: task.metric,
    baseline: computed.baseline,
    onTrainingRows: task.onTrainingRows,
    repeats: task.repeats,
    features: features.sort((a, b) => b.mean - a.mean),
    reading: readImportance(task.metric, features),
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
