import type { OnnxTensor } from '../../../engine/onnx/reader/onnx-model.ts'
import { elementBits, elementTypeNames } from '../../../engine/onnx/reader/onnx-model.ts'
import type { Findings } from './findings.ts'

const text = 8

/** Holds a tensor's declared type and shape against the bytes that are really there. */
export function checkTensor(tensor: OnnxTensor, where: string, findings: Findings): void {
  const bits = elementBits[tensor.elementType]
  if (elementTypeNames[tensor.elementType] === undefined) {
    findings.error('TENSOR', `Its elements have the type ${tensor.elementType}, which does not exist.`, where)
    return
  }
  const count = elementCount(tensor)
  if (count === null) {
    findings.error('TENSOR', `Its shape, ${tensor.dimensions.join(' × ')}, is impossible.`, where)
    return
  }
  if (tensor.external !== null) {
    if (tensor.raw !== null || tensor.numbers.length > 0 || tensor.texts.length > 0) {
      findings.error('TENSOR', 'Its elements are here and in another file.', where)
    } else if (bits === undefined) findings.error('TENSOR', 'Texts cannot lie in another file.', where)
    return
  }
  const kinds = Number(tensor.raw !== null) + tensor.numberFields.length + Number(tensor.texts.length > 0)
  if (kinds > 1) {
    findings.error('TENSOR', 'Its elements are given twice, in different ways; readers disagree on which count.', where)
    return
  }
  const problem = bits === undefined ? textProblem(tensor, count) : numberProblem(tensor, count, bits)
  if (problem !== null) findings.error('TENSOR', problem, where)
  else if (holdsStrangeNumbers(tensor)) {
    findings.note('warning', 'UNUSUAL', 'It holds NaN or infinity among its numbers.', where)
  }
}

/** Product of the dimensions; null where one is negative or the product is beyond what can be counted. */
export function elementCount({ dimensions }: Pick<OnnxTensor, 'dimensions'>): number | null {
  if (dimensions.some((length) => length < 0 || !Number.isSafeInteger(length))) return null
  // A zero makes any tensor empty, but nobody means 2^32 × 2^32 × 0.
  const product = dimensions.reduce((total, length) => total * Math.max(1, length), 1)
  if (!Number.isSafeInteger(product)) return null
  return dimensions.includes(0) ? 0 : product
}

/** Bytes that so many elements take. */
export function tensorBytes(elementType: number, count: number): number {
  return Math.ceil((count * (elementBits[elementType] ?? 0)) / 8)
}

function textProblem({ texts, raw, numbers }: OnnxTensor, count: number): string | null {
  if (raw !== null || numbers.length > 0) return 'It is declared to hold texts and holds numbers.'
  return texts.length === count ? null : `Its shape says ${count} texts, and there are ${texts.length}.`
}

function numberProblem(tensor: OnnxTensor, count: number, bits: number): string | null {
  const { raw, numbers, numberFields, elementType, texts } = tensor
  if (texts.length > 0) return 'It is declared to hold numbers and holds texts.'
  if (raw !== null) {
    const expected = tensorBytes(elementType, count)
    return raw.length === expected ? null : `Its shape says ${expected} bytes, and there are ${raw.length}.`
  }
  const isComplex = elementType === 14 || elementType === 15
  const expected = isComplex ? 2 * count : bits < 8 ? Math.ceil((count * bits) / 8) : count
  if (numbers.length !== expected) return `Its shape says ${expected} numbers, and there are ${numbers.length}.`
  const [field] = numberFields
  return field === undefined || field === fieldOf(elementType) ? null : 'Its numbers lie in a list for another type.'
}

/** The list of onnx.proto that holds a type's elements. */
function fieldOf(elementType: number): number {
  if (elementType === 1 || elementType === 14) return 4
  if (elementType === 11 || elementType === 15) return 10
  if (elementType === 7) return 7
  return elementType === 12 || elementType === 13 ? 11 : 5
}

function holdsStrangeNumbers({ raw, numbers, elementType }: OnnxTensor): boolean {
  if (elementType === text || (elementType !== 1 && elementType !== 11)) return false
  if (raw === null) return numbers.some((value) => !Number.isFinite(value))
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const size = elementType === 1 ? 4 : 8
  for (let at = 0; at + size <= raw.length; at += size) {
    if (!Number.isFinite(size === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true))) return true
  }
  return false
}
