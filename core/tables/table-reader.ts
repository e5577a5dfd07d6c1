import { startThread } from '../workers/start-thread.ts'
import { createThreadCaller } from '../workers/thread-caller.ts'
import type { TableQuestion } from './table-question.ts'

export interface TableReader {
  ask(question: TableQuestion): Promise<unknown>
  close(): Promise<void>
}

/** Answers questions about tables in a thread of its own. `log` is told of bugs. */
export function createTableReader(log: (message: string) => void): TableReader {
  const caller = createThreadCaller(() => startThread('table-worker'), 'reads tables', log)
  return { ask: (question) => caller.call({ question }), close: () => caller.close() }
}
