import type { Task } from '../../engine/frame/frame.ts'
import type { SecondLayer } from '../../engine/pipeline/second-layer.ts'
import { addPredictions, finishSecondLayer } from '../../engine/pipeline/second-layer.ts'
import type { FittedSecondLayer } from '../../engine/search/fit-second-layer.ts'
import { fitSecondLayer } from '../../engine/search/fit-second-layer.ts'

/** Candidates for a stack, and the rows that may choose it. */
export interface StackInput {
  readonly task: Task
  /** Numbers a prediction has. */
  readonly width: number
  /** Out-of-fold predictions of each candidate for the rows, n × width. */
  readonly candidates: readonly Float64Array[]
  readonly labels: Float64Array
  readonly weights: Float64Array | null
  /** Rows are parted by their place: one in this many is in the same part. */
  readonly parts: number
  /** Shares of the candidates by what the stack has to beat, chosen without a part, or on all; those above 0 are stacked. */
  readonly sharesWithout: (part: number | null) => Float64Array
  /** The loss of predictions for the rows at these places; less is better. */
  readonly lossAt: (places: Int32Array, predictions: Float64Array) => number
  /** Predictions of what has to be beaten, each part's by what was chosen on the others. */
  readonly toBeat: Float64Array
}

export interface ChosenStack extends SecondLayer {
  /** One a candidate. */
  readonly weights: Float64Array
  /** Loss on rows that did not fit it. */
  readonly loss: number
}

/** Quantile of Student's t at 95%, one-sided, by degrees of freedom: what a gain has to exceed, in standard errors. */
const quantiles = [Number.POSITIVE_INFINITY, 6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833]

/**
 * A second layer over the candidates, where it surely beats the weighted mean: by more than a one-sided t-test at 5% asks
 * of the differences over the parts, on rows that chose neither members nor weights (both are chosen anew for each part);
 * null otherwise. One standard error was not enough: on small tables a second layer chosen so did worse on new rows.
 */
export function chooseStack(input: StackInput): ChosenStack | null {
  const { labels, parts, width } = input
  const stacked = new Float64Array(labels.length * width)
  const gains: number[] = []
  for (let part = 0; part < parts; part++) {
    const others = placesWhere(labels.length, (at) => at % parts !== part)
    const own = placesWhere(labels.length, (at) => at % parts === part)
    const fitted = fitOn(input, others, part)
    if (!fitted) return null
    const predicted = stackOf(input, fitted, own)
    for (const [at, place] of own.entries()) {
      stacked.set(predicted.subarray(at * width, (at + 1) * width), place * width)
    }
    const gain = input.lossAt(own, take(input.toBeat, own, width)) - input.lossAt(own, predicted)
    // A part in which the metric is undefined says nothing.
    if (!Number.isNaN(gain)) gains.push(gain)
  }
  const needed = quantiles[Math.min(gains.length, quantiles.length) - 1] ?? Number.POSITIVE_INFINITY
  if (!(meanOf(gains) > needed * standardError(gains))) return null
  const all = placesWhere(labels.length, () => true)
  const fitted = fitOn(input, all, null)
  return fitted && { ...fitted, loss: input.lossAt(all, stacked) }
}

/**
 * The members' predictions as one, n × width each: their weighted mean, or what a second layer makes of them; NaN where a
 * member has none.
 */
export function joinedValues(
  task: Task,
  secondLayer: SecondLayer | undefined,
  members: readonly { readonly weight: number; readonly values: Float64Array }[],
): Float64Array {
  const sums = new Float64Array(members[0]?.values.length ?? 0)
  for (const member of members) addPredictions(sums, member, { task, secondLayer })
  if (secondLayer) finishSecondLayer(secondLayer, task, sums)
  return sums
}

function fitOn(input: StackInput, places: Int32Array, without: number | null) {
  const { task, width, candidates, labels, weights } = input
  const shares = input.sharesWithout(without)
  const members = candidates.flatMap((values, at) => ((shares[at] as number) > 0 ? [{ at, values }] : []))
  const fitted = fitSecondLayer({
    task,
    width,
    members: members.map(({ values }) => take(values, places, width)),
    labels: take(labels, places, 1),
    weights: weights && take(weights, places, 1),
  })
  if (!fitted) return null
  const ofCandidates = new Float64Array(candidates.length)
  for (const [index, { at }] of members.entries()) ofCandidates[at] = fitted.weights[index] as number
  return { weights: ofCandidates, intercept: fitted.intercept }
}

function stackOf({ task, width, candidates }: StackInput, fitted: FittedSecondLayer, places: Int32Array): Float64Array {
  const members = candidates.flatMap((values, at) => {
    const weight = fitted.weights[at] as number
    return weight > 0 ? [{ weight, values: take(values, places, width) }] : []
  })
  return joinedValues(task, fitted, members)
}

function placesWhere(count: number, isWanted: (at: number) => boolean): Int32Array {
  return Int32Array.from({ length: count }, (_, at) => at).filter(isWanted)
}

function take(values: Float64Array, places: Int32Array, width: number): Float64Array {
  const taken = new Float64Array(places.length * width)
  for (const [at, place] of places.entries()) taken.set(values.subarray(place * width, (place + 1) * width), at * width)
  return taken
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of the mean of a few values; without two of them nothing is known. */
function standardError(values: readonly number[]): number {
  if (values.length < 2) return Number.POSITIVE_INFINITY
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length)
}
