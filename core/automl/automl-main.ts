import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { learnersOfTask } from '../../engine/learners/registry.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import { serialisePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import { defaultMetric } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { JobContext, JobMain } from '../jobs/job-context.ts'
import { exportModel } from '../models/export-model.ts'
import { certify } from '../models/parity.ts'
import { newId } from '../storage/ids.ts'
import { readColumnFile } from '../tables/column-file.ts'
import type { AutomlEvent, AutomlJob, FinishedTrial } from './automl-job.ts'
import { automlJob } from './automl-job.ts'
import { buildPipeline, keptPipeline } from './build-models.ts'
import type { Winner } from './choose-winner.ts'
import { chooseWinner, combinedValues } from './choose-winner.ts'
import { createLiveState } from './live-state.ts'
import { performanceFromPredictions } from './out-of-fold-performance.ts'
import type { TrainingData } from './prepare-training.ts'
import { prepareTraining } from './prepare-training.ts'
import { runSearch } from './run-search.ts'
import type { TrialPool } from './trial-pool.ts'
import { createTrialPool } from './trial-pool.ts'
import type { TrialRecord } from './trial-record.ts'
import { meanScore, ranked, scoreDeviation } from './trial-record.ts'

/** Share of the budget, and its bounds in seconds, kept for the ensemble, the export and the certificate. */
const finishShare = 0.1
const finishSeconds = { least: 1, most: 15 }
/** Trials beside the winner whose models are kept, so that they can be registered. */
const keptModels = 5
const largestKeptBytes = 64 * 1024 * 1024

/** Finds the best model for a target: search, choice, final model, ONNX file, certificate. */
export const main: JobMain = async (given, context) => {
  const job = automlJob.parse(given)
  const started = performance.now()
  const now = () => (performance.now() - started) / 1000
  const emit = (event: AutomlEvent) => context.emit(event)
  context.report({ title: 'Reading', detail: job.dataset.name, fraction: 0 })
  const data = prepareTraining(readColumnFile(job.columnFilePath), job.specification)
  const metric = chosenMetric(job, data)
  const learners = chosenLearners(job, data)
  const threads = job.specification.threads || availableParallelism()
  const pool = createTrialPool(threads, {
    columns: data.columns,
    inputs: data.inputs,
    target: data.target,
    weights: data.weights,
    folds: data.folds,
    metric,
  })
  const live = createLiveState({ job, data, metric, now, emit, report: (progress) => context.report(progress) })
  try {
    context.log(
      'info',
      `${data.frame.nRows} rows, ${data.inputs.length} columns, ${data.target.task} by ${metric}, ${data.basis}, ${threads} threads`,
    )
    const signal = AbortSignal.any([context.cancelled, context.stopRequested])
    const budget = job.specification.budgetSeconds
    const reserve = Math.min(finishSeconds.most, Math.max(finishSeconds.least, finishShare * budget))
    const { trials, endReason } = await runSearch({
      data,
      pool,
      metric,
      learners,
      seed: job.specification.seed,
      now,
      deadline: Math.max(budget - reserve, budget * 0.5),
      mostTrials: job.specification.trials,
      finished: job.finished.map((trial) => restoreTrial(trial, data, context)),
      signal,
      onStarted: (trial, origin) => {
        live.started(trial)
        void emit({
          type: 'trial-started',
          trialId: trial.trialId,
          runId: trial.runId,
          learner: trial.learner,
          learnerTitle: trial.learnerTitle,
          parameters: trial.parameters,
          origin,
        })
      },
      onEnded: async (trial, learningCurve) => {
        live.ended(trial)
        if (trial.state === 'succeeded') {
          await emit({
            type: 'trial-finished',
            runId: trial.runId,
            metric,
            learningCurve: [...learningCurve],
            trial: finishedTrial(trial, context),
          })
        } else {
          if (trial.state === 'failed')
            context.log('warn', `trial ${trial.trialId} (${trial.learnerTitle}) failed: ${trial.message}`)
          await emit({
            type: 'trial-ended',
            runId: trial.runId,
            status: trial.state === 'failed' ? 'FAILED' : 'KILLED',
            message: trial.message,
          })
        }
      },
    })
    context.cancelled.throwIfAborted()
    if (ranked(trials, metric).length === 0) throw noModel(trials)
    context.log('info', `search ended after ${now().toFixed(1)} s and ${trials.length} trials: ${endReason}`)
    return await finish({ job, data, metric, pool, trials, endReason, context, live, emit, now })
  } finally {
    await pool.close()
  }
}

