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

function valueParts(
  trees: GraphTrees,
  base: Float64Array,
  post: PostTransform,
): Pick<TreeNodeParts, 'trees' | 'base' | 'finish'> {
  const { nTargets } = trees
  return {
    trees,
    base,
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
  const finishRow =
    labels.count > 2
      ? (row: TargetScores) => finishClasses(row, given, post)
      : (row: TargetScores) => finishTwoClasses(row, given, post, { isBinary, allPositive })
  return {
    trees,
    base: baseOf(given, labels.count, usedClasses),
    outputType: () => elementTypes.float,
    finish: (scores, fed, _type, options) => classifierOutputs(scores, fed, labels, finishRow, options),
  }
}

/** What is added to each class before the transform, for the additive reading of the scores. */
function baseOf(given: readonly number[], classes: number, used: ReadonlySet<number>): Float64Array {
  const base = Float64Array.from({ length: classes }, (_, at) => given[at] ?? 0)
  // Of two classes of which one is scored, the second one's base is meant; see `finishTwoClasses`.
  if (classes === 2 && used.size === 1 && given.length === 2) base[0] = given[1] as number
  return base
}

interface FinishedRow {
  readonly columns: Float64Array
  readonly code: number
}

function finishClasses({ scores }: TargetScores, base: readonly number[], post: PostTransform): FinishedRow {
  const columns = scores.map((score, at) => score + (base[at] ?? 0))
  const code = largestAt(columns)
  transformScores(columns, post)
  return { columns, code }
}

/** Two classes, as ONNX Runtime has them: often the leaves score one class only, under the first one's number. */
function finishTwoClasses(
  { scores, fed }: TargetScores,
  base: readonly number[],
  post: PostTransform,
  { isBinary, allPositive }: { readonly isBinary: boolean; readonly allPositive: boolean },
): FinishedRow {
  const [first, second] = [scores[0] as number, scores[1] ?? 0]
  const secondFed = fed[1] === 1
  const bothColumns = (a: number, b: number): FinishedRow => {
    const columns = Float64Array.of(a, b)
    const weight = b
    transformScores(columns, post)
    return { columns, code: Number(isBinary && allPositive ? weight > 0.5 : weight > 0) }
  }
  if (base.length === 2) {
    if (secondFed) return bothColumns(first + (base[0] as number), second + (base[1] as number))
    const margin = (base[1] as number) + first
    return bothColumns(-margin, margin)
  }
  const one = first + (base.length === 1 ? (base[0] as number) : 0)
  if (secondFed) return bothColumns(one, second)
  const how: SecondColumn = !isBinary ? 'single' : allPositive ? 'complement' : 'opposite'
  return { columns: columnsOfOneScore(one, post, how), code: Number(one > (how === 'complement' ? 0.5 : 0)) }
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
