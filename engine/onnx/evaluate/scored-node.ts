import type { LinearModel } from '../../learners/linear/linear-model.ts'
import type { OnnxNode } from '../reader/onnx-model.ts'
import { nodeAttributes } from '../reader/tensor-values.ts'
import type { GraphTensor } from './graph-tensor.ts'
import { elementTypes, GraphEvaluationError } from './graph-tensor.ts'
import type { GraphTrees } from './graph-trees.ts'
import { linearParts } from './linear.ts'
import { productWeights } from './matrix.ts'
import { findOperator } from './operators.ts'
import { postTransformOf } from './post-transform.ts'
import type { ScoredModel } from './scored-model.ts'
import { treeNodeParts } from './tree-operators.ts'
import { treeScores } from './tree-scores.ts'

/** A node whose scores are sums over its columns or trees, so that they can be explained exactly. */
export interface ScoredNode {
  /** The value that its columns come in as. */
  readonly input: string
  readonly nColumns: number
  /** Scores without base values, link identity. */
  readonly model: ScoredModel
  /** Trees that count their training rows; linear models need none. */
  readonly hasCover: boolean
  /** Column behind each feature of the model. */
  readonly columnOf: Int32Array
  readonly features: (columns: readonly Float64Array[]) => (Float32Array | Float64Array)[]
  /** Columns that the model looks at. */
  readonly used: ReadonlySet<number>
  /** Added to the scores before the node's own transform. */
  readonly base: Float64Array
  /** Whether the node's outputs are scores plus base, handed on or put together linearly. */
  readonly isPlain: boolean
  /** Whether scores plus base are what the node's own transform is given. */
  readonly hasRawScores: boolean
  /** The node's outputs from scores, [row * nOutputs + k]; without rounding to float32. */
  readonly finish: (scores: Float64Array) => readonly GraphTensor[]
}

const scoredTrees = new Set(['TreeEnsemble', 'TreeEnsembleClassifier', 'TreeEnsembleRegressor'])

/**
 * The node as scores, where it is trees, a linear model or a product with constants; null for others, and where the
 * scores are no sums. `width`: columns that its input has; `inputType`: their element type.
 */
export function scoredNode(
  node: OnnxNode,
  constants: ReadonlyMap<string, GraphTensor>,
  width: number,
  inputType: number,
): ScoredNode | null {
  try {
    if (node.domain === 'ai.onnx.ml' && scoredTrees.has(node.operator)) return scoredTreesOf(node, width, inputType)
    if (node.domain === 'ai.onnx.ml' && node.operator.startsWith('Linear')) return scoredLinear(node)
    return node.domain === '' ? scoredProduct(node, constants) : null
  } catch (error) {
    if (error instanceof GraphEvaluationError) return null
    throw error
  }
}

const exact = { exact: true } as const

function scoredTreesOf(node: OnnxNode, width: number, inputType: number): ScoredNode | null {
  const attributes = nodeAttributes(node)
  const parts = treeNodeParts(node.operator, attributes)
  const { trees } = parts
  const feeding = targetsFed(trees)
  const isClassifier = node.operator === 'TreeEnsembleClassifier'
  const targets =
    isClassifier && trees.nTargets === 2 ? feeding.some : Array.from({ length: trees.nTargets }, (_, k) => k)
  // Where leaves feed a target for some rows only, its base value comes and goes with them: no sum.
  const comesAndGoes = feeding.some.some((target) => !feeding.always.has(target))
  const mattersThere = isClassifier ? trees.nTargets === 2 : parts.base.some((value) => value !== 0)
  if (comesAndGoes && mattersThere) return null
  const scores = treeScores(trees, width, targets)
  if (scores === null) return null
  const fedTarget = Uint8Array.from({ length: trees.nTargets }, (_, k) =>
    Number(feeding.some.includes(k) || (isClassifier && trees.nTargets > 2)),
  )
  return {
    input: node.inputs[0] as string,
    nColumns: width,
    model: scores.model,
    hasCover: scores.hasCover,
    columnOf: scores.columnOf,
    features: scores.features,
    used: new Set(trees.feature.filter((feature) => feature >= 0)),
    base: Float64Array.from(targets, (target) => (fedTarget[target] === 1 ? (parts.base[target] as number) : 0)),
    isPlain: parts.post === 'NONE',
    hasRawScores: parts.hasRawScores,
    finish(given) {
      const rows = given.length / targets.length
      const all = new Float64Array(rows * trees.nTargets)
      const fed = new Uint8Array(all.length)
      for (let row = 0; row < rows; row++) {
        fed.set(fedTarget, row * trees.nTargets)
        for (const [k, target] of targets.entries()) {
          all[row * trees.nTargets + target] = given[row * targets.length + k] as number
        }
      }
      return parts.finish(all, fed, parts.outputType(inputType), exact)
    },
  }
}

