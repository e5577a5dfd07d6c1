const firstMs = 5_000
const longestMs = 6 * 3_600_000
/** More than a day of trying: a network that is gone overnight is not the end of a message. */
export const mostAttempts = 16

/**
 * Milliseconds to wait after a number of failed attempts: twice as long each time, less up to half of it by chance, so that
 * a server that comes back is not asked by everybody at once.
 *
 * @param chance From 0 to below 1.
 */
export function retryDelayMs(attempts: number, chance: number): number {
  const longest = Math.min(longestMs, firstMs * 2 ** Math.max(0, attempts - 1))
  return Math.round(longest * (1 - chance / 2))
}

/** What is known of a destination that fails: how often in a row, and until when it is left alone. */
export interface Circuit {
  readonly failures: number
  /** Milliseconds since 1970; 0 while it is closed. */
  readonly openUntil: number
}

export const closedCircuit: Circuit = { failures: 0, openUntil: 0 }
const failuresToOpen = 5
const firstPauseMs = 60_000
const longestPauseMs = 3_600_000

/** After an attempt. It opens at the fifth failure in a row, and each further one (of the single message that tries) doubles the pause. */
export function afterAttempt({ failures }: Circuit, succeeded: boolean, now: number): Circuit {
  if (succeeded) return closedCircuit
  const inRow = failures + 1
  if (inRow < failuresToOpen) return { failures: inRow, openUntil: 0 }
  return { failures: inRow, openUntil: now + Math.min(longestPauseMs, firstPauseMs * 2 ** (inRow - failuresToOpen)) }
}

/** How many messages may be tried now: all, one to see whether it is back, or none. */
export function mayTry({ failures, openUntil }: Circuit, now: number): 'all' | 'one' | 'none' {
  if (failures < failuresToOpen) return 'all'
  return now >= openUntil ? 'one' : 'none'
}
