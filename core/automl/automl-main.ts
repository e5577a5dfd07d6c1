import { availableParallelism } from 'node:os'
import type { Learner } from '../../engine/learners/learner.ts'
import { isTriedByDefault, learnerByName, learnersOfTask } from '../../engine/learners/registry.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import { isStagewise } from '../../engine/search/search-space.ts'
import { metricOf } from '../../shared/domain/training.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { JobContext, JobMain } from '../jobs/job-context.ts'
import { readColumnFile } from '../tables/column-file.ts'
import type { AutomlEvent, AutomlJob, FinishedTrial } from './automl-job.ts'
import { automlJob } from './automl-job.ts'
import { closingSeconds } from './closing-cost.ts'
import { finishTraining, storedPipeline } from './finish-training.ts'
import { canMeet } from './learner-demands.ts'
import { createLiveState } from './live-state.ts'
import type { SearchPlan } from './plan-search.ts'
import { planSearch } from './plan-search.ts'
import { loadPlugInLearners } from './plug-in-learners.ts'
import type { TrainingData } from './prepare-training.ts'
import { prepareTraining } from './prepare-training.ts'
import { repeatFinalists } from './run-repeats.ts'
import { runSearch } from './run-search.ts'
import { createTrainingPool } from './training-pool.ts'
import type { TrialRecord } from './trial-record.ts'
import { lossOf, meanScore, ranked } from './trial-record.ts'

/** Between two models that are stored while the search goes on, of the budget. */
const keepShare = 0.05
/** A machine that is busy with other things makes the closing so many times longer at the most. */
const mostSlowness = 4

/** Finds the best model for a target: search, choice, final model, ONNX file, certificate. */
export const main: JobMain = async (given, context) => {
  const job = automlJob.parse(given)
  await loadPlugInLearners()
  const { specification } = job
  const threads = specification.threads || availableParallelism()
  const emit = (event: AutomlEvent) => context.emit(event)
  const started = performance.now()
  // A job that goes on has used a part of its time before.
  const usedBefore = job.finished.reduce(
    (latest, trial) => Math.max(latest, trial.startedAt + trial.fitSeconds / threads),
    0,
  )
  const now = () => usedBefore + (performance.now() - started) / 1000
  context.report({ title: 'Reading', detail: job.dataset.name, fraction: 0 })
  const data = prepareTraining(readColumnFile(job.columnFilePath), specification)
  const metric = chosenMetric(job, data)
  const learners = chosenLearners(job, data)
  const pool = createTrainingPool(threads, data, { metric })
  try {
    const plan = planSearch(data, learners, specification, threads)
    const { search } = plan
    const live = createLiveState({
      job,
      data,
      metric,
      search,
      advice: plan.advice,
      now,
      emit,
      report: (progress) => context.report(progress),
    })
    context.log('info', describePlan(data, metric, plan, threads))
    context.log('info', plan.advice.reason)
    const signal = AbortSignal.any([context.cancelled, context.stopRequested])
    const finished = job.finished.map((trial) => restoreTrial(trial, data, context))
    restoreSearch(plan, finished, metric, threads)
    for (const trial of finished) live.ended(trial)
    const keepModel = createKeeper({
      job,
      data,
      metric,
      context,
      interval: keepShare * specification.budgetSeconds,
      now,
    })
    /** Seconds kept for what comes after search and repeats: as planned, or as measured where that is more. */
    const kept = (soFar: readonly TrialRecord[]) => {
      const isEnsemble = specification.ensemble && specification.preference === 'score'
      const foldRows = data.folds[0]?.validation.length ?? 0
      const measured = closingSeconds(soFar, metric, isEnsemble, foldRows)
      return Math.max(plan.finishSeconds, measured) * Math.min(mostSlowness, pool.slowness())
    }
    const { trials, endReason } = await runSearch({
      data,
      pool,
      metric,
      search,
      fractions: plan.fractions,
      now,
      deadline: (soFar) => plan.endsFor(kept(soFar)).searchEnd,
      secondsPerFit: plan.secondsPerFit,
      finished,
      signal,
      onStarted: (trial, origin) => {
        live.started(trial)
        const { trialId, runId, learner, learnerTitle, parameters } = trial
        void emit({
          type: 'trial-started',
          trialId,
          runId,
          learner,
          learnerTitle,
          parameters: { ...parameters },
          origin,
        })
      },
      onEnded: async (trial, learningCurve) => {
        // Stored before it is shown: what a person has seen is there after a crash.
        const stored = emit(endOfTrial(trial, learningCurve, metric, context))
        live.ended(trial)
        await stored
        const artifacts = keepModel(trial)
        if (artifacts.length === 0) return
        const row = live.rowOf(trial)
        await emit({ type: 'model', runId: trial.runId, ensemble: null, row, metrics: {}, artifacts, parity: null })
      },
    })
    context.cancelled.throwIfAborted()
    if (ranked(trials, metric).length === 0) throw noModel(trials)
    context.log('info', `the search ended after ${now().toFixed(1)} s and ${trials.length} trials: ${endReason}`)
    const { repeatsEnd: deadline, searchEnd } = plan.endsFor(kept(trials))
    // After an early end the repeats take about as long as the search did: counted, so that a clock decides nothing.
    const mostJudgements = now() < searchEnd ? trials.length : Number.POSITIVE_INFINITY
    const finalists = await repeatFinalists({ data, pool, metric, now, deadline, mostJudgements, signal }, trials)
    for (const trial of finalists) {
      live.ended(trial)
      const told = finishedTrial(trial, context)
      await emit({ type: 'trial-repeated', runId: trial.runId, metric, firstFold: data.folds.length, trial: told })
    }
    context.cancelled.throwIfAborted()
    return await finishTraining({ job, data, metric, pool, trials, endReason, context, live, emit, now })
  } finally {
    await pool.close()
  }
}