/** Targets that some leaf feeds, and those that every row gets fed by at least one tree. */
function targetsFed(trees: GraphTrees): { readonly some: readonly number[]; readonly always: ReadonlySet<number> } {
  const some = [...new Set(trees.leafTarget)].sort((a, b) => a - b)
  const always = new Set<number>()
  for (const root of trees.roots) {
    let common: Set<number> | null = null
    const pending = [root]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if ((trees.feature[node] as number) >= 0) {
        pending.push(trees.whenTrue[node] as number, trees.whenFalse[node] as number)
        continue
      }
      const own = new Set(trees.leafTarget.subarray(trees.leafStart[node], trees.leafEnd[node]))
      const known: Set<number> = common ?? own
      common = new Set([...known].filter((target) => own.has(target)))
    }
    for (const target of common ?? []) always.add(target)
  }
  return { some, always }
}

function linearModel(nFeatures: number, nOutputs: number, weights: Float64Array): LinearModel {
  return { kind: 'linear', nFeatures, nOutputs, link: 'identity', weights, intercept: new Float64Array(nOutputs) }
}

function linearCommon(model: LinearModel) {
  const { nFeatures, nOutputs, weights } = model
  const columns = Array.from({ length: nFeatures }, (_, column) => column)
  return {
    nColumns: nFeatures,
    model,
    hasCover: false,
    columnOf: Int32Array.from(columns),
    features: (given: readonly Float64Array[]) => [...given],
    used: new Set(
      columns.filter((column) =>
        Array.from({ length: nOutputs }, (_, k) => weights[k * nFeatures + column]).some((weight) => weight !== 0),
      ),
    ),
  }
}

/** The node's own operator turns scores into outputs: it is run on them with weights that hand them on. */
function scoredLinear(node: OnnxNode): ScoredNode | null {
  const attributes = nodeAttributes(node)
  const { nFeatures, nTargets, coefficients, intercepts } = linearParts(attributes, node.operator)
  const handOn = {
    ...attributes,
    numbers: (name: string) =>
      name === 'coefficients'
        ? Array.from({ length: nTargets * nTargets }, (_, at) => Number(Math.floor(at / nTargets) === at % nTargets))
        : attributes.numbers(name),
  }
  const run = findOperator(node.domain, node.operator)?.prepare({
    attributes: handOn,
    version: 1,
    outputs: node.outputs.length,
  })
  if (!run) return null
  return {
    ...linearCommon(linearModel(nFeatures, nTargets, coefficients)),
    input: node.inputs[0] as string,
    base: intercepts,
    isPlain: postTransformOf(attributes) === 'NONE',
    hasRawScores: true,
    finish: (scores) =>
      run(
        [{ kind: 'numbers', type: elementTypes.double, shape: [scores.length / nTargets, nTargets], data: scores }],
        exact,
      ),
  }
}

function scoredProduct(node: OnnxNode, constants: ReadonlyMap<string, GraphTensor>): ScoredNode | null {
  const weights = constants.get(node.inputs[1] ?? '')
  const third = node.inputs[2] ?? ''
  const added = third === '' ? null : constants.get(third)
  if (weights?.kind !== 'numbers' || added === undefined || (added && added.kind !== 'numbers')) return null
  const attributes = nodeAttributes(node)
  if (attributes.integer('transA', 0) === 1) return null
  const product = productWeights(node.operator, weights, attributes.integer('transB', 0) === 1)
  if (product === null) return null
  const [alpha, beta] = [attributes.float('alpha', 1), attributes.float('beta', 1)]
  const { inputs, outputs } = product
  const list = added?.data ?? new Float64Array(1)
  if (list.length !== 1 && list.length !== outputs) return null
  const base = Float64Array.from(
    { length: outputs },
    (_, k) => beta * ((list.length === 1 ? list[0] : list[k]) as number),
  )
  const model = linearModel(
    inputs,
    outputs,
    Float64Array.from(
      { length: inputs * outputs },
      (_, at) => alpha * product.at(at % inputs, Math.floor(at / inputs)),
    ),
  )
  const isVector = node.operator === 'MatMul' && weights.shape.length === 1
  return {
    ...linearCommon(model),
    input: node.inputs[0] as string,
    base,
    isPlain: true,
    hasRawScores: true,
    finish: (scores) => [
      {
        kind: 'numbers',
        type: elementTypes.double,
        shape: isVector ? [scores.length] : [scores.length / outputs, outputs],
        data: scores.map((score, at) => score + (base[at % outputs] as number)),
      },
    ],
  }
}
