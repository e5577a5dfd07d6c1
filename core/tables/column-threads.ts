import { availableParallelism } from 'node:os'
import { startThread } from '../workers/start-thread.ts'
import { createThreadCaller } from '../workers/thread-caller.ts'
import type { ColumnTask } from './column-tasks.ts'
import { createColumnTasks } from './column-tasks.ts'

/** Threads that read and finish columns. */
export interface ColumnThreads {
  readonly count: number
  /** Runs a task on a certain thread. */
  runOn(thread: number, task: ColumnTask): Promise<unknown>
  /** Runs each task on whichever thread is free, in order of the list; the results are in that order too. */
  runAll(tasks: readonly ColumnTask[], onDone?: (done: number) => void): Promise<unknown[]>
  close(): Promise<void>
}

const mostThreads = 8

/** Threads of their own, one for each core. */
export function startColumnThreads(log: (message: string) => void = console.error): ColumnThreads {
  const callers = Array.from({ length: Math.min(mostThreads, availableParallelism()) }, () =>
    createThreadCaller(() => startThread('column-worker'), 'reads columns', log),
  )
  return columnThreads(
    callers.length,
    (thread, task) => (callers[thread] as (typeof callers)[number]).call({ task }),
    async () => {
      await Promise.all(callers.map((caller) => caller.close()))
    },
  )
}

/** The calling thread does it all: a small table is read before a thread has started. */
export function withoutThreads(): ColumnThreads {
  const tasks = createColumnTasks()
  return columnThreads(
    1,
    (_thread, task) => new Promise((resolve) => resolve(tasks.run(task))),
    () => Promise.resolve(),
  )
}

function columnThreads(count: number, runOn: ColumnThreads['runOn'], close: ColumnThreads['close']): ColumnThreads {
  return {
    count,
    runOn,
    close,
    async runAll(tasks, onDone) {
      const results = new Array<unknown>(tasks.length)
      let next = 0
      let done = 0
      const work = async (thread: number) => {
        while (next < tasks.length) {
          const index = next++
          results[index] = await runOn(thread, tasks[index] as ColumnTask)
          onDone?.(++done)
        }
      }
      await Promise.all(Array.from({ length: Math.min(count, tasks.length) }, (_, thread) => work(thread)))
      return results
    },
  }
}
