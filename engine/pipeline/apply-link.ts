import type { Link } from '../learners/tree/tree-ensemble.ts'

/**
 * From raw scores (n × nOutputs) to predictions: probabilities n × K for logistic (K = 2), softmax and probability
 * (a single output p becomes 1 - p, p), values n × nOutputs for identity and exp.
 */
export function applyLink(scores: Float64Array, nOutputs: number, link: Link): Float64Array {
  switch (link) {
    case 'identity':
      return scores
    case 'exp':
      return scores.map(Math.exp)
    case 'logistic':
      return bothClasses(scores, (score) => 1 / (1 + Math.exp(-score)))
    case 'probability':
      return nOutputs === 1 ? bothClasses(scores, (score) => score) : scores
    case 'softmax':
      return softmax(scores, nOutputs)
  }
}

function bothClasses(scores: Float64Array, probability: (score: number) => number): Float64Array {
  const out = new Float64Array(scores.length * 2)
  for (let i = 0; i < scores.length; i++) {
    const p = probability(scores[i] as number)
    out[2 * i] = 1 - p
    out[2 * i + 1] = p
  }
  return out
}

/** Shifted by the largest score of the row, so that nothing overflows. */
export function softmax(scores: Float64Array, nOutputs: number): Float64Array {
  const out = new Float64Array(scores.length)
  for (let at = 0; at < scores.length; at += nOutputs) {
    let largest = Number.NEGATIVE_INFINITY
    for (let k = 0; k < nOutputs; k++) largest = Math.max(largest, scores[at + k] as number)
    let sum = 0
    for (let k = 0; k < nOutputs; k++) {
      const power = Math.exp((scores[at + k] as number) - largest)
      out[at + k] = power
      sum += power
    }
    for (let k = 0; k < nOutputs; k++) out[at + k] = (out[at + k] as number) / sum
  }
  return out
}
