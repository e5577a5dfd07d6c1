import { availableParallelism } from 'node:os'
import type BetterSqlite3 from 'better-sqlite3'
import type { Logger } from 'pino'
import type { Job, JobKind, JobState, LogLine } from '../../shared/domain/jobs.ts'
import { jobTransitions } from '../../shared/domain/jobs.ts'
import { limits } from '../../shared/domain/limits.ts'
import type { ChangeEvent } from '../../shared/domain/workspace.ts'
import { MaestroError, toErrorRecord } from '../../shared/errors.ts'
import type { Processes } from '../processes/processes.ts'
import { newId } from '../storage/ids.ts'
import { entryUrl } from '../workers/entries.ts'
import type { WorkspacePaths } from '../workspace/workspace-paths.ts'
import type { AttemptEnd, JobAttempt } from './job-attempt.ts'
import { startJobAttempt } from './job-attempt.ts'
import type { JobHandler, JobOutcome } from './job-context.ts'
import { createJobStore } from './job-store.ts'
import { createJobWatchers } from './job-watchers.ts'
import { initialProgress } from './progress-tracker.ts'

/** Persisted long work. What it is told and what it tells is in the database before anybody hears of it. */
export interface JobQueue {
  /** Called by services when they are built. */
  register(handler: JobHandler): void
  /** Stores the job and starts it when there is room. Throws what the handler's `parse` throws. */
  start(kind: JobKind, specification: unknown, about: { title: string; subject: Job['subject'] }): Job
  /** Throws NOT_FOUND. */
  get(id: string): Job
  /** The specification as it was stored. */
  specification(id: string): unknown
  /** Newest first; at most 100 without a limit. */
  list(filter?: { state?: JobState | undefined; kind?: JobKind | undefined; limit?: number | undefined }): Job[]
  /** The job now and at each change, at most four times a second, to its terminal state. */
  watch(id: string, signal?: AbortSignal): AsyncIterable<Job>
  /** Resolves with the ended job, within a second or so. Throws STATE_REFUSED for a job that has ended. */
  cancel(id: string): Promise<Job>
  /** Asks a running job to finish with what it has. */
  requestStop(id: string): Job
  /** Queues a failed or cancelled job again, if its kind can go on from what was finished. */
  resume(id: string): Job
  /** Lines after the one numbered `after` (0: from the first); `next` is what to ask with the next time. */
  log(id: string, after: number, limit: number): { lines: LogLine[]; next: number }
  /** Resolves with the job in its terminal state; rejects when the queue closes before. */
  wait(id: string): Promise<Job>
  runningCount(): number
  /** Queued and running ones. */
  unfinishedCount(): number
  /** Takes up what an earlier host left: call it once, when every handler is registered. */
  recover(): Promise<void>
  /** Ends all processes. Resumable jobs go on with the next host, the others fail with the reason. */
  close(): Promise<void>
}

export interface JobQueueOptions {
  readonly sqlite: BetterSqlite3.Database
  readonly paths: Pick<WorkspacePaths, 'scratch' | 'blobs'>
  readonly processes: Processes
  readonly logger: Logger
  readonly changed: (event: ChangeEvent) => void
  /** The file that a job's process starts with; tests give their own. */
  readonly entry?: URL
  /** Light jobs that run side by side. */
  readonly lightSlots?: number
  /** Who asks at this moment; null where nobody does. */
  readonly actor?: () => string | null
  /** Called in the transaction that stores a job's end, with who asked for it. */
  readonly ended?: (job: Job, actor: string | null) => void
}

/** Kinds that take every core: one at a time. */
const heavyKinds: ReadonlySet<JobKind> = new Set<JobKind>(['automl'])
/** Progress is live in memory; the stored one is only for the next host. */
const saveProgressMs = 2_000

interface Running {
  readonly kind: JobKind
  readonly attempt: JobAttempt
  savedAt: number
}

