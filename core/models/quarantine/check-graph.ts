import type { OnnxGraph, OnnxNode, OnnxValue } from '../../../engine/onnx/reader/onnx-model.ts'
import { elementTypeNames, spellType } from '../../../engine/onnx/reader/onnx-model.ts'
import { checkNode } from './check-node.ts'
import { checkTensor } from './check-tensor.ts'
import type { Findings } from './findings.ts'
import { shownName } from './findings.ts'
import { orderNodes } from './order-nodes.ts'
import type { GraphContext, KnownValue, Scope } from './scope.ts'
import { lookUp } from './scope.ts'

/** Names, order, types, constants and every node of one graph and the graphs in it. `outer` is null for the main graph. */
export function checkGraph(graph: OnnxGraph, outer: Scope | null, context: GraphContext): void {
  const { findings } = context
  const scope: Scope = { values: new Map(), outer }
  const isMain = outer === null && !context.inFunction
  for (const input of graph.inputs) declareInput(input, scope, isMain, findings)
  declareConstants(graph, scope, findings)
  if (graph.sparseInitializers > 0) findings.error('TENSOR', 'It has sparse constants, which Maestro does not read.')
  if (graph.outputs.length === 0 && isMain) findings.error('GRAPH', 'The graph has no outputs.')
  for (const node of orderNodes(graph, scope, findings)) {
    for (const { graph: one, graphs } of node.attributes) {
      for (const inner of one === null ? graphs : [one, ...graphs]) checkGraph(inner, scope, context)
    }
    const types = checkNode(node, scope, context)
    declareOutputs(node, types, scope, findings)
  }
  for (const output of graph.outputs) checkOutput(output, scope, findings)
}

function declareInput({ name, type }: OnnxValue, scope: Scope, isMain: boolean, findings: Findings): void {
  if (name === '') findings.error('GRAPH', 'An input has no name.')
  if (scope.values.has(name)) findings.error('GRAPH', `Two inputs are named ${shownName(name)}.`)
  const spelled = spellType(type)
  if (isMain && spelled === null) {
    findings.error('TYPE', `The input ${shownName(name)} has no type that exists.`)
  }
  const shape = type?.kind === 'tensor' ? type.shape : null
  if (shape?.some((length) => typeof length === 'number' && length < 0)) {
    findings.error('TYPE', `The input ${shownName(name)} has a negative length.`)
  }
  scope.values.set(name, { type: spelled, shape, constant: null })
}

function declareConstants(graph: OnnxGraph, scope: Scope, findings: Findings): void {
  const names = new Set<string>()
  for (const tensor of graph.initializers) {
    const where = `constant ${shownName(tensor.name)}`
    if (tensor.name === '' || names.has(tensor.name)) {
      findings.error('GRAPH', tensor.name === '' ? 'A constant has no name.' : `There are two of it.`, where)
    }
    names.add(tensor.name)
    checkTensor(tensor, where, findings)
    // A constant of the same name as an input is the input's default; older exporters list them all.
    const type = `tensor(${elementTypeNames[tensor.elementType] ?? '?'})`
    scope.values.set(tensor.name, { type, shape: tensor.dimensions, constant: tensor })
  }
}

function declareOutputs(node: OnnxNode, types: readonly KnownValue[], scope: Scope, findings: Findings): void {
  for (const [index, name] of node.outputs.entries()) {
    if (name === '') continue
    if (scope.values.has(name)) findings.error('GRAPH', `Two nodes write ${shownName(name)}, or it is an input too.`)
    scope.values.set(name, types[index] ?? { type: null, shape: null, constant: null })
  }
}

function checkOutput({ name, type }: OnnxValue, scope: Scope, findings: Findings): void {
  const known = lookUp(scope, name)
  if (name === '' || known === undefined) {
    findings.error('GRAPH', `The output ${shownName(name)} is made by no node.`)
    return
  }
  const declared = spellType(type)
  if (declared !== null && known.type !== null && declared !== known.type) {
    findings.error('TYPE', `The output ${shownName(name)} is declared as ${declared}, but it is ${known.type}.`)
  }
}
