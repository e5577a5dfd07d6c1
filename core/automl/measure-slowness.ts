/** What tasks took and what they had of a processor, in seconds. */
export interface Effort {
  readonly wall: number
  readonly processor: number
}

/** How busy the machine is with other things. */
export interface SlownessMeter {
  note(effort: Effort): void
  /** How many times longer work takes than with a processor of one's own: 1 or more, and 1 while nothing is known. */
  value(): number
}

/** Of what was known before, after one more task: the last ten or so count. */
const memory = 0.9
/** Less than so many seconds say nothing. */
const leastSeconds = 0.05

/**
 * Measures by tasks that only compute, each in a thread of its own. What the start of processes and threads takes, and
 * threads waiting for one another, is not in it. `threadsEach`: threads of ours that share a processor slow each other
 * down, which is not the machine's doing.
 */
export function createSlownessMeter(threadsEach: number): SlownessMeter {
  let wall = 0
  let processor = 0
  return {
    note(effort) {
      wall = memory * wall + effort.wall
      processor = memory * processor + effort.processor
    },
    value: () => (processor < leastSeconds ? 1 : Math.max(1, wall / processor / Math.max(1, threadsEach))),
  }
}
