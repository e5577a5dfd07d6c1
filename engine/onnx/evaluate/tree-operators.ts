import type { NodeAttributes } from '../reader/tensor-values.ts'
import type { ClassLabels } from './class-labels.ts'
import { classLabelsOf } from './class-labels.ts'
import type { GraphTensor, NumberTensor } from './graph-tensor.ts'
import { asNumbers, elementTypes, GraphEvaluationError, numbers } from './graph-tensor.ts'
import type { GraphTrees, TargetScores } from './graph-trees.ts'
import { readListedTrees, readTreeEnsemble, treeScorer } from './graph-trees.ts'
import { largestAt } from './linear.ts'
import type { Operator, RunOptions } from './operator.ts'
import type { PostTransform, SecondColumn } from './post-transform.ts'
import { columnsOfOneScore, postTransformOf, transformScores } from './post-transform.ts'

/** An ensemble of trees and what is made of its scores; the same parts predict and explain. */
export interface TreeNodeParts {
  readonly trees: GraphTrees
  /** Added once to each target that a leaf fed. */
  readonly base: Float64Array
  /** What happens to the scores at the end, as ONNX Runtime has it: of one number for each row it knows PROBIT alone. */
  readonly post: PostTransform
  /** Whether scores plus base are all that the transform is given, so that they are a raw score to explain. */
  readonly hasRawScores: boolean
  /** Element type of the input that scores come out as; doubles stay doubles in `TreeEnsemble` alone. */
  readonly outputType: (input: number) => number
  /** The outputs of the node from scores without base, [row * nTargets + target], and whether leaves fed them. */
  readonly finish: (scores: Float64Array, fed: Uint8Array, outputType: number, options: RunOptions) => GraphTensor[]
}

/** Throws GraphEvaluationError where the node is not evaluated here. */
export function treeNodeParts(operator: string, attributes: NodeAttributes): TreeNodeParts {
  if (operator === 'TreeEnsemble') return ensembleParts(attributes)
  return operator === 'TreeEnsembleRegressor' ? regressorParts(attributes) : classifierParts(attributes)
}

/** The numbers that ONNX Runtime 1.30 understands: 1 and 2 are exchanged against the standard, and it is what predicts. */
const ensembleTransforms: readonly PostTransform[] = ['NONE', 'LOGISTIC', 'SOFTMAX', 'SOFTMAX_ZERO', 'PROBIT']

function ensembleParts(attributes: NodeAttributes): TreeNodeParts {
  const trees = readTreeEnsemble(attributes)
  const post = ensembleTransforms[attributes.integer('post_transform', 0)] ?? 'NONE'
  return { ...valueParts(trees, new Float64Array(trees.nTargets), post), outputType: (input) => input }
}

function regressorParts(attributes: NodeAttributes): TreeNodeParts {
  const trees = readListedTrees(attributes, 'target', attributes.integer('n_targets', 1))
  const given = attributes.numbers('base_values')
  const base = Float64Array.from({ length: trees.nTargets }, (_, target) => given[target] ?? 0)
  return { ...valueParts(trees, base, postTransformOf(attributes)), outputType: () => elementTypes.float }
}

function valueParts(trees: GraphTrees, base: Float64Array, named: PostTransform): Omit<TreeNodeParts, 'outputType'> {
  const { nTargets } = trees
  const post = nTargets === 1 && named !== 'PROBIT' ? 'NONE' : named
  return {
    trees,
    base,
    post,
    hasRawScores: true,
    finish(scores, fed, outputType, { exact }) {
      const out = scores.map((score, at) => (fed[at] === 1 ? score + (base[at % nTargets] as number) : 0))
      for (let from = 0; from < out.length; from += nTargets) transformScores(out.subarray(from, from + nTargets), post)
      return [numbers(outputType, [out.length / nTargets, nTargets], out, exact)]
    },
  }
}

function classifierParts(attributes: NodeAttributes): TreeNodeParts {
  const labels = classLabelsOf(attributes)
  const trees = readListedTrees(attributes, 'class', labels.count)
  const given = attributes.numbers('base_values')
  const post = postTransformOf(attributes)
  const usedClasses = new Set(trees.leafTarget)
  const allPositive = trees.leafWeight.every((weight) => weight >= 0)
  const isBinary = labels.count === 2 && usedClasses.size === 1
  // Any other number of base values is ignored.
  const base = given.length === labels.count || (labels.count === 2 && given.length === 1) ? given : []
  const finishRow =
    labels.count > 2
      ? (row: TargetScores) => finishClasses(row, base, post)
      : (row: TargetScores) => finishTwoClasses(row, base, post, { isBinary, allPositive })
  return {
    trees,
    base: Float64Array.from({ length: labels.count }, (_, at) => base[at] ?? 0),
    post,
    // Two base values for two classes are not added to the scores one by one: see `finishTwoClasses`.
    hasRawScores: labels.count > 2 || base.length < 2,
    outputType: () => elementTypes.float,
    finish: (scores, fed, _type, options) => classifierOutputs(scores, fed, labels, finishRow, options),
  }
}

