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

function text(value: number | string | boolean | null): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value ?? 'missing')
}
