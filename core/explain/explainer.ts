import { Worker } from 'node:worker_threads'
import { entryUrl } from '../workers/entries.ts'
import { createThreadCaller } from '../workers/thread-caller.ts'
import type { ExplainTask } from './explain-task.ts'

/** Answers questions about models in a thread of its own, so that the host stays quick. */
export interface Explainer {
  run(task: ExplainTask): Promise<unknown>
  close(): Promise<void>
}

/** `log` is told of bugs. */
export function createExplainer(log: (message: string) => void): Explainer {
  const caller = createThreadCaller(() => new Worker(entryUrl('explain-worker')), 'explains', log)
  return { run: (task) => caller.call({ task }), close: () => caller.close() }
}
