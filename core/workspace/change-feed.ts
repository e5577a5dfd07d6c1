import type { ChangeEvent } from '../../shared/domain/workspace.ts'

/** Tells windows what to read again. Nothing is kept: who connects reads everything anyway. */
export interface ChangeFeed {
  publish(event: ChangeEvent): void
  /** Ends when the signal says so, or when the workspace closes. */
  subscribe(signal?: AbortSignal): AsyncGenerator<ChangeEvent, void, void>
  close(): void
}

/** A window that does not keep up loses the oldest; it reads whole lists, so a topic told once is enough. */
const longestBacklog = 1_000

export function createChangeFeed(): ChangeFeed {
  const subscribers = new Set<{ backlog: Map<string, ChangeEvent>; wake: () => void }>()
  let closed = false
  return {
    publish(event) {
      for (const subscriber of subscribers) {
        // The same thing changed twice before it was read is one event.
        subscriber.backlog.set(`${event.topic} ${event.id}`, event)
        if (subscriber.backlog.size > longestBacklog) {
          const [oldest] = subscriber.backlog.keys()
          subscriber.backlog.delete(oldest as string)
        }
        subscriber.wake()
      }
    },
    async *subscribe(signal) {
      const subscriber = { backlog: new Map<string, ChangeEvent>(), wake: () => {} }
      subscribers.add(subscriber)
      try {
        while (!closed && !signal?.aborted) {
          const events = [...subscriber.backlog.values()]
          subscriber.backlog.clear()
          yield* events
          if (subscriber.backlog.size > 0) continue
          await new Promise<void>((resolve) => {
            subscriber.wake = resolve
            if (closed || signal?.aborted || subscriber.backlog.size > 0) resolve()
            signal?.addEventListener('abort', () => resolve(), { once: true })
          })
        }
      } finally {
        subscribers.delete(subscriber)
      }
    },
    close() {
      closed = true
      for (const { wake } of subscribers) wake()
    },
  }
}
