import type { GlobalExplanation } from '../../../shared/domain/explanations.ts'

/** Ends of one axis that holds all attributions of several explanations, rounded outwards to two digits. */
export function attributionSpan(
  explanations: readonly Pick<GlobalExplanation, 'features'>[],
  k: number,
): readonly [number, number] {
  let low = 0
  let high = 0
  for (const { features } of explanations) {
    for (const { points } of features) {
      for (const value of (points[k] ?? points[0])?.values ?? []) {
        low = Math.min(low, value)
        high = Math.max(high, value)
      }
    }
  }
  return [-outwards(-low), outwards(high)]
}

/** The next number with two digits that is not smaller. */
function outwards(value: number): number {
  if (value <= 0) return 0
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((Math.ceil(value / unit) * unit).toPrecision(12))
}
