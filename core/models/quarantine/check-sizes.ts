import type { OnnxNode } from '../../../engine/onnx/reader/onnx-model.ts'
import { nodeAttributes, tensorNumbers } from '../../../engine/onnx/reader/tensor-values.ts'
import type { Findings } from './findings.ts'
import type { KnownValue } from './scope.ts'

/** Elements of one value that a model may ask for by a constant: 512 MB of float32. */
const mostElements = 2 ** 27

/** Refuses operators whose constants alone ask for more memory than any table's model needs. */
export function checkSizes(node: OnnxNode, inputs: readonly KnownValue[], where: string, findings: Findings): void {
  const elements = elementsAskedFor(node, inputs)
  if (elements === null || (elements <= mostElements && elements >= 0)) return
  findings.error('RESOURCES', `It makes a value of ${elements.toPrecision(3)} elements out of nothing.`, where)
}

function elementsAskedFor(node: OnnxNode, inputs: readonly KnownValue[]): number | null {
  const constant = (index: number): readonly number[] | null => {
    const tensor = inputs[index]?.constant
    return tensor ? tensorNumbers(tensor) : null
  }
  switch (node.operator) {
    case 'ConstantOfShape':
      return product(constant(0))
    case 'Expand':
    case 'Tile':
      return product(constant(1))
    case 'OneHot':
      return constant(1)?.[0] ?? null
    case 'Range': {
      const [start, end, step] = [constant(0)?.[0], constant(1)?.[0], constant(2)?.[0]]
      return start === undefined || end === undefined || step === undefined
        ? null
        : Math.max(0, Math.ceil((end - start) / step))
    }
    case 'RandomNormal':
    case 'RandomUniform':
      return product(nodeAttributes(node).integers('shape'))
    case 'Split':
      return nodeAttributes(node).integer('num_outputs', 0)
    default:
      return null
  }
}

/** Negative lengths have their own meanings and count as 1. */
function product(lengths: readonly number[] | null): number | null {
  return lengths === null ? null : lengths.reduce((total, length) => total * Math.max(1, length), 1)
}
