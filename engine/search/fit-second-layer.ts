import type { Task } from '../frame/frame.ts'
import { minimise } from '../learners/linear/lbfgs.ts'
import { secondLayerTerm } from '../pipeline/second-layer.ts'

/** Out-of-fold predictions of the members, each n × width, with the truth of their rows. */
export interface SecondLayerRows {
  readonly task: Task
  /** Numbers a prediction has: classes, or 1. */
  readonly width: number
  readonly members: readonly Float64Array[]
  /** Class codes, or numbers. */
  readonly labels: Float64Array
  readonly weights: Float64Array | null
}

export interface FittedSecondLayer {
  /** One a member, none negative; 0 for those left out. */
  readonly weights: Float64Array
  readonly intercept: readonly number[]
}

/** Rows that the belief in equal weights and no intercept counts as. */
const priorRows = 5
/** A member with less is left out. */
const leastWeight = 0.02

/**
 * Fits the second layer: maximum likelihood (of classes, or of numbers with normal errors), held to equal weights as if
 * five rows spoke for them. Members with hardly any weight, or a negative one, are left out one after another and the
 * others fitted again. Null where fewer than two members are left.
 */
export function fitSecondLayer(rows: SecondLayerRows): FittedSecondLayer | null {
  let kept = [...rows.members.keys()]
  for (;;) {
    if (kept.length < 2) return null
    const fitted = fitMembers(rows, kept)
    const least = kept.reduce(
      (worst, _, at) => ((fitted.weights[at] as number) < (fitted.weights[worst] as number) ? at : worst),
      0,
    )
    if ((fitted.weights[least] as number) >= leastWeight) {
      const weights = new Float64Array(rows.members.length)
      for (const [at, member] of kept.entries()) weights[member] = fitted.weights[at] as number
      return { weights, intercept: fitted.intercept }
    }
    kept = kept.filter((_, at) => at !== least)
  }
}

function fitMembers(rows: SecondLayerRows, kept: readonly number[]): FittedSecondLayer {
  const scale = scaleOf(rows)
  const terms = kept.map((member) =>
    (rows.members[member] as Float64Array).map(
      (value) => (secondLayerTerm(rows.task, value) - scale.centre) * scale.inverse,
    ),
  )
  const { width } = rows
  const point = new Float64Array(kept.length + width).fill(1 / kept.length, 0, kept.length)
  const prior = point.slice()
  const evaluate = rows.task === 'regression' ? squaredErrors(rows, terms, scale) : logLosses(rows, terms)
  const total = rows.weights?.reduce((sum, weight) => sum + weight, 0) ?? rows.labels.length
  const strength = priorRows / total
  minimise(
    (at, gradient) => {
      let value = evaluate(at, gradient)
      for (let j = 0; j < at.length; j++) {
        const off = (at[j] as number) - (prior[j] as number)
        value += 0.5 * strength * off * off
        gradient[j] = (gradient[j] as number) + strength * off
      }
      return value
    },
    point,
    { iterations: 100, tolerance: 1e-7 },
  )
  const weights = point.slice(0, kept.length)
  const sum = weights.reduce((all, weight) => all + weight, 0)
  // Back from standardised numbers; classes have the centre 0 and the deviation 1.
  const intercept = Array.from(point.subarray(kept.length), (own) => own / scale.inverse + scale.centre * (1 - sum))
  return { weights, intercept }
}

/** Centre and inverse deviation of a numeric target; classes stay as they are. */
function scaleOf({ task, labels, weights }: SecondLayerRows): { readonly centre: number; readonly inverse: number } {
  if (task !== 'regression') return { centre: 0, inverse: 1 }
  let total = 0
  let sum = 0
  for (const [i, label] of labels.entries()) {
    total += weights?.[i] ?? 1
    sum += (weights?.[i] ?? 1) * label
  }
  const centre = sum / total
  let squares = 0
  for (const [i, label] of labels.entries()) squares += (weights?.[i] ?? 1) * (label - centre) ** 2
  return { centre, inverse: squares > 0 ? 1 / Math.sqrt(squares / total) : 1 }
}

type Evaluate = (point: Float64Array, gradient: Float64Array) => number

/** Mean squared error over twice the variance of the members' plain mean, so that it counts as a likelihood does. */
function squaredErrors(
  { labels, weights }: SecondLayerRows,
  terms: readonly Float64Array[],
  scale: { readonly centre: number; readonly inverse: number },
): Evaluate {
  const truth = labels.map((label) => (label - scale.centre) * scale.inverse)
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? labels.length
  const miss = (i: number, point: Float64Array) => {
    let sum = (point[terms.length] as number) - (truth[i] as number)
    for (let m = 0; m < terms.length; m++) sum += (point[m] as number) * ((terms[m] as Float64Array)[i] as number)
    return sum
  }
  const equal = new Float64Array(terms.length + 1).fill(1 / terms.length, 0, terms.length)
  let variance = 0
  for (let i = 0; i < truth.length; i++) variance += ((weights?.[i] ?? 1) * miss(i, equal) ** 2) / total
  const factor = 1 / Math.max(1e-12, variance)
  return (point, gradient) => {
    gradient.fill(0)
    let value = 0
    for (let i = 0; i < truth.length; i++) {
      const share = (factor * (weights?.[i] ?? 1)) / total
      const off = miss(i, point)
      value += 0.5 * share * off * off
      for (let m = 0; m < terms.length; m++)
        gradient[m] = (gradient[m] as number) + share * off * ((terms[m] as Float64Array)[i] as number)
      gradient[terms.length] = (gradient[terms.length] as number) + share * off
    }
    return value
  }
}

/** Mean log loss of the softmax over weighted log-probabilities. */
function logLosses({ labels, weights, width }: SecondLayerRows, terms: readonly Float64Array[]): Evaluate {
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? labels.length
  const scores = new Float64Array(width)
  return (point, gradient) => {
    gradient.fill(0)
    let value = 0
    for (let i = 0; i < labels.length; i++) {
      let greatest = Number.NEGATIVE_INFINITY
      for (let k = 0; k < width; k++) {
        let score = point[terms.length + k] as number
        for (let m = 0; m < terms.length; m++)
          score += (point[m] as number) * ((terms[m] as Float64Array)[i * width + k] as number)
        scores[k] = score
        greatest = Math.max(greatest, score)
      }
      let sum = 0
      for (let k = 0; k < width; k++) sum += Math.exp((scores[k] as number) - greatest)
      const label = labels[i] as number
      const share = (weights?.[i] ?? 1) / total
      value += share * (greatest + Math.log(sum) - (scores[label] as number))
      for (let k = 0; k < width; k++) {
        const off = share * (Math.exp((scores[k] as number) - greatest) / sum - (k === label ? 1 : 0))
        for (let m = 0; m < terms.length; m++)
          gradient[m] = (gradient[m] as number) + off * ((terms[m] as Float64Array)[i * width + k] as number)
        gradient[terms.length + k] = (gradient[terms.length + k] as number) + off
      }
    }
    return value
  }
}
