import { parentPort, workerData } from 'node:worker_threads'
import { balancedWeights } from '../../engine/learners/class-weights.ts'
import { thinForest } from '../../engine/learners/forest/thin-forest.ts'
import type { FitInput, Parameters } from '../../engine/learners/learner.ts'
import { learnerByName } from '../../engine/learners/registry.ts'
import { computeMetric } from '../../engine/metrics/metrics.ts'
import type { PipelineMember } from '../../engine/pipeline/pipeline.ts'
import { memberOutputs } from '../../engine/pipeline/predict-pipeline.ts'
import { fitEncoders } from '../../engine/preprocess/fit-encoders.ts'
import { transformColumns } from '../../engine/preprocess/transform-columns.ts'
import { deriveSeed, randomStream, shuffledIndices } from '../../engine/random.ts'
import { isStagewise, learnerParameters } from '../../engine/search/search-space.ts'
import { MaestroError, toErrorRecord } from '../../shared/errors.ts'
import { performanceFromPredictions } from './out-of-fold-performance.ts'
import { loadPlugInLearners } from './plug-in-learners.ts'
import type {
  DoneTask,
  EncodedFold,
  EncodeTask,
  FitTask,
  FittedFold,
  FoldTask,
  JudgedFold,
  SentTask,
  TrialAnswer,
  TrialTask,
  TrialWorkerData,
} from './trial-task.ts'
import { encodedKey } from './trial-task.ts'

/** A thread of the pool: one task at a time. */
if (!parentPort) throw new Error('trial-worker runs as a thread')
const port = parentPort
const data = workerData as TrialWorkerData
const { target } = data
const nClasses = target.classes.length
const encodedFolds = new Map<string, EncodedFold>()

/** Thrown out of a fit that was told to stop, so that half a model is never judged. */
class StoppedError extends Error {
  override readonly name = 'StoppedError'
}

await loadPlugInLearners()

port.on('message', ({ task, encoded, forget }: SentTask) => {
  for (const key of forget) encodedFolds.delete(key)
  if (encoded && task.kind !== 'describe') encodedFolds.set(encodedKey(task), encoded)
  port.postMessage(doTask(task))
})

function doTask(task: TrialTask): DoneTask {
  const started = performance.now()
  const before = process.threadCpuUsage()
  const told = answer(task)
  const { user, system } = process.threadCpuUsage(before)
  return { answer: told, effort: { wall: (performance.now() - started) / 1e3, processor: (user + system) / 1e6 } }
}

function answer(task: TrialTask): TrialAnswer {
  try {
    switch (task.kind) {
      case 'encode':
        return { kind: 'encoded', encoded: encodeFold(task) }
      case 'fit':
        return { kind: 'fitted', fitted: fitFold(task, encodedOf(task)) }
      case 'judge':
        return { kind: 'judged', judged: judgeFold(task.member, task.fold, encodedOf(task)) }
      case 'describe':
        return {
          kind: 'described',
          performance: performanceFromPredictions(data, task.values, data.metric, task.seed, task.threshold),
        }
    }
  } catch (error) {
    if (error instanceof StoppedError) return { kind: 'stopped' }
    return { kind: 'failed', error: toErrorRecord(error) }
  }
}

function encodedOf(task: FoldTask): EncodedFold {
  const known = encodedFolds.get(encodedKey(task))
  if (!known) throw new Error(`This thread has not been given fold ${task.fold} as ${task.encoding}.`)
  return known
}

function trainRowsOf(fold: number): Int32Array {
  return data.folds[fold]?.train ?? Int32Array.from(target.values.keys())
}

function validationRowsOf(fold: number): Int32Array {
  return data.folds[fold]?.validation ?? new Int32Array(0)
}

/** Encoders are fitted on the fold's training rows only; the validation rows are encoded by them. */
function encodeFold({ fold, encoding }: EncodeTask): EncodedFold {
  const { columns, inputs } = data
  const rows = trainRowsOf(fold)
  const validation = validationRowsOf(fold)
  const fitted = fitEncoders({ columns, inputs, target, rows, encoding, seed: fold + 2 })
  const judged = transformColumns(columns, fitted.encoders, fitted.features, validation)
  const shared = fitted.trainMatrix.columns.map((column, at) => {
    const joined = new Float32Array(new SharedArrayBuffer(4 * (rows.length + validation.length)))
    joined.set(column)
    joined.set(judged.columns[at] as Float32Array, rows.length)
    return joined
  })
  const { encoders, features } = fitted
  return { encoders, features, columns: shared, nTrain: rows.length, nValidation: validation.length }
}

