import type { TreeEnsemble } from '../../engine/learners/tree/tree-ensemble.ts'
import { featureCount } from '../../engine/pipeline/merge-members.ts'
import type { FittedModel, Pipeline, PipelineMember } from '../../engine/pipeline/pipeline.ts'
import type { Encoder, Scaling } from '../../engine/preprocess/encoder.ts'

/** Thresholds taken of one input: more would not find other mistakes. */
const largestCount = 20_000

const secondsPerDay = 86_400

/** Instants around which date parts change: midnights, leap days, turns of years and centuries, the epoch. */
const calendarBoundaries = [
  '1900-03-01',
  '1969-12-31',
  '1970-01-01',
  '1999-12-31',
  '2000-02-29',
  '2000-03-01',
  '2020-12-31',
  '2021-01-01',
  '2024-02-29',
  '2100-02-28',
  '2100-03-01',
].flatMap((day) => [-1, 0, 3_599, 3_600, secondsPerDay - 1].map((seconds) => Date.parse(day) / 1000 + seconds))

/**
 * For each input, raw values on which a decision of a model turns: the thresholds of its trees as raw values, and their
 * neighbours in float32 and float64. Empty for inputs of texts.
 */
export function boundaryValues(pipeline: Pipeline): number[][] {
  const found = pipeline.inputs.map(() => new Set<number>())
  for (const member of pipeline.members) {
    const { model } = member
    const encoderOf = encodersOfFeatures(member)
    if (model.kind === 'trees') {
      for (const { feature, threshold } of numericSplits(model)) addAround(found, encoderOf[feature], threshold)
    } else {
      for (const encoder of encoderOf) addAround(found, encoder, 0)
      for (const { feature, threshold } of steps(model)) addAround(found, encoderOf[feature], threshold)
    }
  }
  return found.map((values) => [...values].filter(Number.isFinite))
}

function encodersOfFeatures({ encoders }: PipelineMember): Encoder[] {
  return encoders.flatMap((encoder) => Array.from({ length: featureCount(encoder) }, () => encoder))
}

function* numericSplits(model: TreeEnsemble): Generator<{ readonly feature: number; readonly threshold: number }> {
  for (const [node, feature] of model.feature.entries()) {
    if (feature >= 0 && model.categorySet[node] === -1) {
      yield { feature, threshold: model.threshold[node] as number }
    }
  }
}

function steps(model: FittedModel): { readonly feature: number; readonly threshold: number }[] {
  return model.kind === 'additive' ? model.terms.filter((term) => term.shape === 'step') : []
}

/** Adds what the input must be for the encoder to give `feature`, and its neighbours. */
function addAround(found: readonly Set<number>[], encoder: Encoder | undefined, feature: number): void {
  const values = encoder === undefined ? undefined : found[encoder.input]
  if (encoder === undefined || values === undefined || values.size >= largestCount) return
  if (encoder.kind === 'numeric') {
    const { offset, impute } = encoder
    for (const value of neighbours(unscaled(encoder, feature) + offset)) values.add(value)
    for (const bound of encoder.bounds ?? []) for (const value of neighbours(bound + offset)) values.add(value)
    if (impute !== null) values.add(impute + offset)
  } else if (encoder.kind === 'date-part') {
    if (encoder.part === 'elapsed') {
      const days = encoder.scaling ? unscaled(encoder.scaling, feature) : feature
      for (const value of neighbours(days * secondsPerDay + encoder.origin)) values.add(value)
    }
    for (const value of calendarBoundaries) values.add(value)
  }
}

function unscaled({ mean, inverseScale }: Scaling, feature: number): number {
  return feature / inverseScale + mean
}

/** The value, its float32, and the numbers next to it in both precisions. */
function neighbours(value: number): number[] {
  const rounded = Math.fround(value)
  const halfStep = Math.max(2 ** -149, Math.abs(rounded) * 2 ** -24)
  const step = Math.max(Number.MIN_VALUE, Math.abs(value) * 2 ** -52)
  return [
    value,
    value - step,
    value + step,
    rounded,
    rounded - halfStep,
    rounded + halfStep,
    rounded - 2 * halfStep,
    rounded + 2 * halfStep,
  ]
}
