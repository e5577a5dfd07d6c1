import type { NumberMatrix } from '../../preprocess/feature-matrix.ts'
import type { ForeignInterface } from '../reader/foreign-interface.ts'
import type { OnnxModel } from '../reader/onnx-model.ts'
import { traceColumns } from './column-sources.ts'
import type { CellTable } from './graph-cells.ts'
import { emptyCells, feedsOf } from './graph-cells.ts'
import type { GraphProgram } from './graph-program.ts'
import { compileGraph } from './graph-program.ts'
import type { GraphTensor } from './graph-tensor.ts'
import { asNumbers, elementsOf, GraphEvaluationError } from './graph-tensor.ts'
import { combineOutputs } from './model-outputs.ts'
import type { ScoredModel } from './scored-model.ts'
import type { ScoredNode } from './scored-node.ts'
import { scoredNode } from './scored-node.ts'
import { tailShape } from './tail-shape.ts'

/**
 * A graph taken apart: columns, each from at most one raw column; one node of trees or linear terms over them; and what
 * makes the answer of its scores. Trees and linear models have exact explanations on these columns, which belong to the
 * raw ones.
 */
export interface GraphCore {
  /** Scores of the node, without base values. */
  readonly model: ScoredModel
  readonly hasCover: boolean
  /** The node's features for rows; `features[].input` is the raw column. */
  readonly matrix: (table: CellTable) => NumberMatrix
  /** The answer, rows × width, from scores: doubles all the way. */
  readonly answer: (scores: Float64Array) => Float64Array
  /** A model whose scores are the answer itself; null where something stands between them that is not linear. */
  readonly ofAnswer: ScoredModel | null
  /** A model whose scores are those before the link; null where there is no link, or more than a link. */
  readonly ofLink: ScoredModel | null
}

/** A number of rows that no graph has as a width. */
const probeRows = 97
const probe = { exact: true, probe: true } as const

/** Finds the node; null where no part of the graph is such a one. Throws GraphEvaluationError for unknown operators. */
export function findCore(model: OnnxModel, plan: ForeignInterface): GraphCore | null {
  const whole = compileGraph(model, plan.values)
  const given = feedsOf(plan, emptyCells(plan, probeRows))
  const values = whole.run(given, probe)
  const columnsBehind = traceColumns(whole, given, probeRows)
  const inputs = new Set(plan.inputs.map(({ name }) => name))
  for (const { node } of whole.steps) {
    const input = values.get(node.inputs[0] ?? '')
    if (input?.kind !== 'numbers' || input.shape.length > 2 || input.shape[0] !== probeRows) continue
    const scored = scoredNode(node, whole.constants, elementsOf(input.shape.slice(1)), input.type)
    if (scored === null || scored.nColumns !== elementsOf(input.shape.slice(1))) continue
    const behind = columnsBehind(scored.input)
    if ([...scored.used].some((column) => (behind[column]?.length ?? 2) > 1)) continue
    const outputs = new Set(node.outputs)
    const tail = compileGraph(model, plan.values, outputs)
    // Nothing may reach the answer past the node; shapes tell the number of rows alone.
    const passes = tail.steps.some(
      (step) => step.node.operator !== 'Shape' && step.node.inputs.some((name) => inputs.has(name)),
    )
    if (passes || plan.values.some((name) => inputs.has(name))) continue
    return assemble({ model, plan, scored, nodeOutputs: node.outputs, tail, behind })
  }
  return null
}

interface Parts {
  readonly model: OnnxModel
  readonly plan: ForeignInterface
  readonly scored: ScoredNode
  readonly nodeOutputs: readonly string[]
  readonly tail: GraphProgram
  readonly behind: readonly (readonly number[])[]
}

