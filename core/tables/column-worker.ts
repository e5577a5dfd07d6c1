import { parentPort } from 'node:worker_threads'
import { toErrorRecord } from '../../shared/errors.ts'
import type { ColumnTask } from './column-tasks.ts'
import { createColumnTasks } from './column-tasks.ts'

/** A thread that reads and finishes columns for an import. */
if (!parentPort) throw new Error('column-worker runs as a thread')
const port = parentPort
const tasks = createColumnTasks()
port.on('message', ({ id, task }: { id: number; task: ColumnTask }) => {
  try {
    port.postMessage({ id, result: tasks.run(task) })
  } catch (error) {
    port.postMessage({ id, error: toErrorRecord(error), stack: error instanceof Error ? error.stack : undefined })
  }
})
