import type { Job } from '../../shared/domain/jobs.ts'
import { MaestroError } from '../../shared/errors.ts'

interface Watcher {
  /** Called at each change; a watcher that is slow sees the newest state, not every one. */
  readonly wake: () => void
  readonly fail: (error: Error) => void
}

/** Those who follow jobs. All of them are released when the queue closes. */
export function createJobWatchers({ read, intervalMs }: { read: (id: string) => Job; intervalMs: number }) {
  const watchersOf = new Map<string, Set<Watcher>>()

  function add(id: string, watcher: Watcher): () => void {
    const set = watchersOf.get(id) ?? new Set()
    watchersOf.set(id, set.add(watcher))
    return () => {
      set.delete(watcher)
      if (set.size === 0 && watchersOf.get(id) === set) watchersOf.delete(id)
    }
  }

  async function* watch(id: string, signal?: AbortSignal): AsyncGenerator<Job, void, void> {
    const pause = createPause(signal)
    const remove = add(id, pause)
    try {
      while (!signal?.aborted) {
        const job = read(id)
        yield job
        if (isEnded(job)) return
        const earliest = performance.now() + intervalMs
        await pause.untilWoken()
        // Progress is told a few times a second, the end at once.
        while (!signal?.aborted && performance.now() < earliest && !isEnded(read(id))) {
          await pause.untilWoken(earliest - performance.now())
        }
      }
    } finally {
      remove()
    }
  }

  return {
    notify(id: string): void {
      for (const watcher of [...(watchersOf.get(id) ?? [])]) watcher.wake()
    },
    watch,
    wait(id: string): Promise<Job> {
      const job = read(id)
      if (isEnded(job)) return Promise.resolve(job)
      return new Promise((resolve, reject) => {
        const remove = add(id, {
          wake() {
            const now = read(id)
            if (!isEnded(now)) return
            remove()
            resolve(now)
          },
          fail: reject,
        })
      })
    },
    close(): void {
      const error = new MaestroError(
        'CANCELLED',
        'Maestro closed before the job ended.',
        'Open it again to see the job.',
      )
      for (const watchers of watchersOf.values()) for (const watcher of watchers) watcher.fail(error)
      watchersOf.clear()
    },
  }
}

function isEnded({ state }: Job): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/** Something that waits to be woken, by a change, an abort, or the time. A wake that came before the wait counts. */
function createPause(signal: AbortSignal | undefined) {
  let woken = false
  let failure: Error | null = null
  let resume: (() => void) | null = null
  const wake = () => {
    woken = true
    resume?.()
  }
  return {
    wake,
    fail(error: Error): void {
      failure = error
      wake()
    },
    async untilWoken(atMostMs?: number): Promise<void> {
      if (!woken && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          resume = resolve
          signal?.addEventListener('abort', () => resolve(), { once: true })
          if (atMostMs !== undefined) setTimeout(resolve, Math.max(0, atMostMs))
        })
      }
      woken = false
      resume = null
      if (failure) throw failure
    },
  }
}
