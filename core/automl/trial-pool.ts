import { Worker } from 'node:worker_threads'
import { MaestroError } from '../../shared/errors.ts'
import { entryUrl } from '../workers/entries.ts'
import type { TrialAnswer, TrialTask, TrialWorkerData } from './trial-task.ts'

/** Threads that fit, one task each at a time. */
export interface TrialPool {
  readonly size: number
  /** Threads without a task. */
  idle(): number
  /** Hands a task to an idle thread; resolves with what came of it, also when it was stopped or the thread died. */
  run(task: Omit<TrialTask, 'taskId'>): Promise<TrialAnswer>
  /** Makes running fits stop as soon as they look; they answer `stopped`. */
  stopAll(): void
  /** Lets fits run again after `stopAll`. */
  goOn(): void
  close(): Promise<void>
}

export function createTrialPool(size: number, data: Omit<TrialWorkerData, 'control'>): TrialPool {
  const control = new Int32Array(new SharedArrayBuffer(4))
  const free: Worker[] = []
  const all = new Set<Worker>()
  const waiting = new Map<Worker, { readonly taskId: number; readonly resolve: (answer: TrialAnswer) => void }>()
  let nextTask = 1
  let closed = false

  function start(): void {
    const worker = new Worker(entryUrl('trial-worker'), { workerData: { ...data, control } satisfies TrialWorkerData })
    all.add(worker)
    free.push(worker)
    worker.on('message', (answer: TrialAnswer) => {
      const asked = waiting.get(worker)
      waiting.delete(worker)
      free.push(worker)
      asked?.resolve(answer)
    })
    worker.on('error', (error) => lose(worker, error instanceof Error ? error.message : String(error)))
    worker.on('exit', () => lose(worker, 'the thread ended'))
  }

  /** A thread that ran out of memory takes its trial with it, not the search. */
  function lose(worker: Worker, reason: string): void {
    if (!all.delete(worker)) return
    const at = free.indexOf(worker)
    if (at >= 0) free.splice(at, 1)
    const asked = waiting.get(worker)
    waiting.delete(worker)
    if (!closed) start()
    asked?.resolve({
      taskId: asked.taskId,
      kind: 'failed',
      error: {
        code: 'JOB_CRASHED',
        message: `The thread that trained it stopped: ${reason}`,
        hint: 'It may have needed more memory than there is.',
        details: {},
      },
    })
  }

  for (let thread = 0; thread < size; thread++) start()
  return {
    size,
    idle: () => free.length,
    run(task) {
      const worker = free.pop()
      if (!worker) throw new MaestroError('INTERNAL', 'No thread is idle.')
      const taskId = nextTask++
      return new Promise((resolve) => {
        waiting.set(worker, { taskId, resolve })
        worker.postMessage({ ...task, taskId } satisfies TrialTask)
      })
    },
    stopAll: () => void Atomics.store(control, 0, 1),
    goOn: () => void Atomics.store(control, 0, 0),
    async close() {
      closed = true
      Atomics.store(control, 0, 1)
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}
