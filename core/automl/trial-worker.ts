import { parentPort, workerData } from 'node:worker_threads'
import type { Learner } from '../../engine/learners/learner.ts'
import { learnerByName } from '../../engine/learners/registry.ts'
import { computeMetric } from '../../engine/metrics/metrics.ts'
import type { PipelineMember } from '../../engine/pipeline/pipeline.ts'
import { memberOutputs } from '../../engine/pipeline/predict-pipeline.ts'
import type { FeatureMatrix } from '../../engine/preprocess/feature-matrix.ts'
import type { FittedEncoders } from '../../engine/preprocess/fit-encoders.ts'
import { fitEncoders } from '../../engine/preprocess/fit-encoders.ts'
import { transformColumns } from '../../engine/preprocess/transform-columns.ts'
import { deriveSeed } from '../../engine/random.ts'
import { toErrorRecord } from '../../shared/errors.ts'
import type { FittedFold, TrialAnswer, TrialTask, TrialWorkerData } from './trial-task.ts'

/** A thread of the pool: one fit at a time, keeping what it has encoded for the next. */
if (!parentPort) throw new Error('trial-worker runs as a thread')
const port = parentPort
const data = workerData as TrialWorkerData
const { target } = data
const nClasses = target.classes.length

interface Prepared {
  readonly fitted: FittedEncoders
  readonly trainRows: Int32Array
  readonly validation: FeatureMatrix | null
  readonly bytes: number
}

/** Encoded folds are kept up to this size a thread. */
const keptBytes = 512 * 1024 * 1024
const prepared = new Map<string, Prepared>()

/** Thrown through a learner that was told to stop, so that half a model is never judged. */
class StoppedError extends Error {
  override readonly name = 'StoppedError'
}

port.on('message', (task: TrialTask) => port.postMessage(answer(task)))

function answer(task: TrialTask): TrialAnswer {
  try {
    return { taskId: task.taskId, kind: 'fitted', fitted: train(task) }
  } catch (error) {
    if (error instanceof StoppedError) return { taskId: task.taskId, kind: 'stopped' }
    return { taskId: task.taskId, kind: 'failed', error: toErrorRecord(error) }
  }
}

function train(task: TrialTask): FittedFold {
  const learner = learnerByName(task.learner)
  const { fitted, trainRows, validation } = prepare(task.fold, learner.encoding)
  const started = performance.now()
  let stopped = false
  const { weights } = data
  const result = learner.fit(
    {
      task: target.task,
      nClasses,
      matrix: fitted.trainMatrix,
      labels: Float64Array.from(trainRows, (row) => target.values[row] as number),
      weights: weights ? Float64Array.from(trainRows, (row) => weights[row] as number) : null,
      rows: Int32Array.from({ length: trainRows.length }, (_, i) => i),
      validationRows: null,
      seed: deriveSeed(task.seed, task.fold + 1),
      shouldStop: () => {
        stopped ||= Atomics.load(data.control, 0) === 1
        return stopped
      },
    },
    task.parameters,
  )
  if (stopped) throw new StoppedError()
  const fitSeconds = (performance.now() - started) / 1000
  const member: PipelineMember = {
    weight: 1,
    learner: learner.name,
    encoders: fitted.encoders,
    features: fitted.features,
    model: result.model,
    targetTransform: 'none',
  }
  return { member, fitSeconds, learningCurve: result.learningCurve, ...judge(member, task.fold, validation) }
}

function judge(member: PipelineMember, fold: number, validation: FeatureMatrix | null) {
  if (!validation) return { values: new Float64Array(0), score: Number.NaN, predictMicrosPerRow: Number.NaN }
  const started = performance.now()
  const values = memberOutputs(member, validation)
  const predictMicrosPerRow = ((performance.now() - started) * 1000) / Math.max(1, validation.nRows)
  const rows = data.folds[fold]?.validation ?? new Int32Array(0)
  const labels = Float64Array.from(rows, (row) => target.values[row] as number)
  const predictions = { nRows: rows.length, nClasses: target.task === 'regression' ? 0 : nClasses, values }
  const weights = data.weights ? Float64Array.from(rows, (row) => (data.weights as Float64Array)[row] as number) : null
  return { values, score: computeMetric(data.metric, labels, predictions, 0.5, weights), predictMicrosPerRow }
}

/** Encoders are fitted on the fold's training rows only; the validation rows are encoded by them. */
function prepare(fold: number, encoding: Learner['encoding']): Prepared {
  const key = `${fold} ${encoding}`
  const known = prepared.get(key)
  if (known) {
    prepared.delete(key)
    prepared.set(key, known)
    return known
  }
  const split = data.folds[fold]
  const trainRows = split?.train ?? Int32Array.from({ length: target.values.length }, (_, row) => row)
  const fitted = fitEncoders({
    columns: data.columns,
    inputs: data.inputs,
    target,
    rows: trainRows,
    encoding,
    seed: fold + 1,
  })
  const validation = split ? transformColumns(data.columns, fitted.encoders, fitted.features, split.validation) : null
  const bytes = 4 * fitted.features.length * (trainRows.length + (validation?.nRows ?? 0))
  const made = { fitted, trainRows, validation, bytes }
  prepared.set(key, made)
  let total = 0
  for (const each of prepared.values()) total += each.bytes
  for (const [oldest, each] of prepared) {
    if (total <= keptBytes || oldest === key) break
    prepared.delete(oldest)
    total -= each.bytes
  }
  return made
}