function assemble({ model, plan, scored, nodeOutputs, tail, behind }: Parts): GraphCore {
  const head = compileGraph(model, [scored.input])
  const { nOutputs } = scored.model
  const runTail = (program: GraphProgram, scores: Float64Array): ReadonlyMap<string, GraphTensor> => {
    const rows = scores.length / nOutputs
    const given = feedsOf(plan, emptyCells(plan, rows))
    for (const [at, output] of scored.finish(scores).entries()) given.set(nodeOutputs[at] as string, output)
    return program.run(given, probe)
  }
  const answer = (scores: Float64Array) =>
    combineOutputs(plan.values, runTail(tail, scores), scores.length / nOutputs).values
  const shape = tailShape(tail, new Set(nodeOutputs))
  const isAnswer = scored.isPlain && shape.isAffine
  const { linkInput } = shape
  return {
    model: scored.model,
    // A column that rests on no raw one is nobody's, which only a background can tell.
    hasCover: scored.hasCover && [...scored.used].every((column) => behind[column]?.length === 1),
    matrix: (table) => matrixOf(head, plan, scored, behind, table),
    answer,
    ofAnswer: isAnswer ? mapScores(scored, answer) : null,
    ofLink: isAnswer
      ? null
      : !scored.isPlain
        ? // The node's own transform is the link; behind it there may be another one that only normalises.
          scored.hasRawScores && (shape.isAffine || linkInput !== null)
          ? withBase(scored)
          : null
        : linkInput === null
          ? null
          : mapScores(scored, (scores) => {
              const value = asNumbers(runTail(tail, scores).get(linkInput), 'A link')
              return value.data
            }),
  }
}

function matrixOf(
  head: GraphProgram,
  plan: ForeignInterface,
  scored: ScoredNode,
  behind: readonly (readonly number[])[],
  table: CellTable,
): NumberMatrix {
  const feeds = feedsOf(plan, table)
  const input = asNumbers(head.run(feeds).get(scored.input) ?? feeds.get(scored.input), 'The model')
  const { nColumns } = scored
  const columns = Array.from({ length: nColumns }, (_, column) =>
    Float64Array.from({ length: table.nRows }, (_row, row) => input.data[row * nColumns + column] as number),
  )
  return {
    nRows: table.nRows,
    columns: scored.features(columns),
    features: Array.from(scored.columnOf, (column) => ({
      name: `${scored.input}_${column}`,
      // A column that rests on nothing is the same in all rows, whoever it is counted to.
      input: behind[column]?.[0] ?? 0,
      kind: 'numeric',
      cardinality: 0,
    })),
  }
}

/** The scores plus the base values. */
function withBase({ model, base }: ScoredNode): ScoredModel {
  return model.kind === 'trees' ? { ...model, base } : { ...model, intercept: base }
}

/**
 * A model whose scores are `apply` of the node's, where that is affine: its terms are read off at zero and at each unit.
 * Throws GraphEvaluationError where it turns out not to be affine.
 */
function mapScores({ model }: ScoredNode, apply: (scores: Float64Array) => Float64Array): ScoredModel {
  const { nOutputs } = model
  const base = apply(new Float64Array(nOutputs))
  const width = base.length
  const units = Array.from({ length: nOutputs }, (_, k) => {
    const unit = new Float64Array(nOutputs)
    unit[k] = 1
    return apply(unit).map((value, at) => value - (base[at] as number))
  })
  const probe = Float64Array.from({ length: nOutputs }, (_, k) => 0.37 - 1.7 * k)
  const probed = apply(probe)
  for (let at = 0; at < width; at++) {
    const wanted = units.reduce((sum, unit, k) => sum + (unit[at] as number) * (probe[k] as number), base[at] as number)
    if (Math.abs((probed[at] as number) - wanted) > 1e-9 * Math.max(1, Math.abs(wanted))) {
      throw new GraphEvaluationError('What makes the answer of the scores is not linear after all.')
    }
  }
  const mapped = (values: Float64Array) =>
    Float64Array.from({ length: (values.length / nOutputs) * width }, (_, at) => {
      const from = Math.floor(at / width) * nOutputs
      let sum = 0
      for (let k = 0; k < nOutputs; k++) sum += (units[k]?.[at % width] as number) * (values[from + k] as number)
      return sum
    })
  if (model.kind === 'trees') {
    return {
      ...model,
      nOutputs: width,
      base,
      treeOutput: new Int32Array(model.roots.length).fill(-1),
      leafAt: model.leafAt.map((at) => (at < 0 ? -1 : (at / nOutputs) * width)),
      leafValues: mapped(model.leafValues),
    }
  }
  const weights = new Float64Array(width * model.nFeatures)
  for (let at = 0; at < weights.length; at++) {
    const [to, feature] = [Math.floor(at / model.nFeatures), at % model.nFeatures]
    for (let k = 0; k < nOutputs; k++) {
      weights[at] =
        (weights[at] as number) + (units[k]?.[to] as number) * (model.weights[k * model.nFeatures + feature] as number)
    }
  }
  return { ...model, nOutputs: width, weights, intercept: base }
}
