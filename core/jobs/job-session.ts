import type { JobProgress, LogLine } from '../../shared/domain/jobs.ts'
import { limits } from '../../shared/domain/limits.ts'
import type { ErrorRecord } from '../../shared/errors.ts'
import { toErrorRecord } from '../../shared/errors.ts'
import type { ChildProcess } from '../processes/processes.ts'
import type { HostMessage, JobMessage } from './job-messages.ts'

/** How a job's process ended: with an answer, or without one. */
export type SessionEnd =
  | { readonly type: 'succeeded'; readonly result: Record<string, unknown> }
  | { readonly type: 'failed'; readonly error: ErrorRecord; readonly stack: string }
  | { readonly type: 'died'; readonly code: number | null; readonly signal: string | null }

export interface SessionListener {
  onProgress(progress: Partial<JobProgress>): void
  onLine(line: LogLine): void
  /** Stores an event durably; the process is told when it resolves or rejects. */
  onEvent(event: unknown): Promise<void> | void
}

export interface JobSession {
  /** Resolves once, after every event that came before the end has been stored. */
  readonly end: Promise<SessionEnd>
  /** Asks the process to give up, and ends it when the grace period is over. */
  cancel(): void
  requestStop(): void
  kill(): void
}

/** What killing takes, so that a cancelled job has ended within the promised second and not just after it. */
const killMargin = 0.2
/** How long a process that has answered may take to leave. */
const farewellSeconds = 2

/** The host's side of one job's process. */
export function startJobSession(
  child: ChildProcess,
  run: Extract<HostMessage, { type: 'run' }>,
  listener: SessionListener,
): JobSession {
  const { promise: end, resolve } = Promise.withResolvers<SessionEnd>()
  let answered = false
  let killTimer: NodeJS.Timeout | undefined
  // One event after another, in the order in which they were emitted.
  let stored = Promise.resolve()
  const send = (message: HostMessage) => child.send(message)
  const finish = (answer: SessionEnd) => {
    if (answered) return
    answered = true
    void stored.then(() => resolve(answer))
  }
  const killAfter = (seconds: number) => {
    killTimer ??= setTimeout(() => child.kill(), seconds * 1000)
  }

  async function store(sequence: number, event: unknown): Promise<void> {
    try {
      await listener.onEvent(event)
      send({ type: 'stored', sequence, error: null })
    } catch (error) {
      send({ type: 'stored', sequence, error: toErrorRecord(error) })
    }
  }

  child.onMessage((received) => {
    const message = received as JobMessage
    switch (message.type) {
      case 'progress':
        listener.onProgress(message.progress)
        break
      case 'log':
        listener.onLine(message.line)
        break
      case 'event':
        stored = stored.then(() => store(message.sequence, message.event))
        break
      case 'succeeded':
      case 'failed':
        finish(message)
        child.stop()
        killAfter(farewellSeconds)
        break
    }
  })
  child.onOutput(splitLines((message) => listener.onLine({ time: new Date().toISOString(), level: 'warn', message })))
  child.onExit((code, signal) => {
    clearTimeout(killTimer)
    finish({ type: 'died', code, signal })
  })
  send(run)
  return {
    end,
    cancel() {
      send({ type: 'cancel' })
      killAfter(limits.cancelGraceSeconds - killMargin)
    },
    requestStop: () => send({ type: 'stop' }),
    kill: () => child.kill(),
  }
}

/** Longer lines are cut: a process that prints without end must not fill the host's memory. */
const longestLine = 10_000

function splitLines(take: (line: string) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(0, longestLine)
    for (const line of lines) if (line.trim() !== '') take(line.slice(0, longestLine))
  }
}
