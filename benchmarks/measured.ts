import { cpus } from 'node:os'

/** What one turn took, in milliseconds: by the clock, and of all threads on the processor. */
export interface Timing {
  readonly wall: number
  readonly cpu: number
}

/** What was measured on, as a line for the results; `versions` names what else took part, as `LightGBM 4.6.0`. */
export function machine(...versions: readonly string[]): string {
  const processor = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores`
  return [processor, `Node ${process.versions.node}`, ...versions].join('; ')
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** With so many digits behind the point. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/** Several turns in whole milliseconds. */
export function summarise(timings: readonly Timing[]) {
  const wall = timings.map((timing) => timing.wall)
  return {
    wallMedian: Math.round(median(wall)),
    wallFastest: Math.round(Math.min(...wall)),
    wallSlowest: Math.round(Math.max(...wall)),
    cpuMedian: Math.round(median(timings.map((timing) => timing.cpu))),
  }
}
