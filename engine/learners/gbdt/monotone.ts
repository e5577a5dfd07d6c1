import type { FeatureDescription } from '../../preprocess/feature-matrix.ts'
import { ParameterError } from '../parameter-error.ts'
import type { BoostingParameters } from './boosting-parameters.ts'
import type { BoostingLoss } from './boosting-plan.ts'

/**
 * The direction of each feature from `monotone`, JSON of column names with 1 or -1; null where there is none.
 * Throws ParameterError for what is no such JSON, unknown or unordered columns, and losses that cannot keep it.
 */
export function readMonotone(
  { monotone }: BoostingParameters,
  loss: BoostingLoss,
  features: readonly FeatureDescription[],
): Int8Array | null {
  if (monotone === '') return null
  if (loss === 'softmax' || loss === 'absolute' || loss === 'quantile')
    throw new ParameterError(`Monotone columns cannot be kept with the ${loss} loss`)
  const directions = new Int8Array(features.length)
  for (const [name, direction] of Object.entries(parse(monotone))) {
    if (direction !== 1 && direction !== -1)
      throw new ParameterError(`The direction of "${name}" in monotone must be 1 or -1`)
    const at = features.findIndex((feature) => feature.name === name && feature.kind === 'numeric')
    if (at < 0) throw new ParameterError(`monotone names "${name}", which is no numeric column of the table`)
    directions[at] = direction
  }
  return directions.some((direction) => direction !== 0) ? directions : null
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    parsed = null
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new ParameterError('monotone must be JSON of column names with 1 or -1, such as {"age":1}')
  return parsed as Readonly<Record<string, unknown>>
}