function chosenMetric(job: AutomlJob, data: TrainingData): MetricName {
  return job.specification.metric === 'auto' ? defaultMetric[data.target.task] : job.specification.metric
}

function chosenLearners(job: AutomlJob, data: TrainingData) {
  const able = learnersOfTask(data.target.task)
  const { learners } = job.specification
  const chosen = learners.length === 0 ? able : able.filter(({ name }) => learners.includes(name))
  if (chosen.length > 0) return chosen
  throw new MaestroError(
    'TASK_MISMATCH',
    `None of ${learners.join(', ')} can do a ${data.target.task} task.`,
    `Choose among ${able.map(({ name }) => name).join(', ')}.`,
  )
}

function noModel(trials: readonly TrialRecord[]): MaestroError {
  const failed = trials.find(({ state }) => state === 'failed')
  return new MaestroError(
    'TRAINING_FAILED',
    failed ? `No model could be trained: ${failed.message}` : 'No model was finished in time.',
    failed ? 'Look into the job’s log.' : 'Give it more time.',
  )
}

function finishedTrial(trial: TrialRecord, context: JobContext): FinishedTrial {
  const { values } = trial
  return {
    trialId: trial.trialId,
    runId: trial.runId,
    learner: trial.learner,
    parameters: { ...trial.parameters },
    seed: trial.seed,
    foldScores: Array.from(trial.foldScores),
    fitSeconds: trial.fitSeconds,
    predictMicrosPerRow: trial.predictMicrosPerRow,
    sizeBytes: trial.sizeBytes,
    startedAt: trial.startedAt,
    predictions: context.blobs.put(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest,
  }
}

function restoreTrial(trial: FinishedTrial, data: TrainingData, context: JobContext): TrialRecord {
  const stored = context.blobs.read(trial.predictions)
  const values = new Float64Array(stored.byteLength / 8)
  new Uint8Array(values.buffer).set(stored)
  return {
    ...trial,
    learnerTitle: learnersOfTask(data.target.task).find(({ name }) => name === trial.learner)?.title ?? trial.learner,
    state: 'succeeded',
    foldScores: Float64Array.from(trial.foldScores),
    members: data.folds.map(() => null),
    values,
    message: '',
    endedAt: trial.startedAt,
  }
}

interface Finish {
  readonly job: AutomlJob
  readonly data: TrainingData
  readonly metric: MetricName
  readonly pool: TrialPool
  readonly trials: readonly TrialRecord[]
  readonly endReason: string
  readonly context: JobContext
  readonly live: ReturnType<typeof createLiveState>
  readonly emit: (event: AutomlEvent) => Promise<void>
  readonly now: () => number
}

async function finish(run: Finish): Promise<Record<string, unknown>> {
  const { job, data, metric, pool, trials, context, live } = run
  live.phase('ensemble')
  const winner = chooseWinner(trials, data.target, metric, job.specification)
  context.log('info', winner.reason)
  const pipeline = await buildPipeline(winner, data, pool, job.specification.preference !== 'score')
  context.cancelled.throwIfAborted()
  live.phase('export')
  const best = await storeWinner(run, winner, pipeline)
  await storeOthers(run, winner)
  const state = live.done({
    best: best.summary,
    parity: best.parity,
    endReason: run.endReason,
    ensemble: best.ensemble,
  })
  await run.emit({ type: 'state', state })
  if (!best.parity.passed) {
    throw new MaestroError(
      'PARITY_FAILED',
      `The exported model differs from the trained one: ${best.parity.labelFlips} labels flip, the largest difference is ${best.parity.maxAbsDiff}.`,
      'This is a defect in Maestro; please report it. The trials are kept.',
      { parity: best.parity },
    )
  }
  return {
    runId: best.summary.runId,
    trialId: best.summary.trialId,
    learner: best.summary.learner,
    onnxDigest: best.onnxDigest,
    trialsRun: trials.length,
    seconds: run.now(),
    endReason: run.endReason,
  }
}

async function storeWinner(run: Finish, winner: Winner, pipeline: Pipeline) {
  const { job, data, metric, context } = run
  const first = winner.members[0] as Winner['members'][number]
  const isEnsemble = winner.members.length > 1
  const runId = isEnsemble ? newId() : first.trial.runId
  const { onnx } = exportModel(pipeline, data.frame, {
    dataset: job.dataset.name,
    datasetDigest: job.dataset.digest,
    run: runId,
    seed: job.specification.seed,
  })
  const onnxBlob = context.blobs.put(onnx)
  context.report({ title: 'Checking the export', detail: 'comparing ONNX Runtime with the engine' })
  const onnxPath = join(context.scratch, 'model.onnx')
  writeFileSync(onnxPath, onnx)
  const parity = await certify(pipeline, onnxPath, data.frame, {
    cancelled: context.cancelled,
    seed: job.specification.seed,
  })
  const values = combinedValues(winner)
  const performance = performanceOf(run, values)
  const estimate = performance.metrics.find(({ name }) => name === metric)?.estimate ?? {
    value: Number.NaN,
    low: Number.NaN,
    high: Number.NaN,
  }
  const artifacts = [
    { path: 'model.onnx', ...onnxBlob },
    { path: 'pipeline.json', ...context.blobs.put(serialisePipeline(pipeline)) },
    { path: 'performance.json', ...context.blobs.put(JSON.stringify(performance)) },
    { path: 'parity.json', ...context.blobs.put(JSON.stringify(parity)) },
  ]
  const trialId = isEnsemble ? Math.max(...run.trials.map((trial) => trial.trialId)) + 1 : first.trial.trialId
  const parameters = isEnsemble ? ensembleParameters(winner) : { ...first.trial.parameters }
  const row = {
    rank: 1,
    trialId,
    runId,
    learner: isEnsemble ? 'ensemble' : first.trial.learner,
    learnerTitle: isEnsemble ? `Ensemble of ${winner.members.length}` : first.trial.learnerTitle,
    params: parameters,
    score: isEnsemble ? estimate.value : meanScore(first.trial),
    scoreStd: isEnsemble ? (estimate.high - estimate.low) / 3.92 : scoreDeviation(first.trial),
    foldScores: isEnsemble ? [] : Array.from(first.trial.foldScores),
    fitSeconds: winner.members.reduce((sum, { trial }) => sum + trial.fitSeconds, 0),
    predictMicrosPerRow: winner.members.reduce((sum, { trial }) => sum + trial.predictMicrosPerRow, 0),
    sizeBytes: onnxBlob.bytes,
    members: winner.members.length,
  }
  await run.emit({
    type: 'model',
    runId,
    ensemble: isEnsemble ? { trialId, parameters } : null,
    row,
    metrics: Object.fromEntries(performance.metrics.map(({ name, estimate: { value } }) => [name, value])),
    artifacts,
    parity,
  })
  return {
    summary: { trialId, runId, learner: row.learner, score: estimate },
    parity,
    onnxDigest: onnxBlob.digest,
    ensemble: isEnsemble ? row : null,
  }
}

function ensembleParameters(winner: Winner): Record<string, string | number> {
  return Object.fromEntries(
    winner.members.map(({ trial, weight }) => [`trial ${trial.trialId} (${trial.learner})`, Number(weight.toFixed(4))]),
  )
}

function performanceOf({ data, metric, job }: Finish, values: Float64Array) {
  return performanceFromPredictions(data, values, metric, job.specification.seed)
}

/** Models of the next best trials, from the fold models at hand, so that the user may take another than the winner. */
async function storeOthers(run: Finish, winner: Winner): Promise<void> {
  const single = winner.members.length === 1 ? winner.members[0]?.trial : undefined
  const small = run.data.frame.nRows <= 10_000
  for (const trial of ranked(run.trials, run.metric).slice(0, keptModels)) {
    if (trial === single || run.context.cancelled.aborted) continue
    const pipeline = trial.sizeBytes <= largestKeptBytes ? keptPipeline(trial, run.data) : null
    if (!pipeline) continue
    const artifacts = [{ path: 'pipeline.json', ...run.context.blobs.put(serialisePipeline(pipeline)) }]
    let metrics: Record<string, number> = {}
    if (small) {
      const performance = performanceOf(run, trial.values)
      artifacts.push({ path: 'performance.json', ...run.context.blobs.put(JSON.stringify(performance)) })
      metrics = Object.fromEntries(performance.metrics.map(({ name, estimate }) => [name, estimate.value]))
    }
    await run.emit({
      type: 'model',
      runId: trial.runId,
      ensemble: null,
      row: run.live.rowOf(trial),
      metrics,
      artifacts,
      parity: null,
    })
  }
}
