import type { OnnxModel, OnnxNode } from '../reader/onnx-model.ts'
import { nodeAttributes } from '../reader/tensor-values.ts'
import type { GraphTensor } from './graph-tensor.ts'
import { GraphEvaluationError } from './graph-tensor.ts'
import { tensorOf } from './movement.ts'
import type { Operator, Run, RunOptions } from './operator.ts'
import { findOperator } from './operators.ts'

/** One node that is ready to run. */
export interface Step {
  readonly node: OnnxNode
  readonly operator: Operator
  readonly run: Run
}

/** A graph, or the part of it that some of its values need, in an order in which it can be run. */
export interface GraphProgram {
  readonly steps: readonly Step[]
  readonly constants: ReadonlyMap<string, GraphTensor>
  /** All values that running leaves behind, those given included. Throws GraphEvaluationError. */
  run(given: ReadonlyMap<string, GraphTensor>, options?: RunOptions): ReadonlyMap<string, GraphTensor>
}

/**
 * Prepares what the `wanted` values need. Values in `cut` are taken as given: what only they need is left out. Throws
 * GraphEvaluationError naming the first operator that is not evaluated here.
 */
export function compileGraph(
  { graph, operatorSets, functions }: OnnxModel,
  wanted: readonly string[],
  cut: ReadonlySet<string> = new Set(),
): GraphProgram {
  if (graph === null) throw new GraphEvaluationError('The file has no graph.')
  if (functions.length > 0)
    throw new GraphEvaluationError('Operators that the file defines itself are not evaluated here.')
  if (graph.sparseInitializers > 0) throw new GraphEvaluationError('Sparse constants are not evaluated here.')
  const versions = new Map(operatorSets.map(({ domain, version }) => [domain, version]))
  const writers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]))
  const constants = new Map<string, GraphTensor>()
  const steps: Step[] = []
  const done = new Set<OnnxNode>()
  const entered = new Set<OnnxNode>()
  // A stack of its own: graphs may be deeper than calls can be.
  const pending: { readonly node: OnnxNode; readonly ready: boolean }[] = []
  const need = (name: string) => {
    if (name === '' || cut.has(name) || constants.has(name)) return
    const tensor = initializers.get(name)
    if (tensor) constants.set(name, tensorOf(tensor))
    else {
      const node = writers.get(name)
      if (node && !done.has(node)) pending.push({ node, ready: false })
    }
  }
  for (const name of wanted) need(name)
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, ready } = next
    if (done.has(node)) continue
    if (ready) {
      entered.delete(node)
      done.add(node)
      steps.push(prepareStep(node, versions))
      continue
    }
    if (entered.has(node)) throw new GraphEvaluationError('The graph runs in a circle.')
    entered.add(node)
    pending.push({ node, ready: true })
    for (const name of node.inputs) need(name)
  }
  return { steps, constants, run: (given, options = { exact: false }) => runSteps(steps, constants, given, options) }
}

function prepareStep(node: OnnxNode, versions: ReadonlyMap<string, number>): Step {
  const operator = findOperator(node.domain, node.operator)
  if (!operator) {
    const domain = node.domain === '' ? '' : `${node.domain}.`
    throw new GraphEvaluationError(`The operator ${domain}${node.operator} is not evaluated here.`)
  }
  const run = operator.prepare({
    attributes: nodeAttributes(node),
    // Files of machine-learning operators alone may leave the standard set out.
    version: versions.get(node.domain) ?? (node.domain === '' ? 13 : 1),
    outputs: node.outputs.length,
  })
  return { node, operator, run }
}

/** Elements that one run may make in all: some gigabyte. A runtime in a process of its own may be tried with more. */
const mostElements = 100_000_000

function runSteps(
  steps: readonly Step[],
  constants: ReadonlyMap<string, GraphTensor>,
  given: ReadonlyMap<string, GraphTensor>,
  options: RunOptions,
): ReadonlyMap<string, GraphTensor> {
  const values = new Map([...constants, ...given])
  let elements = 0
  for (const { node, run } of steps) {
    const inputs = node.inputs.map((name) => (name === '' ? null : valueNamed(values, name)))
    const outputs = run(inputs, options)
    for (const [at, name] of node.outputs.entries()) {
      const output = outputs[at]
      elements += output?.data.length ?? 0
      if (elements > mostElements) throw new GraphEvaluationError('The graph makes more numbers than are held here.')
      // A value that was given stays as it was given, whoever else writes it.
      if (output !== undefined && name !== '' && !given.has(name)) values.set(name, output)
    }
  }
  return values
}

function valueNamed(values: ReadonlyMap<string, GraphTensor>, name: string): GraphTensor {
  const value = values.get(name)
  if (value === undefined) throw new GraphEvaluationError(`The value ${name} is not there.`)
  return value
}
