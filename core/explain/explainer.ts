import { startThread } from '../workers/start-thread.ts'
import { createThreadCaller } from '../workers/thread-caller.ts'
import type { ExplainTask } from './explain-task.ts'
import type { PredictOnnx } from './runtime-bridge.ts'
import { openRuntimeLine } from './runtime-bridge.ts'

/** Answers questions about models in a thread of its own, so that the host stays quick. */
export interface Explainer {
  run(task: ExplainTask): Promise<unknown>
  close(): Promise<void>
}

/**
 * `log` is told of bugs; `predict` runs what the engine does not evaluate itself. What somebody waits for while a slider
 * moves has a thread of its own, which starts with the first such question: behind an exact explanation of the same row
 * it would wait for a second.
 */
export function createExplainer(log: (message: string) => void, predict: PredictOnnx): Explainer {
  const thorough = createLane(log, predict)
  const quick = createLane(log, predict)
  return {
    run: (task) => (task.kind === 'rows' && task.effort === 'quick' ? quick : thorough).run(task),
    async close() {
      await Promise.all([thorough.close(), quick.close()])
    },
  }
}

/** One thread, started with its first task, with a line of its own to the runtime. */
function createLane(log: (message: string) => void, predict: PredictOnnx): Explainer {
  let closeLine: (() => void) | null = null
  const start = () => {
    closeLine?.()
    const line = openRuntimeLine(predict)
    closeLine = line.close
    return startThread('explain-worker', {
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
