import type { Learner } from '../../../engine/learners/learner.ts'
import { learners, learnersOfTask } from '../../../engine/learners/registry.ts'
import type { Job } from '../../../shared/domain/jobs.ts'
import type { AutomlSpecification, AutomlState } from '../../../shared/domain/training.ts'
import { automlSpecification, automlState, metricOf } from '../../../shared/domain/training.ts'
import type { TaskName } from '../../../shared/domain/values.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { AutomlEvent, AutomlJob, FinishedTrial } from '../../automl/automl-job.ts'
import { automlEvent, finishedTrial } from '../../automl/automl-job.ts'
import { closestName } from '../../automl/closest-name.ts'
import { assertDemands } from '../../automl/learner-demands.ts'
import type { JobOutcome } from '../../jobs/job-context.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { ExperimentsService } from '../experiments/experiments-service.ts'
import type { RunsService } from '../runs/runs-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { metricDescriptions } from './metric-descriptions.ts'

/** What is stored with the job: the request as it was resolved, so that a resumed job works on the same data. */
interface StoredSpecification {
  readonly specification: AutomlSpecification
  /** As it was found from the target, or asked for. */
  readonly task: TaskName
  readonly experimentId: string
  readonly dataset: AutomlJob['dataset']
}

/** Searches for models: starts the job, keeps its trials as runs, tells the live view how it stands. */
export function createAutomlService(
  context: ServiceContext,
  datasets: DatasetService,
  experiments: ExperimentsService,
  runs: RunsService,
) {
  const { sqlite } = context.database
  const live = new Map<string, AutomlState>()
  const listeners = new Map<string, Set<() => void>>()
  const putCheckpoint = sqlite.prepare(
    'INSERT INTO job_checkpoint (job_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const selectCheckpoint = sqlite.prepare<[string, string], { value: string }>(
    'SELECT value FROM job_checkpoint WHERE job_id = ? AND key = ?',
  )
  const selectTrials = sqlite.prepare<[string], { value: string }>(
    "SELECT value FROM job_checkpoint WHERE job_id = ? AND key LIKE 'trial %' ORDER BY key",
  )

  context.jobs.register({
    kind: 'automl',
    resumable: true,
    parse: (specification) => parseStored(specification),
    prepare: (jobId, specification) => Promise.resolve(prepare(jobId, specification as StoredSpecification)),
    onEvent: (jobId, specification, event) =>
      onEvent(jobId, specification as StoredSpecification, automlEvent.parse(event)),
    onEnd: (jobId, specification, outcome) =>
      Promise.resolve(onEnd(jobId, specification as StoredSpecification, outcome)),
  })

  function prepare(jobId: string, stored: StoredSpecification): AutomlJob {
    const { columnFilePath } = datasets.resolve(stored.dataset.versionId)
    const finished: FinishedTrial[] = selectTrials.all(jobId).map(({ value }) => finishedTrial.parse(JSON.parse(value)))
    return {
      specification: stored.specification,
      jobId,
      experimentId: stored.experimentId,
      experimentName: experiments.get(stored.experimentId).name,
      dataset: stored.dataset,
      columnFilePath,
      finished: finished.filter(({ predictions }) => context.blobs.has(predictions)),
    }
  }

  function onEvent(jobId: string, stored: StoredSpecification, event: AutomlEvent): void {
    switch (event.type) {
      case 'trial-started':
        runs.createRun({
          id: event.runId,
          experimentId: stored.experimentId,
          name: `${event.learnerTitle} ${event.trialId}`,
          params: { learner: event.learner, ...event.parameters },
          tags: {
            'maestro.trial': String(event.trialId),
            'maestro.origin': event.origin,
            'maestro.target': stored.specification.target,
          },
          datasetVersionId: stored.dataset.versionId,
        })
        return
      case 'trial-finished':
        context.database.transaction(() => {
          const { trial, metric } = event
          runs.setParams(event.runId, trial.parameters)
          runs.logMetrics(event.runId, [
            ...scorePoints(trial, metric),
            ...event.learningCurve.map((value, step) => ({ key: 'validation_loss', value, step })),
            { key: 'fit_seconds', value: trial.fitSeconds, step: 0 },
            { key: 'predict_micros_per_row', value: trial.predictMicrosPerRow, step: 0 },
            { key: 'size_bytes', value: trial.sizeBytes, step: 0 },
          ])
          runs.finishRun(event.runId, 'FINISHED')
          putTrial(jobId, trial)
        })
        return
      case 'trial-repeated':
        context.database.transaction(() => {
          runs.logMetrics(event.runId, scorePoints(event.trial, event.metric, event.firstFold))
          putTrial(jobId, event.trial)
        })
        return
      case 'trial-ended':
        context.database.transaction(() => {
          if (event.message !== '') runs.setTags(event.runId, { 'maestro.ended': event.message })
          runs.finishRun(event.runId, event.status)
        })
        return
      case 'model':
        storeModel(stored, event)
        return
      case 'state':
        live.set(jobId, event.state)
        if (event.state.phase === 'done') putCheckpoint.run(jobId, 'state', JSON.stringify(event.state))
        for (const listener of listeners.get(jobId) ?? []) listener()
        return
    }
  }

  function putTrial(jobId: string, trial: FinishedTrial): void {
    putCheckpoint.run(jobId, `trial ${String(trial.trialId).padStart(7, '0')}`, JSON.stringify(trial))
  }

  function storeModel(stored: StoredSpecification, event: Extract<AutomlEvent, { type: 'model' }>): void {
    context.database.transaction(() => {
      if (event.ensemble) {
        runs.createRun({
          id: event.runId,
          experimentId: stored.experimentId,
          name: event.row.learnerTitle,
          params: { learner: event.row.learner, ...event.ensemble.parameters },
          tags: {
            'maestro.trial': String(event.ensemble.trialId),
            'maestro.origin': 'ensemble',
            'maestro.target': stored.specification.target,
          },
          datasetVersionId: stored.dataset.versionId,
        })
        runs.finishRun(event.runId, 'FINISHED')
      }
      runs.logMetrics(
        event.runId,
        Object.entries(event.metrics).map(([key, value]) => ({
          key: event.ensemble ? key : `oof_${key}`,
          value,
          step: 0,
        })),
      )
      for (const { path, digest, bytes } of event.artifacts) runs.addArtifact(event.runId, path, digest, bytes)
    })
    context.changed({ topic: 'runs', id: event.runId })
  }

  function onEnd(jobId: string, stored: StoredSpecification, outcome: JobOutcome): Record<string, unknown> | null {
    const state = live.get(jobId)
    closeRuns(stored.experimentId)
    if (state && state.phase !== 'done')
      putCheckpoint.run(
        jobId,
        'state',
        JSON.stringify({
          ...state,
          phase: 'done',
          endReason: outcome.state === 'failed' ? outcome.error.message : 'cancelled',
        }),
      )
    live.delete(jobId)
    for (const listener of listeners.get(jobId) ?? []) listener()
    context.changed({ topic: 'experiments', id: stored.experimentId })
    if (outcome.state !== 'succeeded')
      return state ? { experimentId: stored.experimentId, trialsRun: state.trials.length, best: state.best } : null
    const { registerAs } = stored.specification
    if (registerAs !== null) {
      const job = context.jobs.start(
        'register',
        { name: registerAs, description: '', source: { runId: String(outcome.result.runId) }, actor: 'owner' },
        { title: `Register ${registerAs}`, subject: { type: 'model', id: registerAs, name: registerAs } },
      )
      return { ...outcome.result, experimentId: stored.experimentId, registerJobId: job.id }
    }
    return { ...outcome.result, experimentId: stored.experimentId }
  }

  /** A run whose process died would be shown as running for ever. */
  function closeRuns(experimentId: string): void {
    const open = sqlite
      .prepare<[string], { id: string }>("SELECT id FROM run WHERE experiment_id = ? AND status = 'RUNNING'")
      .all(experimentId)
    for (const { id } of open) runs.finishRun(id, 'KILLED')
  }

  function jobIdOf(id: string): string {
    try {
      return context.jobs.get(id).id
    } catch (error) {
      const found = sqlite
        .prepare<[string], { job_id: string | null }>('SELECT job_id FROM experiment WHERE id = ?')
        .get(id)?.job_id
      if (found) return found
      throw error
    }
  }

  const service = {
    async start(request: AutomlSpecification): Promise<{ job: Job; experimentId: string }> {
      context.assertWritable()
      const dataset = datasets.resolve(request.dataset)
      const task = await assertTrainable(request, dataset.versionId)
      const experiment = experiments.createExperiment(
        request.experimentName ?? `${dataset.dataset.name}: ${request.target}`,
      )
      const stored: StoredSpecification = {
        specification: request,
        task,
        experimentId: experiment.id,
        dataset: {
          name: dataset.dataset.name,
          versionId: dataset.versionId,
          digest: dataset.digest,
          rows: dataset.rows,
        },
      }
      const job = context.jobs.start('automl', stored, {
        title: `Find a model for ${request.target} in ${dataset.dataset.name}`,
        subject: { type: 'experiment', id: experiment.id, name: experiment.name },
      })
      experiments.setJob(experiment.id, job.id)
      return { job, experimentId: experiment.id }
    },

    /** By the job's id or its experiment's. */
    state(id: string): AutomlState {
      const jobId = jobIdOf(id)
      const known = live.get(jobId)
      if (known) return known
      const kept = selectCheckpoint.get(jobId, 'state')
      if (kept) return automlState.parse(JSON.parse(kept.value))
      return waitingState(jobId)
    },

    /** The state now and whenever it changes; ends with the job. */
    async *watch(id: string, signal?: AbortSignal): AsyncGenerator<AutomlState> {
      const jobId = jobIdOf(id)
      let wake: () => void = () => {}
      const listener = () => wake()
      const all = listeners.get(jobId) ?? new Set()
      listeners.set(jobId, all.add(listener))
      signal?.addEventListener('abort', listener)
      try {
        for (;;) {
          const changed = new Promise<void>((resolve) => {
            wake = resolve
          })
          yield service.state(jobId)
          if (signal?.aborted || !['queued', 'running'].includes(context.jobs.get(jobId).state)) return
          await Promise.race([changed, new Promise((resolve) => setTimeout(resolve, 1000))])
        }
      } finally {
        all.delete(listener)
        signal?.removeEventListener('abort', listener)
      }
    },

    stop(id: string): Job {
      const jobId = jobIdOf(id)
      context.jobs.requestStop(jobId)
      return context.jobs.get(jobId)
    },

    learners: () =>
      learners.map(({ name, title, tasks }: Learner) => ({
        name,
        title,
        tasks: [...tasks],
        description: learnerDescriptions[name] ?? 'A learner from outside Maestro.',
      })),
    metrics: () => metricDescriptions,
  }

  /** Fails at once, not minutes later in the job: a target that is not there, a task that does not fit it. */
  async function assertTrainable(request: AutomlSpecification, versionId: string): Promise<TaskName> {
    const { profile } = datasets.resolve(versionId)
    const names = profile.map(({ name }) => name)
    const all = [...request.exclude, request.groupColumn, request.timeColumn, request.weightColumn].filter(
      (name) => name !== null,
    )
    for (const name of all)
      if (!names.includes(name))
        throw new MaestroError('COLUMN_UNKNOWN', `The dataset has no column ${name}.`, hintFor(name, names), {
          column: name,
        })
    if (!names.includes(request.target))
      throw new MaestroError(
        'TARGET_MISSING',
        `The dataset has no column ${request.target}.`,
        hintFor(request.target, names),
        { column: request.target },
      )
    const suggestion = await datasets.target(versionId, request.target)
    const numeric = profile.find(({ name }) => name === request.target)?.numeric !== null
    if (request.task === 'regression' && !numeric)
      throw new MaestroError(
        'TASK_MISMATCH',
        `${request.target} holds texts, so it cannot be predicted as a number.`,
        'Leave the task out and it is found from the target.',
      )
    if (request.task === 'binary' && suggestion.task !== 'binary')
      throw new MaestroError(
        'TASK_MISMATCH',
        `${request.target} does not have two values.`,
        'Leave the task out and it is found from the target.',
      )
    const task = request.task === 'auto' ? suggestion.task : request.task
    const metric = metricDescriptions.find(({ name }) => name === request.metric)
    if (metric && !metric.tasks.includes(task)) {
      const able = metricDescriptions.filter(({ tasks }) => tasks.includes(task)).map(({ name }) => name)
      throw new MaestroError(
        'TASK_MISMATCH',
        `${request.metric} does not judge a ${task} task.`,
        `Choose among ${able.join(', ')}.`,
      )
    }
    assertDemands(request, task, profile)
    const unknown = request.learners.find((name) => !learners.some((learner) => learner.name === name))
    if (unknown !== undefined)
      throw new MaestroError(
        'INPUT_INVALID',
        `There is no learner named ${unknown}.`,
        `Choose among ${learnersOfTask(task)
          .map(({ name }) => name)
          .join(', ')}.`,
      )
    return task
  }

  function waitingState(jobId: string): AutomlState {
    const stored = context.jobs.specification(jobId) as StoredSpecification
    const { specification, experimentId, dataset } = stored
    return {
      jobId,
      experimentId,
      experimentName: experiments.get(experimentId).name,
      dataset,
      target: specification.target,
      task: stored.task,
      classes: [],
      metric: specification.metric === 'auto' ? metricOf(stored.task, specification.objective) : specification.metric,
      budgetSeconds: specification.budgetSeconds,
      elapsedSeconds: 0,
      phase: 'reading',
      trials: [],
      expectedTrials: 0,
      leaderboard: [],
      history: [],
      baseline: null,
      best: null,
      parity: null,
      warnings: [],
      advice: null,
      endReason: null,
    }
  }

  return service
}