function chosenMetric(job: AutomlJob, data: TrainingData): MetricName {
  const { metric, objective } = job.specification
  return metric === 'auto' ? metricOf(data.target.task, objective) : metric
}

function chosenLearners(job: AutomlJob, data: TrainingData): Learner[] {
  const able = learnersOfTask(data.target.task)
  const { learners } = job.specification
  const chosen = able
    .filter((each) => (learners.length === 0 ? isTriedByDefault(each) : learners.includes(each.name)))
    .filter((each) => canMeet(each, job.specification))
  if (chosen.length > 0) return chosen
  throw new MaestroError(
    'TASK_MISMATCH',
    `None of ${learners.join(', ')} can do a ${data.target.task} task.`,
    `Choose among ${able.map(({ name }) => name).join(', ')}.`,
  )
}

function describePlan(data: TrainingData, metric: MetricName, plan: SearchPlan, threads: number): string {
  const parts = plan.fractions.map((fraction) => `${Math.round(100 * fraction)}%`).join(', ')
  return (
    `${data.frame.nRows} rows, ${data.inputs.length} columns, ${data.target.task} by ${metric}, ${data.basis}, ` +
    `${threads} threads; trials of ${parts} of the rows; the search ends at ${plan.searchEnd.toFixed(1)} s unless the final model turns out to be dear`
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

/** Stores the model of the best trial so far now and then, so that a job that is ended leaves one behind. */
function createKeeper({
  job,
  data,
  metric,
  context,
  interval,
  now,
}: {
  readonly job: AutomlJob
  readonly data: TrainingData
  readonly metric: MetricName
  readonly context: JobContext
  readonly interval: number
  readonly now: () => number
}) {
  let best: TrialRecord | null = null
  let keptAt = Number.NEGATIVE_INFINITY
  return (trial: TrialRecord) => {
    if (trial.state !== 'succeeded' || now() < keptAt + interval) return []
    const isBetter =
      best === null ||
      trial.fraction > best.fraction ||
      (trial.fraction === best.fraction && lossOf(metric, meanScore(trial)) < lossOf(metric, meanScore(best)))
    if (!isBetter) return []
    best = trial
    keptAt = now()
    // What ran beside it is not part of how it is made.
    return storedPipeline(trial, { job, data, metric, context, trials: [trial] })
  }
}

function endOfTrial(
  trial: TrialRecord,
  learningCurve: readonly number[],
  metric: MetricName,
  context: JobContext,
): AutomlEvent {
  const { runId, message } = trial
  if (trial.state === 'succeeded') {
    const told = finishedTrial(trial, context)
    return { type: 'trial-finished', runId, metric, learningCurve: [...learningCurve], trial: told }
  }
  if (trial.state === 'failed') context.log('warn', `trial ${trial.trialId} (${trial.learnerTitle}) failed: ${message}`)
  return { type: 'trial-ended', runId, status: trial.state === 'failed' ? 'FAILED' : 'KILLED', message }
}

function finishedTrial(trial: TrialRecord, context: JobContext): FinishedTrial {
  const { values } = trial
  return {
    trialId: trial.trialId,
    runId: trial.runId,
    learner: trial.learner,
    parameters: { ...trial.parameters },
    seed: trial.seed,
    fraction: trial.fraction,
    foldScores: Array.from(trial.foldScores, (score) => (Number.isNaN(score) ? null : score)),
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
    nFolds: trial.fraction < 1 ? 1 : data.folds.length,
    learnerTitle: learnersOfTask(data.target.task).find(({ name }) => name === trial.learner)?.title ?? trial.learner,
    state: 'succeeded',
    // Finalists are judged on further repeats again, together with what else is found.
    foldScores: Float64Array.from(
      trial.foldScores.slice(0, trial.fraction < 1 ? 1 : data.folds.length),
      (score) => score ?? Number.NaN,
    ),
    models: [],
    values,
    message: '',
    endedAt: trial.startedAt,
  }
}

/** Tells the search what an earlier attempt found, with the parameters as they were asked for. */
function restoreSearch(
  { search, fractions }: SearchPlan,
  finished: readonly TrialRecord[],
  metric: MetricName,
  threads: number,
): void {
  search.restore(
    finished.map((trial) => {
      const { nTrees: _found, ...asked } = trial.parameters
      return {
        trialId: trial.trialId,
        learner: trial.learner,
        parameters: isStagewise(learnerByName(trial.learner)) ? asked : trial.parameters,
        level: Math.max(0, fractions.indexOf(trial.fraction)),
        loss: lossOf(metric, meanScore(trial)),
        seconds: trial.fitSeconds / threads,
        pruned: false,
      }
    }),
  )
}
