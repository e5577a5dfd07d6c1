import { Worker } from 'node:worker_threads'
import { entryUrl } from '../workers/entries.ts'
import { createThreadCaller } from '../workers/thread-caller.ts'
import type { ExplainTask } from './explain-task.ts'
import type { PredictOnnx } from './runtime-bridge.ts'
import { openRuntimeLine } from './runtime-bridge.ts'

/** Answers questions about models in a thread of its own, so that the host stays quick. */
export interface Explainer {
  run(task: ExplainTask): Promise<unknown>
  close(): Promise<void>
}

/** `log` is told of bugs; `predict` runs what the engine does not evaluate itself. */
export function createExplainer(log: (message: string) => void, predict: PredictOnnx): Explainer {
  let closeLine: (() => void) | null = null
  const start = () => {
    closeLine?.()
    const line = openRuntimeLine(predict)
    closeLine = line.close
    return new Worker(entryUrl('explain-worker'), {
      workerData: { runtime: line.threadEnd },
      transferList: [line.threadEnd],
    })
  }
  const caller = createThreadCaller(start, 'explains', log)
  return {
    run: (task) => caller.call({ task }),
    async close() {
      await caller.close()
      closeLine?.()
    },
  }
}
