import { MaestroError } from '../../../shared/errors.ts'
import { DeliveryRejected } from '../../egress/delivery.ts'
import type { Circuit } from '../../egress/retry-times.ts'
import { afterAttempt, closedCircuit, mayTry, mostAttempts, retryDelayMs } from '../../egress/retry-times.ts'
import type { DestinationRow } from './destination-rows.ts'
import type { OutboxRows, WaitingMessage } from './outbox-rows.ts'

interface DelivererOptions {
  readonly outbox: OutboxRows
  readonly destination: (id: string) => DestinationRow | undefined
  readonly send: (destination: DestinationRow, message: WaitingMessage) => Promise<void>
  /** Whether anything may leave, and can be written down. */
  readonly isOpen: () => boolean
  /** Something is different in the outbox. */
  readonly changed: () => void
  readonly now?: () => number
  readonly random?: () => number
}

export interface DeliveryCount {
  readonly sent: number
  readonly failed: number
}

/** Longer than a delivery may take; who has not said by then how it went is dead. */
const leaseMs = 5 * 60_000
/** What only a person can change is looked at again this often. */
const refusedMs = 15 * 60_000
const keptMs = 30 * 86_400_000

/**
 * Sends what waits, one message after the other, each at least once: it is marked before it is sent and again after it was
 * taken, and in between a crash leaves it to be sent again under the same number.
 */
export function createDeliverer({ outbox, now = Date.now, random = Math.random, ...options }: DelivererOptions) {
  const circuits = new Map<string, Circuit>()
  let running: Promise<DeliveryCount> | null = null
  /** Closing: nothing is started any more; stopped: nothing is stored any more. */
  let closing = false
  let stopped = false
  const iso = (ms: number) => new Date(ms).toISOString()

  function fail(message: WaitingMessage, error: unknown): void {
    const text = error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 500) : String(error)
    if (error instanceof MaestroError) outbox.later(message.id, iso(now() + refusedMs), text, false)
    else if (error instanceof DeliveryRejected || message.attempts + 1 >= mostAttempts) {
      outbox.dead(message.id, text, iso(now()))
    } else outbox.later(message.id, iso(now() + retryDelayMs(message.attempts + 1, random())), text)
  }

  async function attempt(destination: DestinationRow, message: WaitingMessage): Promise<boolean> {
    if (!outbox.claim(message.id, iso(now() + leaseMs))) return false
    const before = circuits.get(destination.id) ?? closedCircuit
    try {
      await options.send(destination, message)
      circuits.delete(destination.id)
      if (!stopped) outbox.sent(message.id, iso(now()))
      return true
    } catch (error) {
      if (stopped) return false
      // Who was never reached, or has answered with a clear no, is not broken.
      const isBroken = !(error instanceof MaestroError || error instanceof DeliveryRejected)
      if (isBroken) circuits.set(destination.id, afterAttempt(before, false, now()))
      fail(message, error)
      return false
    } finally {
      if (!stopped) options.changed()
    }
  }

  async function run(): Promise<DeliveryCount> {
    let sent = 0
    let failed = 0
    outbox.forgetSentBefore(iso(now() - keptMs))
    for (const message of outbox.due(iso(now()))) {
      if (closing || !options.isOpen()) break
      const destination = options.destination(message.destinationId)
      // Messages of one that is switched off wait until it is on again, or is removed and they with it.
      if (!destination?.enabled) continue
      if (mayTry(circuits.get(destination.id) ?? closedCircuit, now()) === 'none') continue
      if (await attempt(destination, message)) sent += 1
      else failed += 1
    }
    return { sent, failed }
  }

  return {
    /** Sends what is due. While that goes on, a second call waits for the first and then does the rest. */
    async deliverDue(): Promise<DeliveryCount> {
      while (running) await running.catch(() => undefined)
      if (closing || !options.isOpen()) return { sent: 0, failed: 0 }
      running = run().finally(() => {
        running = null
      })
      return running
    },
    pausedUntil(destinationId: string): string | null {
      const { openUntil } = circuits.get(destinationId) ?? closedCircuit
      return openUntil > now() ? iso(openUntil) : null
    },
    /** Somebody says that it works again. */
    reset: () => circuits.clear(),
    /** Starts nothing any more, and waits a moment for what is on its way; what is not done then is sent again next time. */
    async close(patienceMs: number): Promise<void> {
      closing = true
      const current = running
      let timer: NodeJS.Timeout | undefined
      if (current) {
        const late = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, patienceMs)
        })
        const rest = current.then(
          () => {},
          () => {},
        )
        await Promise.race([rest, late])
        clearTimeout(timer)
      }
      stopped = true
    },
  }
}
