import { parentPort } from 'node:worker_threads'
import { toErrorRecord } from '../../shared/errors.ts'
import { createTableAnswerer } from './table-answerer.ts'
import type { TableQuestion } from './table-question.ts'

/** A thread that keeps recently used tables in memory, sorted as they were last asked for. */
if (!parentPort) throw new Error('table-worker runs as a thread')
const port = parentPort
const answerer = createTableAnswerer()
port.on('message', ({ id, question }: { id: number; question: TableQuestion }) => {
  try {
    port.postMessage({ id, result: answerer.answer(question) })
  } catch (error) {
    port.postMessage({ id, error: toErrorRecord(error), stack: error instanceof Error ? error.stack : undefined })
  }
})
