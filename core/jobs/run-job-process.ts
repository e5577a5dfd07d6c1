import { setPriority } from 'node:os'
import type { JobKind } from '../../shared/domain/jobs.ts'
import { limits } from '../../shared/domain/limits.ts'
import { fromErrorRecord, MaestroError, toErrorRecord } from '../../shared/errors.ts'
import { createBlobStore } from '../blobs/blob-store.ts'
import { openParentLink } from '../processes/parent-link.ts'
import type { JobContext, JobMain } from './job-context.ts'
import type { HostMessage, JobMessage } from './job-messages.ts'

/** Loads the main of a kind; only what a job needs is loaded into its process. */
export type JobMains = Readonly<Partial<Record<JobKind, () => Promise<{ readonly main: JobMain }>>>>

/** As `nice -n 10`: the window and the host stay quick while a job takes every core. */
const priority = 10

/** The whole life of a job's process: waits for its one job, runs it, tells the end and leaves. */
export function runJobProcess(mains: JobMains): void {
  lowerPriority()
  const link = openParentLink()
  const send = (message: JobMessage) => link.send(message)
  const cancelled = new AbortController()
  const stopRequested = new AbortController()
  const events = createEvents(send)
  link.onMessage((received) => {
    const message = received as HostMessage
    switch (message.type) {
      case 'run':
        void run(message).then(send)
        break
      case 'cancel':
        cancelled.abort()
        break
      case 'stop':
        stopRequested.abort()
        break
      case 'stored':
        events.settle(message)
        break
    }
  })

  // What nobody waits for may fail as well, such as an event that the host cannot store.
  process.on('unhandledRejection', (reason) => send(failure(reason)))

  async function run(job: Extract<HostMessage, { type: 'run' }>): Promise<JobMessage> {
    const report = throttleProgress(send)
    const context: JobContext = {
      jobId: job.jobId,
      scratch: job.scratch,
      blobs: createBlobStore(job.blobs),
      report: report.take,
      log: (level, message) => send({ type: 'log', line: { time: new Date().toISOString(), level, message } }),
      emit: events.emit,
      cancelled: cancelled.signal,
      stopRequested: stopRequested.signal,
    }
    try {
      const load = mains[job.kind]
      if (!load) throw new MaestroError('INTERNAL', `There is no program for jobs of the kind ${job.kind}.`)
      const { main } = await load()
      const result = await main(job.specification, context)
      report.flush()
      return { type: 'succeeded', result }
    } catch (error) {
      report.flush()
      return failure(error)
    }
  }
}

function failure(error: unknown): JobMessage {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { type: 'failed', error: toErrorRecord(error), stack }
}

function lowerPriority(): void {
  try {
    setPriority(priority)
  } catch {
    // A container may forbid it; the job runs all the same.
  }
}

/** Numbers what is emitted and keeps each promise until the host has stored it. */
function createEvents(send: (message: JobMessage) => void) {
  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>()
  let last = 0
  return {
    emit(event: unknown): Promise<void> {
      const sequence = ++last
      return new Promise((resolve, reject) => {
        waiting.set(sequence, { resolve, reject })
        send({ type: 'event', sequence, event })
      })
    },
    settle({ sequence, error }: Extract<HostMessage, { type: 'stored' }>): void {
      const waiter = waiting.get(sequence)
      waiting.delete(sequence)
      if (error) waiter?.reject(fromErrorRecord(error))
      else waiter?.resolve()
    },
  }
}

/** Joins what is reported within a quarter of a second into one message, so that a tight loop does not flood the host. */
function throttleProgress(send: (message: JobMessage) => void) {
  let held: Extract<JobMessage, { type: 'progress' }>['progress'] | null = null
  let timer: NodeJS.Timeout | null = null
  let lastSent = Number.NEGATIVE_INFINITY
  const interval = 1000 / limits.progressPerSecond
  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    if (!held) return
    send({ type: 'progress', progress: held })
    held = null
    lastSent = performance.now()
  }
  const take: JobContext['report'] = (progress) => {
    held = { ...held, ...progress }
    const wait = lastSent + interval - performance.now()
    if (wait <= 0) flush()
    // A synchronous main never lets the timer run; its next report sends what is held.
    else timer ??= setTimeout(flush, wait)
  }
  return { take, flush }
}
