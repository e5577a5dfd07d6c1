import type { TreeEnsemble } from '../../learners/tree/tree-ensemble.ts'
import { add, castTo, choose, concatenateColumns } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'
import { emitPortableTrees } from './portable-trees-emitter.ts'
import type { CodeColumns } from './tree-table.ts'
import { codeColumnsOf, codeShift, layOutTrees, treeAttributes } from './tree-table.ts'

/** Leaf values that one gather may bring together for a row: bounds the memory of a batch. */
const gatheredValuesPerRow = 512

/**
 * Scores double [N, nOutputs], by TreeEnsemble in double: float32 sums and the classifier operator's base values are
 * both wrong by more than the tolerance.
 */
export function emitTreeEnsemble(graph: GraphBuilder, features: Value, model: TreeEnsemble): Value {
  if (graph.dialect === 'portable') return emitPortableTrees(graph, features, model)
  const codeColumns = codeColumnsOf(model)
  const ensemble: Ensemble = { model, codeColumns, features: withCodeColumns(graph, features, codeColumns) }
  const trees = Array.from(model.roots, (_, tree) => tree)
  const hasVectorLeaves = (tree: number): boolean => model.treeOutput[tree] === -1 && model.nOutputs > 1
  const scalarTrees = trees.filter((tree) => !hasVectorLeaves(tree))
  const vectorTrees = trees.filter(hasVectorLeaves)
  let scores = graph.constant('double', [1, model.nOutputs], model.base)
  if (scalarTrees.length > 0) scores = add(graph, scores, emitScalarTrees(graph, ensemble, scalarTrees))
  const treesAtOnce = Math.max(1, Math.floor(gatheredValuesPerRow / model.nOutputs))
  for (let start = 0; start < vectorTrees.length; start += treesAtOnce) {
    const group = vectorTrees.slice(start, start + treesAtOnce)
    scores = add(graph, scores, emitVectorTrees(graph, ensemble, group))
  }
  return scores
}

interface Ensemble {
  readonly model: TreeEnsemble
  /** Double: the model's features, then the columns of codes. */
  readonly features: Value
  readonly codeColumns: CodeColumns
}

function withCodeColumns(graph: GraphBuilder, features: Value, codeColumns: CodeColumns): Value {
  if (codeColumns.size === 0) return features
  const coded = [...codeColumns.keys()]
  const codes = graph.node('Gather', [features, graph.constant('int64', [coded.length], coded)], {
    axis: { integer: 1 },
  })
  const shifted = choose(graph, graph.node('IsNaN', [codes]), codeShift.missing, add(graph, codes, codeShift.first))
  return concatenateColumns(graph, [features, shifted])
}

/** Trees whose leaves hold one number for one output. */
function emitScalarTrees(graph: GraphBuilder, ensemble: Ensemble, trees: readonly number[]): Value {
  const { model, features, codeColumns } = ensemble
  const table = layOutTrees(model, trees, codeColumns)
  const values = table.leafNodes.map((node) => model.leafValues[model.leafAt[node] as number] as number)
  const outputs = trees.map((tree) => Math.max(0, model.treeOutput[tree] as number))
  const targets = table.leafTrees.map((tree) => outputs[tree] as number)
  return graph.mlNode('TreeEnsemble', [features], treeAttributes(table, { values, targets, nTargets: model.nOutputs }))
}

/**
 * Trees whose leaves hold a number for every output. The operator has one number a leaf, so here it says which leaf each
 * tree reached; the values are gathered from a table and summed. Writing each tree once an output would be many times larger.
 */
function emitVectorTrees(graph: GraphBuilder, ensemble: Ensemble, trees: readonly number[]): Value {
  const { model, features, codeColumns } = ensemble
  const table = layOutTrees(model, trees, codeColumns)
  const reached = graph.mlNode(
    'TreeEnsemble',
    [features],
    treeAttributes(table, {
      values: table.leafNodes.map((_, leaf) => leaf),
      targets: table.leafTrees,
      nTargets: trees.length,
    }),
  )
  const leafValues = new Float64Array(table.leafNodes.length * model.nOutputs)
  table.leafNodes.forEach((node, leaf) => {
    const start = model.leafAt[node] as number
    leafValues.set(model.leafValues.subarray(start, start + model.nOutputs), leaf * model.nOutputs)
  })
  const valueTable = graph.constant('double', [table.leafNodes.length, model.nOutputs], leafValues)
  const gathered = graph.node('Gather', [valueTable, castTo(graph, reached, 'int64')], { axis: { integer: 0 } })
  return graph.node('ReduceSum', [gathered, graph.constant('int64', [1], [1])], { keepdims: { integer: 0 } })
}
