import type { GraphBuilder, Value } from './graph-builder.ts'
import { elementTypeCode } from './onnx-messages.ts'

/** The largest finite float32. */
export const largestFloat32 = 3.4028234663852886e38

type Operand = Value | number

/** Elementwise arithmetic on double tensors; numbers become constants. Nothing here fuses or reorders operations. */
export function add(graph: GraphBuilder, left: Operand, right: Operand): Value {
  return graph.node('Add', [asValue(graph, left), asValue(graph, right)])
}

export function subtract(graph: GraphBuilder, left: Operand, right: Operand): Value {
  return graph.node('Sub', [asValue(graph, left), asValue(graph, right)])
}

export function multiply(graph: GraphBuilder, left: Operand, right: Operand): Value {
  return graph.node('Mul', [asValue(graph, left), asValue(graph, right)])
}

export function divide(graph: GraphBuilder, left: Operand, right: Operand): Value {
  return graph.node('Div', [asValue(graph, left), asValue(graph, right)])
}

/** floor(left / right): exact for whole numbers below 2^53. NaN and infinities stay what they are. */
export function floorDivide(graph: GraphBuilder, left: Operand, right: number): Value {
  return graph.node('Floor', [divide(graph, left, right)])
}

export function isGreater(graph: GraphBuilder, left: Operand, right: Operand): Value {
  return graph.node('Greater', [asValue(graph, left), asValue(graph, right)])
}

export function choose(graph: GraphBuilder, condition: Value, whenTrue: Operand, whenFalse: Operand): Value {
  return graph.node('Where', [condition, asValue(graph, whenTrue), asValue(graph, whenFalse)])
}

export function castTo(graph: GraphBuilder, value: Value, type: keyof typeof elementTypeCode): Value {
  return graph.node('Cast', [value], { to: { integer: elementTypeCode[type] } })
}

export function concatenateColumns(graph: GraphBuilder, values: readonly Value[]): Value {
  const [only] = values
  return values.length === 1 && only !== undefined ? only : graph.node('Concat', values, { axis: { integer: 1 } })
}

/** A row of constants, one a column. */
export function rowConstant(graph: GraphBuilder, values: readonly number[]): Value {
  return graph.constant('double', [values.length], values)
}

/** Rounds to float32 and back; what lies beyond its range, infinities too, becomes its largest number. NaN stays. */
export function roundToFloat32(graph: GraphBuilder, value: Value): Value {
  const rounded = castTo(graph, castTo(graph, value, 'float'), 'double')
  const capped = choose(graph, isGreater(graph, rounded, largestFloat32), largestFloat32, rounded)
  return choose(graph, isGreater(graph, -largestFloat32, capped), -largestFloat32, capped)
}

function asValue(graph: GraphBuilder, operand: Operand): Value {
  return typeof operand === 'number' ? graph.constant('double', [], [operand]) : operand
}
