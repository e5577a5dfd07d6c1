import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import type { ErrorRecord } from '../../shared/errors.ts'
import { startThread } from '../workers/start-thread.ts'
import { createSlownessMeter } from './measure-slowness.ts'
import type {
  DoneTask,
  EncodedFold,
  FoldTask,
  SentTask,
  TrialAnswer,
  TrialTask,
  TrialWorkerData,
} from './trial-task.ts'
import { encodedKey } from './trial-task.ts'

/** Threads that encode, fit and judge, one task each at a time. */
export interface TrialPool {
  readonly size: number
  /** Threads without a task. */
  idle(): number
  /**
   * Hands a task to the next idle thread, which encodes the fold first where no thread has yet. Resolves with what came
   * of it, also when it was stopped or the thread died.
   */
  run(task: TrialTask): Promise<TrialAnswer>
  /** How many times longer its tasks take than on an idle machine; see `createSlownessMeter`. */
  slowness(): number
  /** Makes running fits stop as soon as they look; they answer `stopped`. */
  stopAll(): void
  /** Lets fits run again after `stopAll`. */
  goOn(): void
  close(): Promise<void>
}

/** Encoded folds are kept up to this size, all threads together. */
const keptBytes = 2 ** 30

interface PoolThread {
  readonly worker: Worker
  /** Encoded folds that it has. */
  readonly known: Set<string>
  resolve: ((answer: TrialAnswer) => void) | null
}

export function createTrialPool(size: number, data: Omit<TrialWorkerData, 'control'>): TrialPool {
  const control = new Int32Array(new SharedArrayBuffer(4))
  const slowness = createSlownessMeter(size / availableParallelism())
  const all = new Set<PoolThread>()
  const free: PoolThread[] = []
  /** Tasks that wait for a thread. */
  const waiting: ((thread: PoolThread) => void)[] = []
  /** Least recently used first. */
  const encodedFolds = new Map<string, Promise<EncodedFold | ErrorRecord>>()
  const bytesOf = new Map<string, number>()
  let closed = false

  function start(): void {
    const worker = startThread('trial-worker', { workerData: { ...data, control } satisfies TrialWorkerData })
    const thread: PoolThread = { worker, known: new Set(), resolve: null }
    all.add(thread)
    release(thread)
    worker.on('message', ({ answer, effort }: DoneTask) => {
      slowness.note(effort)
      const { resolve } = thread
      thread.resolve = null
      resolve?.(answer)
    })
    worker.on('error', (error) => lose(thread, error instanceof Error ? error.message : String(error)))
    worker.on('exit', () => lose(thread, 'the thread ended'))
  }

  function release(thread: PoolThread): void {
    const next = waiting.shift()
    if (next) next(thread)
    else free.push(thread)
  }

  /** A thread that ran out of memory takes its task with it, not the search. */
  function lose(thread: PoolThread, reason: string): void {
    if (!all.delete(thread)) return
    const at = free.indexOf(thread)
    if (at >= 0) free.splice(at, 1)
    if (!closed) start()
    thread.resolve?.({ kind: 'failed', error: lostError(reason) })
  }

  function send(thread: PoolThread, task: TrialTask, encoded: EncodedFold | null): Promise<TrialAnswer> {
    if (!all.has(thread)) return Promise.resolve({ kind: 'failed', error: lostError('it ended before') })
    const forget = [...thread.known].filter((key) => !encodedFolds.has(key))
    for (const key of forget) thread.known.delete(key)
    if (encoded && task.kind !== 'describe') thread.known.add(encodedKey(task))
    return new Promise((resolve) => {
      thread.resolve = resolve
      thread.worker.postMessage({ task, encoded, forget } satisfies SentTask)
    })
  }

  /** The fold that a task works on, made by the task's own thread where nobody has made it yet. */
  function encodedFold(thread: PoolThread, task: FoldTask): Promise<EncodedFold | ErrorRecord> {
    const key = encodedKey(task)
    const known = encodedFolds.get(key)
    if (known) {
      encodedFolds.delete(key)
      encodedFolds.set(key, known)
      return known
    }
    const made = send(thread, { kind: 'encode', fold: task.fold, encoding: task.encoding }, null).then((answer) => {
      if (answer.kind === 'encoded') {
        makeRoom(key, 4 * answer.encoded.columns.length * (answer.encoded.nTrain + answer.encoded.nValidation))
        return answer.encoded
      }
      encodedFolds.delete(key)
      return answer.kind === 'failed' ? answer.error : lostError('it was stopped')
    })
    encodedFolds.set(key, made)
    return made
  }

  function makeRoom(key: string, bytes: number): void {
    bytesOf.set(key, bytes)
    let total = [...bytesOf.values()].reduce((sum, each) => sum + each, 0)
    for (const oldest of encodedFolds.keys()) {
      if (total <= keptBytes) break
      if (oldest === key) continue
      total -= bytesOf.get(oldest) ?? 0
      bytesOf.delete(oldest)
      encodedFolds.delete(oldest)
    }
  }

  async function runOn(thread: PoolThread, task: TrialTask): Promise<TrialAnswer> {
    if (task.kind === 'describe') return send(thread, task, null)
    const encoded = await encodedFold(thread, task)
    if ('code' in encoded) return { kind: 'failed', error: encoded }
    return send(thread, task, thread.known.has(encodedKey(task)) ? null : encoded)
  }

  for (let thread = 0; thread < size; thread++) start()
  return {
    size,
    idle: () => free.length,
    slowness: slowness.value,
    async run(task) {
      const thread = free.pop() ?? (await new Promise<PoolThread>((resolve) => waiting.push(resolve)))
      try {
        return await runOn(thread, task)
      } finally {
        if (all.has(thread)) release(thread)
      }
    },
    stopAll: () => void Atomics.store(control, 0, 1),
    goOn: () => void Atomics.store(control, 0, 0),
    async close() {
      closed = true
      Atomics.store(control, 0, 1)
      await Promise.all([...all].map(({ worker }) => worker.terminate()))
    },
  }
}

function lostError(reason: string): ErrorRecord {
  return {
    code: 'JOB_CRASHED',
    message: `The thread that trained it stopped: ${reason}.`,
    hint: 'It may have needed more memory than there is.',
    details: {},
  }
}
