import { readSurrogate } from '../../engine/explain/read-inspections.ts'
import type { SurrogateNode } from '../../engine/explain/surrogate-tree.ts'
import { surrogateTree } from '../../engine/explain/surrogate-tree.ts'
import type { Column } from '../../engine/frame/frame.ts'
import type { Surrogate } from '../../shared/domain/inspections.ts'
import { MaestroError } from '../../shared/errors.ts'
import { sampleAnswered } from './answered-rows.ts'
import { cellOf } from './describe-explanation.ts'
import type { SurrogateTask } from './inspection-task.ts'
import { classOf, loadModel, loadTable, outputName } from './loaded.ts'

/** Rows that the tree is grown and measured on. */
const surrogateRows = 20_000
/** Fewer would say nothing. */
const fewestRows = 20

/** One small tree that imitates the model, as a flat list of nodes. */
export function describeSurrogate(task: SurrogateTask): Surrogate {
  const pipeline = loadModel(task.pipelinePath)
  const table = loadTable(task.columnFilePath, pipeline)
  if (table.nRows < fewestRows) {
    throw new MaestroError(
      'INPUT_INVALID',
      `The table has ${table.nRows} rows, too few to grow a tree on.`,
      `Use a table with at least ${fewestRows} rows.`,
    )
  }
  const output = classOf(pipeline, task.class)
  const { root, fidelity } = surrogateTree({
    pipeline,
    columns: table.columns,
    rows: sampleAnswered(pipeline, table, surrogateRows),
    output,
    maxLeaves: task.leaves,
    seed: 0,
  })
  const nodes: Surrogate['nodes'] = []
  addNode(nodes, root, table.columns)
  return {
    output: outputName(pipeline, output),
    nodes,
    fidelity,
    reading: readSurrogate(fidelity, nodes[0]?.feature ?? null),
  }
}

/** Gives the node's place. */
function addNode(nodes: Surrogate['nodes'], node: SurrogateNode, columns: readonly Column[]): number {
  const at = nodes.length
  const { value, rows } = node
  const leaf = {
    value,
    rows,
    feature: null,
    threshold: null,
    levels: null,
    missingLeft: false,
    left: null,
    right: null,
  }
  nodes.push(leaf)
  if (node.kind === 'leaf') return at
  const { rule, missingLeft, name } = node
  const column = columns[node.input] as Column
  nodes[at] = {
    ...leaf,
    feature: name,
    threshold:
      rule.kind === 'threshold' && column.storage === 'float64'
        ? cellOf({ ...column, values: Float64Array.of(rule.threshold) }, 0)
        : null,
    levels: rule.kind === 'levels' ? [...rule.levels] : null,
    missingLeft,
    left: addNode(nodes, node.left, columns),
    right: addNode(nodes, node.right, columns),
  }
  return at
}
