import type { MessagePort } from 'node:worker_threads'
import { parentPort, workerData } from 'node:worker_threads'
import { toErrorRecord } from '../../shared/errors.ts'
import type { ExplainTask } from './explain-task.ts'
import { setRuntime } from './loaded.ts'
import { runExplainTask } from './run-explain-task.ts'
import { askOverLine } from './runtime-bridge.ts'

/** A thread that keeps models and tables read, so that the next question about them is answered at once. */
if (!parentPort) throw new Error('explain-worker runs as a thread')
const port = parentPort
setRuntime(askOverLine((workerData as { readonly runtime: MessagePort }).runtime))
port.on('message', ({ id, task }: { id: number; task: ExplainTask }) => {
  try {
    port.postMessage({ id, result: runExplainTask(task) })
  } catch (error) {
    port.postMessage({ id, error: toErrorRecord(error), stack: error instanceof Error ? error.stack : undefined })
  }
})
