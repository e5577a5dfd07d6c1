import type { PipelineInput } from '../pipeline/pipeline.ts'
import type { DatePartEncoder, Encoder, LookupEncoder, NumericEncoder, Scaling } from './encoder.ts'

const partNames: Readonly<Record<DatePartEncoder['part'], string>> = {
  elapsed: 'days since the first date in training',
  year: 'year',
  month: 'month (1 to 12)',
  day: 'day of the month',
  weekday: 'day of the week (0 is Monday)',
  hour: 'hour (UTC)',
  'day-of-year': 'day of the year',
}

/** What a fitted encoder does to its column, in a sentence, for model cards and people who check a model. */
export function describeEncoder(encoder: Encoder, inputs: readonly PipelineInput[]): string {
  const name = inputs[encoder.input]?.name ?? `Column ${encoder.input}`
  switch (encoder.kind) {
    case 'numeric':
      return `${name} is taken as a number${numberSteps(encoder)}.`
    case 'missing-indicator':
      return `${name} gives 1 where it is missing, else 0.`
    case 'one-hot':
      return `${name} gives one feature for ${levelList(encoder.levels)}${
        encoder.missingFeature ? ', and one for missing' : ''
      }; any other value gives zeros.`
    case 'ordinal':
      return `${name} is taken as a category of ${levelList(encoder.levels)}; any other value counts as missing.`
    case 'lookup':
      return `${name} becomes ${lookupMeaning(encoder)}; ${encoder.levels.length} values are known, and those never seen in training have a number of their own (${short(encoder.unseen)}), as has missing (${short(encoder.missing)}).`
    case 'curve':
      return `${name} is bent along a curve to a normal distribution, so that far values count less, ${short(encoder.impute + encoder.offset)} where missing.`
    case 'terms':
      return `${name} is read word by word: one feature each says how often ${levelList(encoder.terms)} stand in it, rare words weighing more; other words are passed over.`
    case 'date-part':
      return `${name} gives its ${partNames[encoder.part]}${encoder.wave ? `, as the ${encoder.wave} of its place in the cycle` : ''}${encoder.scaling ? scalingSteps(encoder.scaling) : ''}.`
  }
}

function lookupMeaning({ of, label }: LookupEncoder): string {
  if (of === 'frequency') return 'how common its value is (the logarithm of its training rows)'
  return label === ''
    ? 'the mean target of its value, drawn towards the overall mean where rows are few'
    : `the share of ${label} among its value, drawn towards the overall share where rows are few`
}

function numberSteps(encoder: NumericEncoder): string {
  const counted = encoder.offset === 0 ? '' : `, counted from ${short(encoder.offset)}`
  return counted + scalingSteps(encoder)
}

function scalingSteps({ impute, mean, inverseScale, bounds }: Scaling): string {
  const steps: string[] = []
  if (bounds) steps.push(`kept within ${short(bounds[0])} and ${short(bounds[1])}`)
  if (impute !== null) steps.push(`${short(impute)} where missing`)
  if (mean !== 0 || inverseScale !== 1) steps.push(`less ${short(mean)} and divided by ${short(1 / inverseScale)}`)
  return steps.map((step) => `, ${step}`).join('')
}

/** A few levels by name; more are counted. */
function levelList(levels: readonly string[]): string {
  const shown = levels.slice(0, 5).map((level) => `“${level}”`)
  const more = levels.length - shown.length
  if (more > 0) return `${shown.join(', ')} and ${more} more`
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? 'no value')
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)))
}
