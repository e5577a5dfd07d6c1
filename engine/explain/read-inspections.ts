import type { Fidelity } from './surrogate-tree.ts'

/** One sentence a result, made from its numbers, for somebody who does not know the method's name. */

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

/** "A tree of a few questions, sex first, gives 81% of what the model says: read it as a sketch." */
export function readSurrogate({ r2, agreement }: Fidelity, first: string | null): string {
  if (r2 === null || first === null)
    return 'The model says the same for all these rows, so there is nothing to imitate.'
  const alike = agreement === null ? '' : ` and decides ${percent.format(agreement)} of rows alike`
  const share = percent.format(Math.max(0, r2))
  const worth =
    r2 >= 0.9 ? 'it may stand for the model' : r2 >= 0.7 ? 'read it as a sketch' : 'it does not stand for the model'
  return `This tree, which asks for ${first} first, reproduces ${share} of how the predictions vary${alike}: ${worth}.`
}

/** "With sex = female it would be yes." */
export function readCounterfactuals(
  wanted: string,
  answers: readonly {
    readonly changes: readonly { readonly feature: string; readonly to: number | string | boolean | null }[]
  }[],
  reached: boolean,
): string {
  if (reached) return `The prediction is ${wanted} already.`
  const [first] = answers
  if (!first) return `No change of a few columns within the table’s range makes it ${wanted}.`
  const changes = first.changes.map(({ feature, to }) => `${feature} = ${text(to)}`)
  const last = changes.pop() ?? ''
  const list = changes.length === 0 ? last : `${changes.join(', ')} and ${last}`
  return `With ${list} it would be ${wanted}.`
}

/** "income and debt say nearly the same (0.98): credit may as well go to either." */
export function readRedundancy(names: readonly string[], redundancy: Float64Array): string {
  const pair = strongestPair(names.length, redundancy)
  const value = pair ? (redundancy[pair[0] * names.length + pair[1]] as number) : 0
  if (!pair || value < 0.3) return 'No two columns say much about each other.'
  const both = `${names[pair[0]]} and ${names[pair[1]]}`
  if (value < 0.7) return `${both} say the most about each other (${text(value)} of 1), though not the same.`
  return `${both} say nearly the same (${text(value)} of 1): credit may as well go to either.`
}

/** "Of all pairs age and fare act together most, 31% of what pairs do." Strengths are [p * n + q]. */
export function readInteractions(names: readonly string[], strengths: Float64Array, exact: boolean): string {
  const pair = strongestPair(names.length, strengths)
  const value = pair ? (strengths[pair[0] * names.length + pair[1]] as number) : 0
  if (!pair || !(value > 0)) return 'No columns act together: what each adds does not depend on the others.'
  const both = `${names[pair[0]]} and ${names[pair[1]]}`
  if (!exact) return `${both} seem to act together most, judged by how their attributions spread.`
  const all = strengths.reduce((sum, each) => sum + each, 0) / 2
  return `Of all pairs ${both} act together most: ${percent.format(value / all)} of what columns do only in pairs.`
}

function strongestPair(n: number, table: Float64Array): readonly [number, number] | null {
  let best: readonly [number, number] | null = null
  for (let p = 0; p < n; p++) {
    for (let q = 0; q < p; q++) {
      if (best === null || (table[p * n + q] as number) > (table[best[0] * n + best[1]] as number)) best = [p, q]
    }
  }
  return best && [best[1], best[0]]
}

/** "23% of what age and fare do jointly is more than the sum of the two." */
export function readPair(first: string, second: string, interaction: number): string {
  if (interaction < 0.01) return `What ${first} and ${second} do jointly is the sum of what each does.`
  return `${percent.format(interaction)} of what ${first} and ${second} do jointly is more than the sum of the two.`
}

/** "Along age, from 0.42 to 80, the prediction falls by 0.31." */
export function readEffects(
  feature: string,
  edges: readonly (number | string | null)[],
  effects: readonly number[],
): string {
  const [first, last] = [effects[0], effects.at(-1)]
  if (first === undefined || last === undefined || effects.length < 2) return `${feature} has one value only.`
  const range = Math.max(...effects) - Math.min(...effects)
  if (range === 0) return `The prediction does not change along ${feature}.`
  const way = `Along ${feature}, from ${text(edges[0] ?? null)} to ${text(edges.at(-1) ?? null)}`
  const change = last - first
  // A curve that goes up and down again has no one direction.
  if (Math.abs(change) < 0.6 * range) return `${way}, the prediction moves within ${text(range)}, up and down.`
  return `${way}, the prediction ${change > 0 ? 'rises' : 'falls'} by ${text(Math.abs(change))}.`
}

function text(value: number | string | boolean | null): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value ?? 'missing')
}
