import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { JobProgress } from '../../shared/domain/jobs.ts'
import type { ErrorRecord } from '../../shared/errors.ts'
import { toErrorRecord } from '../../shared/errors.ts'
import type { Processes } from '../processes/processes.ts'
import type { JobHandler, JobOutcome } from './job-context.ts'
import { createJobLog } from './job-log.ts'
import type { JobSession, SessionEnd } from './job-session.ts'
import { startJobSession } from './job-session.ts'
import type { JobStore, StoredJob } from './job-store.ts'
import { createProgressTracker } from './progress-tracker.ts'

export interface AttemptEnvironment {
  readonly store: JobStore
  readonly processes: Processes
  /** The file that a job's process starts with. */
  readonly entry: URL
  /** Folders of the workspace. */
  readonly scratch: string
  readonly blobs: string
  readonly logger: Logger
  onProgress(id: string): void
}

/** How an attempt ended, with what the handler made of it. */
export interface AttemptEnd {
  readonly outcome: JobOutcome
  readonly result: Record<string, unknown> | null
}

/** One run of one job: its process, its log and its progress. */
export interface JobAttempt {
  readonly progress: () => JobProgress
  /** Resolves after the handler's `onEnd`; never rejects. */
  readonly end: Promise<AttemptEnd>
  cancel(): void
  requestStop(): void
  /** Ends the process without telling the handler; `end` then never resolves. For the host's own end. */
  abandon(): Promise<void>
}

export function startJobAttempt(
  { job, specification: stored, attempts }: StoredJob,
  handler: JobHandler,
  environment: AttemptEnvironment,
): JobAttempt {
  const { store, processes, logger } = environment
  const log = createJobLog(store, job.id)
  const tracker = createProgressTracker()
  const scratch = join(environment.scratch, `${job.id}-${attempts}`)
  let session: JobSession | null = null
  let wish: 'none' | 'stop' | 'cancel' | 'abandon' = 'none'
  let specification: unknown = stored

  async function run(): Promise<SessionEnd> {
    // Parsed again: the row may come from another version of the program, or from a hand that edited it.
    specification = handler.parse(stored)
    const prepared = (await handler.prepare?.(job.id, specification)) ?? specification
    if (wish === 'cancel' || wish === 'abandon') return { type: 'died', code: null, signal: null }
    mkdirSync(scratch, { recursive: true, mode: 0o700 })
    const child = processes.start(environment.entry)
    session = startJobSession(
      child,
      { type: 'run', jobId: job.id, kind: job.kind, specification: prepared, scratch, blobs: environment.blobs },
      {
        onProgress(progress) {
          tracker.take(progress)
          environment.onProgress(job.id)
        },
        onLine: log.add,
        onEvent: (event) => handler.onEvent?.(job.id, specification, event),
      },
    )
    if (wish === 'stop') session.requestStop()
    return session.end
  }

  async function runToOutcome(): Promise<JobOutcome> {
    try {
      return outcomeOf(await run())
    } catch (error) {
      logger.error({ err: error, jobId: job.id }, 'the job could not start')
      return wish === 'cancel' ? { state: 'cancelled' } : { state: 'failed', error: toErrorRecord(error) }
    }
  }

  async function finish(outcome: JobOutcome): Promise<AttemptEnd> {
    if (wish === 'abandon') return new Promise(() => undefined)
    try {
      const kept = await handler.onEnd?.(job.id, specification, outcome)
      return { outcome, result: kept ?? (outcome.state === 'succeeded' ? outcome.result : null) }
    } catch (error) {
      logger.error({ err: error, jobId: job.id }, 'the end of the job could not be stored')
      return { outcome: { state: 'failed', error: toErrorRecord(error) }, result: null }
    } finally {
      tidy()
    }
  }

  function tidy(): void {
    log.flush()
    rmSync(scratch, { recursive: true, force: true })
  }

  function outcomeOf(end: SessionEnd): JobOutcome {
    // Whatever came of it, who asked to cancel is told that it was cancelled; what was emitted is kept.
    if (wish === 'cancel') return { state: 'cancelled' }
    if (end.type === 'succeeded') return { state: 'succeeded', result: end.result }
    if (end.type === 'died') return { state: 'failed', error: crashError(end, log.tail()) }
    if (end.error.code === 'CANCELLED') return { state: 'cancelled' }
    logger.warn({ jobId: job.id, stack: end.stack }, 'the job failed')
    log.add({ time: new Date().toISOString(), level: 'error', message: end.stack })
    return { state: 'failed', error: end.error }
  }

  const outcome = runToOutcome()
  return {
    progress: tracker.current,
    end: outcome.then(finish),
    cancel() {
      wish = 'cancel'
      session?.cancel()
    },
    requestStop() {
      if (wish === 'none') wish = 'stop'
      session?.requestStop()
    },
    async abandon() {
      wish = 'abandon'
      session?.kill()
      await outcome
      tidy()
    },
  }
}

function crashError({ code, signal }: Extract<SessionEnd, { type: 'died' }>, tail: readonly string[]): ErrorRecord {
  const how = signal ? `was ended by ${signal}` : code === null ? 'could not be started' : `ended with code ${code}`
  const outOfMemory = signal === 'SIGKILL' || tail.some((line) => /out of memory|allocation failed/i.test(line))
  return {
    code: 'JOB_CRASHED',
    message: `The process that did the work ${how}.`,
    hint: outOfMemory
      ? 'It probably needed more memory than there is: try fewer rows, columns or threads. What was finished is kept.'
      : 'What was finished is kept. Its log says more; start it again, and report it if it happens again.',
    details: { exitCode: code, signal, log: [...tail] },
  }
}
