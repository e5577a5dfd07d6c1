import type { NodeAttributes } from '../reader/tensor-values.ts'
import { classLabelsOf } from './class-labels.ts'
import { asNumbers, elementTypes, GraphEvaluationError, numbers } from './graph-tensor.ts'
import type { Operator, RunOptions } from './operator.ts'
import { columnsOfOneScore, postTransformOf, transformScores } from './post-transform.ts'

/** coefficients [target * nFeatures + feature] and one intercept a target, as LinearRegressor and LinearClassifier hold them. */
export interface LinearParts {
  readonly nTargets: number
  readonly nFeatures: number
  readonly coefficients: Float64Array
  readonly intercepts: Float64Array
}

/** Throws GraphEvaluationError where the lists do not fit together. */
export function linearParts(attributes: NodeAttributes, operator: string): LinearParts {
  const coefficients = Float64Array.from(attributes.numbers('coefficients'))
  const given = attributes.numbers('intercepts')
  const nTargets =
    operator === 'LinearRegressor'
      ? attributes.integer('targets', 1)
      : given.length > 0
        ? given.length
        : labelCount(attributes)
  const nFeatures = coefficients.length / nTargets
  if (!Number.isInteger(nFeatures) || nFeatures === 0) {
    throw new GraphEvaluationError(`${operator} has ${coefficients.length} coefficients for ${nTargets} targets.`)
  }
  return {
    nTargets,
    nFeatures,
    coefficients,
    intercepts: Float64Array.from({ length: nTargets }, (_, at) => given[at] ?? 0),
  }
}

function labelCount(attributes: NodeAttributes): number {
  return Math.max(1, classLabelsOf(attributes).count)
}

function scoresOf(
  { nTargets, nFeatures, coefficients, intercepts }: LinearParts,
  data: Float64Array,
  { exact }: RunOptions,
): Float64Array {
  const round = exact ? (value: number) => value : Math.fround
  const rows = data.length / nFeatures
  if (!Number.isInteger(rows))
    throw new GraphEvaluationError(`A linear model of ${nFeatures} features was given others.`)
  const scores = new Float64Array(rows * nTargets)
  for (let row = 0; row < rows; row++) {
    for (let target = 0; target < nTargets; target++) {
      let score = 0
      for (let at = 0; at < nFeatures; at++) {
        score += (coefficients[target * nFeatures + at] as number) * (data[row * nFeatures + at] as number)
      }
      scores[row * nTargets + target] = round(score + (intercepts[target] as number))
    }
  }
  return scores
}

const linearRegressor: Operator = {
  flow: 'rows',
  prepare({ attributes }) {
    const parts = linearParts(attributes, 'LinearRegressor')
    const post = postTransformOf(attributes)
    return ([x], options) => {
      const scores = scoresOf(parts, asNumbers(x, 'LinearRegressor').data, options)
      const rows = scores.length / parts.nTargets
      for (let row = 0; row < rows; row++) {
        transformScores(scores.subarray(row * parts.nTargets, (row + 1) * parts.nTargets), post)
      }
      return [numbers(elementTypes.float, [rows, parts.nTargets], scores, options.exact)]
    }
  },
}

const linearClassifier: Operator = {
  flow: 'rows',
  prepare({ attributes }) {
    const parts = linearParts(attributes, 'LinearClassifier')
    const post = postTransformOf(attributes)
    const labels = classLabelsOf(attributes)
    const isPair = labels.count === 2
    return ([x], options) => {
      const scores = scoresOf(parts, asNumbers(x, 'LinearClassifier').data, options)
      const { nTargets } = parts
      const rows = scores.length / nTargets
      const codes = new Float64Array(rows)
      const width = nTargets === 1 && isPair && post !== 'PROBIT' ? 2 : nTargets
      const out = new Float64Array(rows * width)
      for (let row = 0; row < rows; row++) {
        const own = scores.slice(row * nTargets, (row + 1) * nTargets)
        codes[row] = nTargets === 1 ? Number((own[0] as number) > 0) : largestAt(own)
        if (nTargets === 1 && isPair) out.set(columnsOfOneScore(own[0] as number, post, 'complement'), row * width)
        else {
          transformScores(own, post)
          out.set(own, row * width)
        }
      }
      return [labels.chosen(codes), numbers(elementTypes.float, [rows, width], out, options.exact)]
    }
  },
}

/** The first of the largest. */
export function largestAt(scores: ArrayLike<number>): number {
  let best = 0
  for (let at = 1; at < scores.length; at++) if ((scores[at] as number) > (scores[best] as number)) best = at
  return best
}

export const linearOperators: Readonly<Record<string, Operator>> = {
  LinearClassifier: linearClassifier,
  LinearRegressor: linearRegressor,
}
