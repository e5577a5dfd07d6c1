import type { NodeAttributes } from '../reader/tensor-values.ts'
import { logistic } from './elementwise.ts'
import { GraphEvaluationError } from './graph-tensor.ts'

export type PostTransform = 'NONE' | 'LOGISTIC' | 'SOFTMAX' | 'SOFTMAX_ZERO' | 'PROBIT'

const known: readonly string[] = ['NONE', 'LOGISTIC', 'SOFTMAX', 'SOFTMAX_ZERO', 'PROBIT']

/** What happens to the scores at the end. Throws GraphEvaluationError where it is none of the standard's. */
export function postTransformOf(attributes: NodeAttributes): PostTransform {
  const name = attributes.text('post_transform', 'NONE')
  if (!known.includes(name)) throw new GraphEvaluationError(`The post transform ${name} is not evaluated here.`)
  return name as PostTransform
}

/** Applies it to the scores of one row, in place. */
export function transformScores(scores: Float64Array, post: PostTransform): void {
  switch (post) {
    case 'NONE':
      return
    case 'LOGISTIC':
      for (const [at, score] of scores.entries()) scores[at] = logistic(score)
      return
    case 'PROBIT':
      for (const [at, score] of scores.entries()) scores[at] = probit(score)
      return
    case 'SOFTMAX':
      softmax(scores, () => true)
      return
    case 'SOFTMAX_ZERO':
      // A score of 0 is a class that nothing spoke for: it stays 0.
      softmax(scores, (score) => Math.abs(score) > 1e-7)
  }
}

function softmax(scores: Float64Array, counts: (score: number) => boolean): void {
  const largest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  let sum = 0
  for (const [at, score] of scores.entries()) {
    const power = counts(score) ? Math.exp(score - largest) : 0
    scores[at] = power
    sum += power
  }
  if (sum > 0) for (const [at, power] of scores.entries()) scores[at] = power / sum
}

/** ONNX Runtime writes five decimals of π. */
const shortPi = 314_159 / 100_000

/** Quantile of the normal distribution as ONNX Runtime approximates it (Winitzki 2008). */
function probit(value: number): number {
  const x = 2 * value - 1
  const log = Math.log((1 - x) * (1 + x))
  const v = 2 / (shortPi * 0.147) + 0.5 * log
  const root = Math.sqrt(-v + Math.sqrt(v * v - log / 0.147))
  return Math.SQRT2 * (x < 0 ? -root : root)
}

/**
 * How the score of a classifier that scores one of its two classes becomes two columns: `complement` 1 − s and s, where
 * scores are shares; `opposite` −s and s, where they are margins; `single`: it stays one column as it is, and what stands
 * in the other is memory that nobody wrote. LOGISTIC makes two columns of the others, and the rest leave them alone.
 */
export type SecondColumn = 'complement' | 'opposite' | 'single'

/** The columns of a row from the score of the second class alone, as ONNX Runtime 1.30 writes them. */
export function columnsOfOneScore(score: number, post: PostTransform, second: SecondColumn): Float64Array {
  if (post === 'PROBIT') return Float64Array.of(probit(score))
  if (second === 'single') return Float64Array.of(score)
  if (post === 'LOGISTIC') return Float64Array.of(logistic(-score), logistic(score))
  return Float64Array.of(second === 'complement' ? 1 - score : -score, score)
}
