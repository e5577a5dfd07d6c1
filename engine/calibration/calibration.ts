/** How probabilities are corrected after the members' mean. All keep the order of the classes' probabilities or of the rows. */
export type Calibration =
  /** Two classes (Platt 1999): the log-odds are stretched and moved. */
  | { readonly kind: 'sigmoid'; readonly slope: number; readonly intercept: number }
  /** Two classes (Zadrozny & Elkan 2002): a rising broken line through these points, level outside. `x` rises strictly. */
  | { readonly kind: 'isotonic'; readonly x: readonly number[]; readonly y: readonly number[] }
  /** Any number of classes (Guo et al. 2017): all log-probabilities are divided by it. */
  | { readonly kind: 'temperature'; readonly temperature: number }

/** Probabilities nearer to 0 or 1 than this count as this, so that their logarithms are finite. */
export const leastProbability = 1e-12

/** Corrects n × K probabilities in place. */
export function calibrate(calibration: Calibration, values: Float64Array, nClasses: number): void {
  if (calibration.kind === 'temperature') {
    for (let at = 0; at < values.length; at += nClasses) soften(values, at, nClasses, calibration.temperature)
    return
  }
  for (let at = 0; at < values.length; at += 2) {
    const positive = calibratePositive(calibration, values[at + 1] as number)
    values[at] = 1 - positive
    values[at + 1] = positive
  }
}

/** The corrected probability of the second of two classes. */
export function calibratePositive(calibration: Calibration, probability: number): number {
  switch (calibration.kind) {
    case 'sigmoid':
      return 1 / (1 + Math.exp(-(calibration.slope * logOdds(probability) + calibration.intercept)))
    case 'isotonic':
      return alongLine(calibration.x, calibration.y, probability)
    case 'temperature': {
      const both = Float64Array.of(1 - probability, probability)
      soften(both, 0, 2, calibration.temperature)
      return both[1] as number
    }
  }
}

export function logOdds(probability: number): number {
  const kept = Math.min(1 - leastProbability, Math.max(leastProbability, probability))
  return Math.log(kept) - Math.log(1 - kept)
}

/** The same sum as in the graph: what each stretch adds up to the place. */
function alongLine(x: readonly number[], y: readonly number[], place: number): number {
  let sum = y[0] as number
  for (let at = 0; at + 1 < x.length; at++) {
    const width = (x[at + 1] as number) - (x[at] as number)
    const slope = ((y[at + 1] as number) - (y[at] as number)) / width
    sum += Math.min(width, Math.max(0, place - (x[at] as number))) * slope
  }
  return Math.min(1, sum)
}

function soften(values: Float64Array, start: number, nClasses: number, temperature: number): void {
  let greatest = Number.NEGATIVE_INFINITY
  for (let at = start; at < start + nClasses; at++) {
    values[at] = Math.log(Math.max(leastProbability, values[at] as number)) * (1 / temperature)
    greatest = Math.max(greatest, values[at] as number)
  }
  let total = 0
  for (let at = start; at < start + nClasses; at++) {
    values[at] = Math.exp((values[at] as number) - greatest)
    total += values[at] as number
  }
  for (let at = start; at < start + nClasses; at++) values[at] = (values[at] as number) / total
}
