import type { LogLine } from '../../shared/domain/jobs.ts'
import type { JobStore } from './job-store.ts'

/** Lines that are kept of one job; a job that says more is told so in its log, once. */
const mostLines = 20_000
/** Lines are stored together: each durable write costs a flush of the disk. */
const flushMs = 250
/** What is told of a process that died. */
const lastLines = 20

/** Collects a job's lines, stores them four times a second, and remembers the last ones. */
export function createJobLog(store: JobStore, id: string) {
  let held: LogLine[] = []
  let timer: NodeJS.Timeout | null = null
  let count = store.logLength(id)
  const tail: string[] = []

  function flush(): void {
    if (timer) clearTimeout(timer)
    timer = null
    const lines = held
    held = []
    if (lines.length > 0) store.appendLog(id, lines)
  }

  return {
    add(line: LogLine): void {
      tail.push(line.message)
      if (tail.length > lastLines) tail.shift()
      count++
      if (count > mostLines + 1) return
      held.push(
        count <= mostLines
          ? line
          : { ...line, level: 'warn', message: `Only the first ${mostLines} lines of a log are kept.` },
      )
      timer ??= setTimeout(flush, flushMs)
    },
    flush,
    tail: (): readonly string[] => tail,
  }
}
