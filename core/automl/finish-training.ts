import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import { computeMetric } from '../../engine/metrics/metrics.ts'
import { serialisePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import type { LeaderboardRow } from '../../shared/domain/training.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { JobContext } from '../jobs/job-context.ts'
import { exportModel, provenanceOf } from '../models/export-model.ts'
import { certify } from '../models/parity.ts'
import { parityFailed } from '../models/parity-failed.ts'
import { newId } from '../storage/ids.ts'
import type { AutomlEvent, AutomlJob } from './automl-job.ts'
import type { BuiltModel } from './build-models.ts'
import { buildModel, keptModel } from './build-models.ts'
import type { Winner } from './choose-winner.ts'
import { chooseWinner, combinedValues } from './choose-winner.ts'
import { decideCalibration } from './decide-calibration.ts'
import { thresholdOf } from './decide-threshold.ts'
import type { LiveState } from './live-state.ts'
import type { OutOfFoldPerformance } from './out-of-fold-performance.ts'
import type { TrainingData } from './prepare-training.ts'
import type { TrialPool } from './trial-pool.ts'
import type { TrialRecord } from './trial-record.ts'
import { comparable, meanScore, predictionWidth, ranked, scoreDeviation } from './trial-record.ts'
import { writeRecipe } from './write-recipe.ts'

export interface FinishRun {
  readonly job: AutomlJob
  readonly data: TrainingData
  readonly metric: MetricName
  readonly pool: TrialPool
  readonly trials: readonly TrialRecord[]
  readonly endReason: string
  readonly context: JobContext
  readonly live: LiveState
  readonly emit: (event: AutomlEvent) => Promise<void>
  readonly now: () => number
}

/** Trials beside the winner whose models are kept, so that they can be registered. */
const keptModels = 5
const largestKeptBytes = 8 * 1024 * 1024
/** Seconds that storing them may take. */
const keepingSeconds = 1.5
/** Above so many rows the other models are described when somebody wants one of them. */
const describedRows = 10_000

/** From the finished trials to one model that is exported, certified and stored; gives the job's result. */
export async function finishTraining(run: FinishRun): Promise<Record<string, unknown>> {
  const { job, data, metric, pool, trials, context, live } = run
  live.phase('ensemble')
  const winner = chooseWinner(trials, data, metric, job.specification)
  context.log('info', winner.reason)
  const built = await buildModel(winner, {
    data,
    pool,
    prefersOne: job.specification.preference !== 'score',
    secondsLeft: () => job.specification.budgetSeconds - run.now(),
  })
  context.cancelled.throwIfAborted()
  context.log('info', `the model is built after ${run.now().toFixed(1)} s`)
  live.phase('export')
  // The threads describe while ONNX Runtime compares.
  const [best] = await Promise.all([storeWinner(run, winner, built), storeOthers(run, winner)])
  const { parity } = best
  await run.emit({ type: 'state', state: live.done({ ...best, endReason: run.endReason }) })
  if (!parity.passed) throw parityFailed(parity, 'The trials are kept.')
  return {
    runId: best.best.runId,
    trialId: best.best.trialId,
    learner: best.best.learner,
    onnxDigest: best.onnxDigest,
    trialsRun: trials.length,
    seconds: run.now(),
    endReason: run.endReason,
    reason: winner.reason,
  }
}

async function storeWinner(run: FinishRun, winner: Winner, built: BuiltModel) {
  const { job, data, metric, context } = run
  const first = winner.members[0] as Winner['members'][number]
  const isEnsemble = winner.members.length > 1
  const runId = isEnsemble ? newId() : first.trial.runId
  const combined = combinedValues(winner, data.target.task)
  const decided = decideCalibration(run, combined)
  if (decided) context.log('info', decided.reason)
  const values = decided?.values ?? combined
  const threshold = thresholdOf(run, values)
  const layer = winner.secondLayer ? { secondLayer: winner.secondLayer } : {}
  const pipeline = { ...built.pipeline, ...layer, ...(decided ? { calibration: decided.calibration } : {}), threshold }
  const describing = describe(run, values, threshold)
  const { onnx } = exportModel(pipeline, data.frame, provenanceOf(job))
  const onnxBlob = context.blobs.put(onnx)
  context.report({ title: 'Checking the export', detail: 'comparing ONNX Runtime with the engine' })
  const onnxPath = join(context.scratch, 'model.onnx')
  writeFileSync(onnxPath, onnx)
  const parity = await certify(pipeline, onnxPath, data.frame, {
    cancelled: context.cancelled,
    seed: job.specification.seed,
  })
  const performance = await describing
  const row: LeaderboardRow = {
    ...(isEnsemble ? ensembleRow(run, winner, combined) : run.live.rowOf(first.trial)),
    rank: 1,
    runId,
    sizeBytes: onnxBlob.bytes,
  }
  const measured = performance.metrics.find(({ name }) => name === metric)?.estimate
  const score = measured ?? { value: row.score, low: row.score, high: row.score }
  await run.emit({
    type: 'model',
    runId,
    ensemble: isEnsemble ? { trialId: row.trialId, parameters: row.params } : null,
    row,
    metrics: Object.fromEntries(performance.metrics.map(({ name, estimate: { value } }) => [name, value])),
    artifacts: [
      { path: 'model.onnx', ...onnxBlob },
      { path: 'pipeline.json', ...context.blobs.put(serialisePipeline(pipeline)) },
      { path: 'recipe.json', ...context.blobs.put(JSON.stringify(writeRecipe({ ...built, pipeline }, run))) },
      { path: 'performance.json', ...context.blobs.put(JSON.stringify(performance)) },
      { path: 'parity.json', ...context.blobs.put(JSON.stringify(parity)) },
    ],
    parity,
  })
  return {
    best: { trialId: row.trialId, runId, learner: row.learner, score },
    parity,
    onnxDigest: onnxBlob.digest,
    ensemble: isEnsemble ? row : null,
  }
}

function ensembleRow(run: FinishRun, { members, secondLayer }: Winner, values: Float64Array): LeaderboardRow {
  const scored = { foldScores: foldScoresOf(run, values) }
  const sum = (of: (trial: TrialRecord) => number) => members.reduce((total, { trial }) => total + of(trial), 0)
  return {
    rank: 1,
    trialId: Math.max(...run.trials.map(({ trialId }) => trialId)) + 1,
    runId: '',
    learner: 'ensemble',
    learnerTitle: `${secondLayer ? 'Stack' : 'Ensemble'} of ${members.length}`,
    params: Object.fromEntries(
      members.map(({ trial, weight }) => [`trial ${trial.trialId} (${trial.learner})`, Number(weight.toFixed(4))]),
    ),
    score: meanScore(scored),
    scoreStd: scoreDeviation(scored),
    foldScores: Array.from(scored.foldScores).filter((score) => !Number.isNaN(score)),
    fitSeconds: sum(({ fitSeconds }) => fitSeconds),
    predictMicrosPerRow: sum(({ predictMicrosPerRow }) => predictMicrosPerRow),
    sizeBytes: sum(({ sizeBytes }) => sizeBytes),
    members: members.length,
  }
}

/** The ensemble's score on each fold, to stand beside those of single trials. */
function foldScoresOf({ data, metric }: FinishRun, values: Float64Array): Float64Array {
  const width = predictionWidth(data)
  const { target, weights } = data
  return Float64Array.from(data.folds, ({ validation }) => {
    const predicted = new Float64Array(validation.length * width)
    for (const [at, row] of validation.entries()) {
      predicted.set(values.subarray(row * width, (row + 1) * width), at * width)
    }
    const labels = Float64Array.from(validation, (row) => target.values[row] as number)
    const rowWeights = weights ? Float64Array.from(validation, (row) => weights[row] as number) : null
    const nClasses = target.task === 'regression' ? 0 : width
    return computeMetric(metric, labels, { nRows: validation.length, nClasses, values: predicted }, 0.5, rowWeights)
  })
}

/** How good predictions are, worked out by a thread of the pool. */
async function describe(
  { pool, job }: FinishRun,
  values: Float64Array,
  threshold: number,
): Promise<OutOfFoldPerformance> {
  const answer = await pool.run({ kind: 'describe', values, threshold, seed: job.specification.seed })
  if (answer.kind === 'described') return answer.performance
  throw new MaestroError(
    'TRAINING_FAILED',
    `The model could not be described: ${answer.kind === 'failed' ? answer.error.message : 'it was stopped'}`,
    'Try again with a smaller table.',
  )
}

/** Models of the next best trials, from the fold models at hand, so that the user may take another than the winner. */
async function storeOthers(run: FinishRun, winner: Winner): Promise<void> {
  const { data, metric, context } = run
  const started = run.now()
  const single = winner.members.length === 1 ? winner.members[0]?.trial : undefined
  for (const trial of comparable(ranked(run.trials, metric)).slice(0, keptModels)) {
    const isLate = run.now() > Math.min(started + keepingSeconds, run.job.specification.budgetSeconds)
    if (context.cancelled.aborted || isLate) return
    if (trial === single) continue
    let metrics: Record<string, number> = {}
    const artifacts = storedPipeline(trial, run)
    if (artifacts.length === 0) continue
    // They are described at registration where the time is used up.
    if (data.frame.nRows <= describedRows && run.now() < run.job.specification.budgetSeconds) {
      const performance = await describe(run, trial.values, thresholdOf(run, trial.values))
      artifacts.push({ path: 'performance.json', ...context.blobs.put(JSON.stringify(performance)) })
      metrics = Object.fromEntries(performance.metrics.map(({ name, estimate }) => [name, estimate.value]))
    }
    const row = run.live.rowOf(trial)
    await run.emit({ type: 'model', runId: trial.runId, ensemble: null, row, metrics, artifacts, parity: null })
  }
}

/** The bag of a trial and its recipe as artifacts; none where its models are not kept or too large. */
export function storedPipeline(
  trial: TrialRecord,
  run: Pick<FinishRun, 'job' | 'data' | 'metric' | 'trials' | 'context'>,
): { path: string; digest: string; bytes: number }[] {
  const { blobs } = run.context
  const built = trial.sizeBytes <= largestKeptBytes ? keptModel(trial, run.data) : null
  if (!built) return []
  const pipeline = { ...built.pipeline, threshold: thresholdOf(run, trial.values) }
  return [
    { path: 'pipeline.json', ...blobs.put(serialisePipeline(pipeline)) },
    { path: 'recipe.json', ...blobs.put(JSON.stringify(writeRecipe({ ...built, pipeline }, run))) },
  ]
}