interface FinishedRow {
  readonly columns: Float64Array
  readonly code: number
}

function finishClasses({ scores, fed }: TargetScores, base: readonly number[], post: PostTransform): FinishedRow {
  const columns = scores.map((score, at) => score + (base[at] ?? 0))
  // A class that neither a leaf nor a base value spoke for is never chosen, though its column is 0.
  const chosen =
    base.length > 0 ? columns : columns.map((score, at) => (fed[at] === 1 ? score : Number.NEGATIVE_INFINITY))
  const code = largestAt(chosen)
  transformScores(columns, post)
  return { columns, code }
}

/**
 * Two classes, as ONNX Runtime 1.30 has them: often the leaves score one class only, under the first one's number. Where
 * they feed the second one and there are two base values, it takes the *first* one's score and leaves the second's out.
 */
function finishTwoClasses(
  { scores, fed }: TargetScores,
  base: readonly number[],
  post: PostTransform,
  { isBinary, allPositive }: { readonly isBinary: boolean; readonly allPositive: boolean },
): FinishedRow {
  const [firstFed, secondFed] = [fed[0] === 1, fed[1] === 1]
  const least = isBinary && allPositive ? 0.5 : 0
  const bothColumns = (columns: Float64Array, decides: number): FinishedRow => {
    transformScores(columns, post)
    return { columns, code: Number(decides > least) }
  }
  const first = (scores[0] as number) + (base[0] ?? 0)
  if (base.length === 2) {
    if (!secondFed) return bothColumns(Float64Array.of(first, 0), first)
    const margin = (base[1] as number) + (scores[0] as number)
    return bothColumns(Float64Array.of(firstFed ? -margin : 0, margin), margin)
  }
  const second = scores[1] ?? 0
  if (secondFed) return bothColumns(Float64Array.of(firstFed ? first : 0, second), second)
  const unsure = base.length === 1 ? 'single' : 'opposite'
  const how: SecondColumn = !isBinary ? unsure : allPositive ? 'complement' : 'opposite'
  return { columns: columnsOfOneScore(first, post, how), code: Number(first > least) }
}

function classifierOutputs(
  scores: Float64Array,
  fed: Uint8Array,
  labels: ClassLabels,
  finishRow: (row: TargetScores) => FinishedRow,
  { exact }: RunOptions,
): GraphTensor[] {
  const width = Math.max(1, labels.count)
  const rows = scores.length / width
  const codes = new Float64Array(rows)
  const out = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * width, (row + 1) * width]
    const { columns, code } = finishRow({ scores: scores.slice(from, to), fed: fed.subarray(from, to) })
    codes[row] = code
    out.set(columns.subarray(0, width), from)
  }
  return [labels.chosen(codes), numbers(elementTypes.float, [rows, width], out, exact)]
}

/** Scores without base, and whether leaves fed them, of each row of a table. */
function scoreRows(trees: GraphTrees, { data, shape, type }: NumberTensor, { exact }: RunOptions) {
  const width = shape.at(-1) ?? 1
  const rows = shape.length === 1 ? 1 : (shape[0] as number)
  if (trees.feature.some((feature) => feature >= width)) {
    throw new GraphEvaluationError(`The trees were given ${width} columns, and they read more.`)
  }
  const scores = new Float64Array(rows * trees.nTargets)
  const fed = new Uint8Array(rows * trees.nTargets)
  const score = treeScorer(trees, trees.single && !exact)
  let from = 0
  const x =
    trees.single && type !== elementTypes.double
      ? (feature: number) => Math.fround(data[from + feature] as number)
      : (feature: number) => data[from + feature] as number
  for (let row = 0; row < rows; row++) {
    from = row * width
    const answer = score(x)
    scores.set(answer.scores, row * trees.nTargets)
    fed.set(answer.fed, row * trees.nTargets)
  }
  return { scores, fed }
}

function treeOperator(operator: string): Operator {
  return {
    flow: 'rows',
    prepare({ attributes }) {
      const parts = treeNodeParts(operator, attributes)
      return ([x], options) => {
        const input = asNumbers(x, operator)
        const { scores, fed } = scoreRows(parts.trees, input, options)
        return parts.finish(scores, fed, parts.outputType(input.type), options)
      }
    },
  }
}

export const treeOperators: Readonly<Record<string, Operator>> = {
  TreeEnsemble: treeOperator('TreeEnsemble'),
  TreeEnsembleClassifier: treeOperator('TreeEnsembleClassifier'),
  TreeEnsembleRegressor: treeOperator('TreeEnsembleRegressor'),
}