export type AutomlService = ReturnType<typeof createAutomlService>

/** A trial's score on each fold from `first` on, and the mean of all; the mean of more folds is a later step. */
function scorePoints(trial: FinishedTrial, metric: string, first = 0) {
  const scores = trial.foldScores.flatMap((value, step) =>
    value === null ? [] : [{ key: `${metric}_fold`, value, step }],
  )
  const mean = scores.reduce((sum, { value }) => sum + value, 0) / scores.length
  return [
    ...scores.filter(({ step }) => step >= first),
    { key: metric, value: mean, step: trial.foldScores.length - 1 },
  ]
}

function parseStored(specification: unknown): StoredSpecification {
  const stored = specification as StoredSpecification
  return { ...stored, specification: automlSpecification.parse(stored.specification) }
}

function hintFor(name: string, names: readonly string[]): string {
  const close = closestName(name, names)
  return close ? `Did you mean ${close}?` : `Its columns are ${names.slice(0, 40).join(', ')}.`
}

const learnerDescriptions: Readonly<Record<string, string>> = {
  'logistic-regression': 'Adds up the columns’ shares; small, quick and easy to read.',
  'elastic-net': 'Adds up the columns’ shares; small, quick and easy to read.',
  'gradient-boosting': 'Many small trees, each correcting the ones before; usually the best on tables.',
  'random-forest': 'The mean of many trees grown on random parts of the data; steady and hard to fool.',
  'naive-bayes': 'Looks at each column on its own; the quickest of all.',
  'decision-tree': 'One small tree that can be read like a flow chart.',
  'nearest-neighbours': 'Looks for the most similar rows of the training data.',
  'kernel-machine': 'A smooth boundary from many random waves; at its best on small tables of numbers.',
  'neural-network': 'Layers of units that learn their own features; slower, and at its best on smooth relations.',
  'extra-trees': 'A forest with random cuts; smoother than a random forest.',
}
