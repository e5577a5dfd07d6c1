import type { OnnxGraph, OnnxNode } from '../../../engine/onnx/reader/onnx-model.ts'
import type { Findings } from './findings.ts'
import { shownName } from './findings.ts'
import type { Scope } from './scope.ts'
import { lookUp } from './scope.ts'

/**
 * The nodes so that each comes after those whose values it reads; usually as they lie in the file. Nodes in a circle, and
 * nodes that read what nobody writes, are found and left out.
 */
export function orderNodes(graph: OnnxGraph, scope: Scope, findings: Findings): OnnxNode[] {
  const { nodes } = graph
  const writer = new Map<string, number>()
  for (const [index, node] of nodes.entries()) for (const name of node.outputs) if (name !== '') writer.set(name, index)
  const readers: number[][] = nodes.map(() => [])
  const waitsFor = new Int32Array(nodes.length)
  let sorted = true
  for (const [index, node] of nodes.entries()) {
    for (const name of namesRead(node)) {
      if (scope.values.has(name)) continue
      const from = writer.get(name)
      if (from === undefined) {
        if (lookUp(scope.outer, name) === undefined) reportUndefined(node, name, findings)
        continue
      }
      if (from >= index) sorted = false
      readers[from]?.push(index)
      waitsFor[index] = (waitsFor[index] as number) + 1
    }
  }
  if (sorted) return [...nodes]
  const ready = nodes.flatMap((_, index) => (waitsFor[index] === 0 ? [index] : []))
  for (let at = 0; at < ready.length; at++) {
    for (const reader of readers[ready[at] as number] as number[]) {
      waitsFor[reader] = (waitsFor[reader] as number) - 1
      if (waitsFor[reader] === 0) ready.push(reader)
    }
  }
  if (ready.length < nodes.length) findings.error('GRAPH', 'Nodes wait for each other in a circle.')
  else findings.note('warning', 'UNUSUAL', 'The nodes are not in the order in which they run.')
  return ready.map((index) => nodes[index] as OnnxNode)
}

function reportUndefined(node: OnnxNode, name: string, findings: Findings): void {
  findings.error('GRAPH', `${shownName(node.operator)} reads ${shownName(name)}, which nobody writes.`)
}

/** Its inputs, and what the graphs inside it read from around them. */
function namesRead(node: OnnxNode): Set<string> {
  const names = new Set(node.inputs.filter((name) => name !== ''))
  for (const { graph, graphs } of node.attributes) {
    for (const inner of graph === null ? graphs : [graph, ...graphs]) {
      for (const name of namesFromOutside(inner)) names.add(name)
    }
  }
  return names
}

function namesFromOutside(graph: OnnxGraph): Set<string> {
  const own = new Set([...graph.inputs, ...graph.initializers].map(({ name }) => name))
  for (const { outputs } of graph.nodes) for (const name of outputs) own.add(name)
  const outside = new Set<string>()
  for (const node of graph.nodes) for (const name of namesRead(node)) if (!own.has(name)) outside.add(name)
  for (const { name } of graph.outputs) if (name !== '' && !own.has(name)) outside.add(name)
  return outside
}