export function createJobQueue(options: JobQueueOptions): JobQueue {
  const { logger, changed, paths } = options
  const store = createJobStore(options.sqlite)
  const handlers = new Map<JobKind, JobHandler>()
  const running = new Map<string, Running>()
  const lightSlots = options.lightSlots ?? Math.max(2, availableParallelism() - 1)
  const watchers = createJobWatchers({ read: get, intervalMs: 1000 / limits.progressPerSecond })
  /** Closing: nothing starts any more; closed: nothing is stored any more. */
  let phase: 'open' | 'closing' | 'closed' = 'open'

  function get(id: string): Job {
    return present(store.find(id).job)
  }

  /** Adds what only this process knows: the live progress, and whether the job can be taken up again. */
  function present(job: Job): Job {
    const attempt = job.state === 'running' ? running.get(job.id)?.attempt : undefined
    const resumable = job.resumable && job.state !== 'succeeded' && jobTransitions[job.state].includes('queued')
    return { ...job, progress: attempt?.progress() ?? job.progress, resumable }
  }

  function announce(id: string): void {
    watchers.notify(id)
    changed({ topic: 'jobs', id })
  }

  function handlerOf(kind: JobKind): JobHandler {
    const handler = handlers.get(kind)
    if (!handler) throw new MaestroError('INTERNAL', `No part of the program takes jobs of the kind ${kind}.`)
    return handler
  }

  function hasRoom(kind: JobKind): boolean {
    const isHeavy = heavyKinds.has(kind)
    const alike = [...running.values()].filter((other) => heavyKinds.has(other.kind) === isHeavy).length
    return alike < (isHeavy ? 1 : lightSlots)
  }

  /** Starts what waits and has room, oldest first. */
  function startWaiting(): void {
    if (phase !== 'open') return
    for (const { job } of store.unfinished()) {
      if (job.state === 'queued' && !running.has(job.id) && hasRoom(job.kind)) startJob(job)
    }
  }

  function startJob({ id, kind }: Job): void {
    const handler = handlers.get(kind)
    if (!handler) {
      endJob(
        id,
        {
          state: 'failed',
          error: toErrorRecord(new MaestroError('INTERNAL', `No part of the program takes jobs of the kind ${kind}.`)),
        },
        null,
      )
      return
    }
    const started = store.transition(id, 'running', {
      attempts: store.find(id).attempts + 1,
      startedAt: new Date().toISOString(),
      message: '',
    })
    const attempt = startJobAttempt(started, handler, {
      store,
      processes: options.processes,
      entry: options.entry ?? entryUrl('job-process'),
      scratch: paths.scratch,
      blobs: paths.blobs,
      logger,
      onProgress,
    })
    running.set(id, { kind, attempt, savedAt: Date.now() })
    announce(id)
    attempt.end
      .then(({ outcome, result }: AttemptEnd) => endJob(id, outcome, result))
      .catch((error: unknown) => logger.fatal({ err: error, jobId: id }, 'the end of a job could not be stored'))
  }

  function onProgress(id: string): void {
    const entry = running.get(id)
    if (!entry || phase !== 'open') return
    if (Date.now() - entry.savedAt >= saveProgressMs) {
      entry.savedAt = Date.now()
      store.saveProgress(id, entry.attempt.progress())
      changed({ topic: 'jobs', id })
    }
    watchers.notify(id)
  }

  function endJob(id: string, outcome: JobOutcome, result: Record<string, unknown> | null): void {
    if (phase === 'closed') return
    const { progress } = get(id)
    running.delete(id)
    options.sqlite.transaction(() => {
      const { job, actor } = store.transition(id, outcome.state, {
        progress: { ...progress, fraction: outcome.state === 'succeeded' ? 1 : progress.fraction, secondsLeft: null },
        message:
          outcome.state === 'failed' ? outcome.error.message : outcome.state === 'cancelled' ? 'Cancelled' : 'Done',
        error: outcome.state === 'failed' ? outcome.error : null,
        result,
        endedAt: new Date().toISOString(),
      })
      options.ended?.(job, actor)
    })()
    logger.info({ jobId: id, state: outcome.state }, 'job ended')
    announce(id)
    startWaiting()
  }

  /** For a job that has no process: the handler hears of its end all the same. */
  async function endWithoutProcess(id: string, outcome: JobOutcome): Promise<void> {
    const { job, specification } = store.find(id)
    const handler = handlers.get(job.kind)
    let result: Record<string, unknown> | null = null
    try {
      result = (await handler?.onEnd?.(id, specification, outcome)) ?? null
    } catch (error) {
      logger.error({ err: error, jobId: id }, 'the end of the job could not be stored')
    }
    endJob(id, outcome, result)
  }

  return {
    register: (handler) => void handlers.set(handler.kind, handler),

    start(kind, specification, { title, subject }) {
      if (phase !== 'open') throw new MaestroError('STATE_REFUSED', 'Maestro is closing.')
      const handler = handlerOf(kind)
      const parsed = handler.parse(specification)
      const job: Job = {
        id: newId(),
        kind,
        state: 'queued',
        title,
        progress: initialProgress,
        message: hasRoom(kind) ? '' : 'Waits until a job before it has ended.',
        error: null,
        createdAt: new Date().toISOString(),
        startedAt: null,
        endedAt: null,
        resumable: handler.resumable,
        subject,
        result: null,
      }
      store.insert(job, parsed, options.actor?.() ?? null)
      announce(job.id)
      // Not at once: who starts a job inside a transaction, or stores what belongs to it next, does so before it runs.
      queueMicrotask(startWaiting)
      return present(job)
    },

    get,
    specification: (id) => store.find(id).specification,
    list: (filter = {}) => store.list(filter).map(present),
    watch: (id, signal) => watchers.watch(id, signal),
    wait: (id) => watchers.wait(id),
    log: (id, after, limit) => store.log(id, after, limit),
    runningCount: () => running.size,
    unfinishedCount: () => store.unfinished().length,

    async cancel(id) {
      const job = get(id)
      if (jobTransitions[job.state].every((state) => state !== 'cancelled')) {
        throw new MaestroError(
          'STATE_REFUSED',
          `The job has already ${job.state === 'cancelled' ? 'been cancelled' : job.state}.`,
          '',
          { id, state: job.state },
        )
      }
      const attempt = running.get(id)?.attempt
      if (!attempt) {
        await endWithoutProcess(id, { state: 'cancelled' })
        return get(id)
      }
      attempt.cancel()
      return watchers.wait(id)
    },

    requestStop(id) {
      const job = get(id)
      const attempt = running.get(id)?.attempt
      if (!attempt) {
        const hint = job.state === 'queued' ? 'It has not started yet: cancel it instead.' : 'It has already ended.'
        throw new MaestroError('STATE_REFUSED', 'Only a running job can be stopped.', hint, { id, state: job.state })
      }
      attempt.requestStop()
      return job
    },

    resume(id) {
      const { job } = store.find(id)
      if (!present(job).resumable) {
        const why =
          job.state === 'failed' || job.state === 'cancelled'
            ? 'Jobs of this kind start from the beginning.'
            : `It is ${job.state}.`
        throw new MaestroError('STATE_REFUSED', `The job cannot be resumed. ${why}`, 'Start it anew instead.', {
          id,
          state: job.state,
        })
      }
      store.transition(id, 'queued', { error: null, result: null, endedAt: null, message: 'Waits to go on.' })
      announce(id)
      queueMicrotask(startWaiting)
      return get(id)
    },

    async recover() {
      for (const { job } of store.unfinished()) {
        if (job.state === 'queued') continue
        if (job.resumable && handlers.has(job.kind)) {
          store.transition(job.id, 'queued', { message: 'Goes on from what was finished before Maestro was closed.' })
          announce(job.id)
        } else {
          await endWithoutProcess(job.id, { state: 'failed', error: interrupted })
        }
      }
      startWaiting()
    },

    async close() {
      if (phase !== 'open') return
      phase = 'closing'
      const left = [...running]
      await Promise.all(left.map(([, { attempt }]) => attempt.abandon()))
      for (const [id] of left) {
        if (store.find(id).job.resumable) {
          running.delete(id)
          store.transition(id, 'queued', { message: 'Goes on when Maestro is opened again.' })
        } else {
          await endWithoutProcess(id, { state: 'failed', error: interrupted })
        }
      }
      phase = 'closed'
      watchers.close()
    },
  }
}

const interrupted = toErrorRecord(
  new MaestroError(
    'JOB_CRASHED',
    'Maestro was closed, or ended unexpectedly, while the job ran.',
    'Start it again. What it had stored is kept.',
  ),
)