function fitFold(task: FitTask, encoded: EncodedFold): FittedFold {
  const learner = learnerByName(task.learner)
  if (encoded.features.length === 0) throw nothingToLearnFrom()
  const { targetTransform = 'none' } = task.parameters
  const parameters = learnerParameters(learner, task.parameters)
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1000
  const told = { toStop: false }
  const input = fitInput(task, encoded, targetTransform, () => {
    told.toStop ||= Atomics.load(data.control, 0) === 1
    return told.toStop || (task.findIterations && elapsed() > task.secondsLimit)
  })
  const result = learner.fit(input, task.findIterations ? withoutEnd(parameters) : parameters)
  if (told.toStop) throw new StoppedError()
  const trained = elapsed()
  const member: PipelineMember = {
    weight: 1,
    learner: learner.name,
    encoders: encoded.encoders,
    features: encoded.features,
    model: result.model,
    targetTransform: targetTransform === 'log1p' ? 'log1p' : 'none',
  }
  const judged = judgeFold(member, task.fold, encoded)
  const { model } = result
  // A model that only remembers its rows costs its time when it answers: the search has to know.
  const fitSeconds = model.kind === 'neighbours' ? elapsed() : trained
  const kept = model.kind === 'trees' && !isStagewise(learner) ? thinForest(model, task.keptTrees) : model
  return { member: { ...member, model: kept }, fitSeconds, learningCurve: result.learningCurve, ...judged }
}

function nothingToLearnFrom(): MaestroError {
  return new MaestroError(
    'TRAINING_FAILED',
    'What is left of the columns says nothing: no value and no word of theirs stands in several rows and not in all.',
    'Add a column that has to do with the target.',
  )
}

function fitInput(
  task: FitTask,
  encoded: EncodedFold,
  targetTransform: Parameters[string],
  shouldStop: () => boolean,
): FitInput {
  const { nTrain, nValidation, features, columns } = encoded
  const sourceRows = [...trainRowsOf(task.fold), ...validationRowsOf(task.fold)]
  const transform = targetTransform === 'log1p' ? Math.log1p : (value: number) => value
  const seed = deriveSeed(task.seed, task.fold + 2)
  const count = Math.max(1, Math.round(task.fraction * nTrain))
  const labels = Float64Array.from(sourceRows, (row) => transform(target.values[row] as number))
  // Part of the rows: an even draw, the same for every trial, so that trials can be compared.
  const rows =
    count < nTrain
      ? shuffledIndices(nTrain, randomStream(task.fold + 2, 0x5a3), count).sort()
      : Int32Array.from({ length: nTrain }, (_, at) => at)
  const weights = data.weights ? Float64Array.from(sourceRows, (row) => data.weights?.[row] as number) : null
  return {
    task: target.task,
    nClasses,
    matrix: { nRows: nTrain + nValidation, features, columns },
    labels,
    weights: isBalanced(task) ? balancedWeights({ rows, labels, weights }, nClasses) : weights,
    rows,
    validationRows: task.findIterations ? Int32Array.from({ length: nValidation }, (_, at) => nTrain + at) : null,
    keep: 'all',
    kernels: data.kernels ?? 'wasm',
    seed,
    shouldStop,
  }
}

/** Whether the rows of rare classes are to weigh more, and the learner does not see to it itself. */
function isBalanced({ learner, parameters }: FitTask): boolean {
  return parameters.classWeights === 'balanced' && !('classWeights' in learnerByName(learner).space)
}

/** As many iterations as it takes: slow learners are given more patience, since their losses fall in smaller steps. */
function withoutEnd(parameters: Parameters): Parameters {
  const rate = Number(parameters.learningRate ?? 0.1)
  return { ...parameters, nTrees: 3000, patience: Math.round(Math.min(100, Math.max(15, 2 / rate))) }
}

function judgeFold(member: PipelineMember, fold: number, encoded: EncodedFold): JudgedFold {
  const rows = validationRowsOf(fold)
  if (rows.length === 0) return { values: new Float64Array(0), score: Number.NaN, predictMicrosPerRow: Number.NaN }
  const started = performance.now()
  const { features, nTrain, nValidation } = encoded
  const columns = encoded.columns.map((column) => column.subarray(nTrain))
  const values = memberOutputs(member, { nRows: nValidation, features, columns }, data.kernels)
  const predictMicrosPerRow = ((performance.now() - started) * 1000) / rows.length
  const labels = Float64Array.from(rows, (row) => target.values[row] as number)
  const { weights } = data
  const rowWeights = weights ? Float64Array.from(rows, (row) => weights[row] as number) : null
  const predictions = { nRows: rows.length, nClasses: target.task === 'regression' ? 0 : nClasses, values }
  return { values, score: computeMetric(data.metric, labels, predictions, 0.5, rowWeights), predictMicrosPerRow }
}
