import type { DatePartEncoder } from './encoder.ts'

/** Parts that come round: their first value, and how many there are. */
const cycles: Readonly<Partial<Record<DatePartEncoder['part'], { readonly first: number; readonly length: number }>>> =
  {
    month: { first: 1, length: 12 },
    weekday: { first: 0, length: 7 },
    hour: { first: 0, length: 24 },
    'day-of-year': { first: 1, length: 366 },
  }

export function isCycle(part: DatePartEncoder['part']): boolean {
  return part in cycles
}

/**
 * Sine or cosine of each value of a part, float32, from its first one on. A table, since no two runtimes' sines have the
 * same bits. Throws RangeError for a part that does not come round.
 */
export function cycleTable(
  part: DatePartEncoder['part'],
  wave: 'sine' | 'cosine',
): { readonly first: number; readonly values: readonly number[] } {
  const cycle = cycles[part]
  if (!cycle) throw new RangeError(`The ${part} does not come round`)
  const of = wave === 'sine' ? Math.sin : Math.cos
  const values = Array.from({ length: cycle.length }, (_, place) =>
    Math.fround(of((2 * Math.PI * place) / cycle.length)),
  )
  return { first: cycle.first, values }
}
