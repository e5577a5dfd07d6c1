import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode } from '../../../engine/onnx/reader/onnx-model.ts'
import type { Findings } from './findings.ts'
import { shownName } from './findings.ts'

/** Nodes after every call has been replaced by its body: what a runtime does when it loads the file. */
const mostExpandedNodes = 1_000_000
/** Calls inside calls: exporters write some ten; a runtime that follows thousands runs out of stack. */
const deepestCalls = 100

/** Refuses functions that call themselves, or each other so that a small file becomes millions of nodes. */
export function checkFunctions(
  model: OnnxModel,
  functions: ReadonlyMap<string, OnnxFunction>,
  findings: Findings,
): void {
  if (functions.size === 0) return
  const sizes = new Map<OnnxFunction, number>()
  const open = new Set<OnnxFunction>()
  let tooDeep = false

  function sizeOf(called: OnnxFunction): number {
    const known = sizes.get(called)
    if (known !== undefined) return known
    if (open.has(called)) {
      findings.error('GRAPH', `The function ${shownName(called.name)} calls itself, so it never ends.`)
      return Number.POSITIVE_INFINITY
    }
    if (open.size >= deepestCalls) {
      if (!tooDeep) findings.error('RESOURCES', `Its functions call each other more than ${deepestCalls} deep.`)
      tooDeep = true
      return Number.POSITIVE_INFINITY
    }
    open.add(called)
    const size = sizeOfNodes(called.nodes)
    open.delete(called)
    sizes.set(called, size)
    return size
  }

  function sizeOfNodes(nodes: readonly OnnxNode[]): number {
    let size = 0
    for (const node of nodes) {
      const called = functions.get(`${node.domain}|${node.operator}|${node.overload}`)
      size += 1 + (called === undefined ? 0 : sizeOf(called))
      for (const { graph, graphs } of node.attributes) {
        for (const inner of [graph, ...graphs]) if (inner !== null) size += sizeOfNodes(inner.nodes)
      }
    }
    return size
  }

  const total = sizeOfNodes((model.graph as OnnxGraph).nodes)
  const largest = model.functions.reduce((most, each) => Math.max(most, sizeOf(each)), total)
  if (largest > mostExpandedNodes && Number.isFinite(largest)) {
    findings.error('RESOURCES', `Its functions call each other so often that they become ${largest} nodes.`)
  }
}
