import { Worker } from 'node:worker_threads'
import { entryUrl } from '../workers/entries.ts'
import { createThreadCaller } from '../workers/thread-caller.ts'
import type { ExplainTask } from './explain-task.ts'

/** Answers questions about models in a thread of its own, so that the host stays quick. */
export interface Explainer {
  run(task: ExplainTask): Promise<unknown>
  close(): Promise<void>
}

/**
 * `log` is told of bugs. What somebody waits for while a slider moves has a thread of its own, which starts with the first
 * such question: behind an exact explanation of the same row it would wait for a second.
 */
export function createExplainer(log: (message: string) => void): Explainer {
  const start = () => createThreadCaller(() => new Worker(entryUrl('explain-worker')), 'explains', log)
  const thorough = start()
  const quick = start()
  return {
    run: (task) => (task.kind === 'rows' && task.effort === 'quick' ? quick : thorough).call({ task }),
    close: async () => {
      await Promise.all([thorough.close(), quick.close()])
    },
  }
}
