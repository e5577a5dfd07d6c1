import type { OnnxModel, OnnxValue } from '../../../engine/onnx/reader/onnx-model.ts'
import { spellType } from '../../../engine/onnx/reader/onnx-model.ts'
import type { GraphSummary } from '../../../shared/domain/quarantine.ts'
import { elementCount } from './check-tensor.ts'

/** What the file says of itself, names as they are: whoever shows them shows them as text. */
export function summariseGraph(model: OnnxModel): GraphSummary {
  const counts = new Map<string, { domain: string; operator: string; count: number }>()
  for (const { domain, operator } of model.graph?.nodes ?? []) {
    const key = `${domain}\n${operator}`
    const known = counts.get(key) ?? { domain, operator, count: 0 }
    known.count++
    counts.set(key, known)
  }
  const constants = new Set(model.graph?.initializers.map(({ name }) => name))
  const numbers = model.graph?.initializers.reduce((sum, tensor) => sum + (elementCount(tensor) ?? 0), 0)
  return {
    producer: [model.producer, model.producerVersion].filter((text) => text !== '').join(' '),
    opsets: model.operatorSets.map(({ domain, version }) => ({ domain, version })),
    ops: [...counts.values()].sort((a, b) => b.count - a.count),
    inputs: (model.graph?.inputs ?? []).filter(({ name }) => !constants.has(name)).map(describeValue),
    outputs: (model.graph?.outputs ?? []).map(describeValue),
    nodes: model.graph?.nodes.length ?? 0,
    parameters: numbers ?? 0,
  }
}

function describeValue({ name, type }: OnnxValue): GraphSummary['inputs'][number] {
  const shape = type?.kind === 'tensor' && type.shape !== null ? type.shape.map(lengthOrName) : null
  return { name, type: spellType(type) ?? 'unknown', shape }
}

/** A length beyond 2^53 is one that no table has. */
function lengthOrName(length: number | string | null): number | string | null {
  return typeof length === 'number' && !Number.isSafeInteger(length) ? null : length
}
