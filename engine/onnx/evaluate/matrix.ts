import { broadcastPlaces } from './broadcast.ts'
import type { NumberTensor } from './graph-tensor.ts'
import { asNumbers, elementsOf, GraphEvaluationError, numbers } from './graph-tensor.ts'
import type { Operator } from './operator.ts'
import { prepared, simple } from './operator.ts'

/** A matrix as rows × columns; vectors become a row or a column. */
interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly at: (row: number, column: number) => number
}

function matrixOf({ shape, data }: NumberTensor, transposed = false): Matrix {
  if (shape.length !== 2) throw new GraphEvaluationError('Only products of matrices are evaluated here.')
  const [rows, columns] = shape as [number, number]
  return transposed
    ? { rows: columns, columns: rows, at: (row, column) => data[column * columns + row] as number }
    : { rows, columns, at: (row, column) => data[row * columns + column] as number }
}

/** Of one product. */
const mostElements = 50_000_000

function product(a: Matrix, b: Matrix): Float64Array {
  if (a.columns !== b.rows) throw new GraphEvaluationError('The matrices of a product do not fit together.')
  if (a.rows * b.columns > mostElements) throw new GraphEvaluationError('A product is larger than is held here.')
  const out = new Float64Array(a.rows * b.columns)
  for (let row = 0; row < a.rows; row++) {
    for (let inner = 0; inner < a.columns; inner++) {
      const value = a.at(row, inner)
      for (let column = 0; column < b.columns; column++) {
        const to = row * b.columns + column
        out[to] = (out[to] as number) + value * b.at(inner, column)
      }
    }
  }
  return out
}

const matMul = simple('matrix', ([x, y], { exact }) => {
  const [a, b] = [asNumbers(x, 'MatMul'), asNumbers(y, 'MatMul')]
  const right = b.shape.length === 1 ? { ...b, shape: [b.shape[0] as number, 1] } : b
  const left = a.shape.length === 1 ? { ...a, shape: [1, a.shape[0] as number] } : a
  const out = product(matrixOf(left), matrixOf(right))
  const shape = [
    ...(a.shape.length === 1 ? [] : [left.shape[0] as number]),
    ...(b.shape.length === 1 ? [] : [right.shape[1] as number]),
  ]
  return numbers(a.type, shape, out, exact)
})

const gemm: Operator = prepared('matrix', ({ attributes }) => {
  const [alpha, beta] = [attributes.float('alpha', 1), attributes.float('beta', 1)]
  const [first, second] = [attributes.integer('transA', 0) === 1, attributes.integer('transB', 0) === 1]
  return ([x, y, z], { exact }) => {
    const a = asNumbers(x, 'Gemm')
    const [left, right] = [matrixOf(a, first), matrixOf(asNumbers(y, 'Gemm'), second)]
    const out = product(left, right)
    const shape = [left.rows, right.columns]
    const added = z ? asNumbers(z, 'Gemm') : null
    const places = added === null ? null : broadcastPlaces(added.shape, shape)
    for (let at = 0; at < out.length; at++) {
      const more = added === null ? 0 : beta * (added.data[places?.[at] ?? at] as number)
      out[at] = alpha * (out[at] as number) + more
    }
    return numbers(a.type, shape, out, exact)
  }
})

/** The weights of a product whose second input is constant, as [input][output]; null where it is no such product. */
export function productWeights(
  operator: string,
  second: NumberTensor,
  transposed: boolean,
): {
  readonly inputs: number
  readonly outputs: number
  readonly at: (input: number, output: number) => number
} | null {
  if (operator !== 'MatMul' && operator !== 'Gemm') return null
  const matrix = second.shape.length === 1 ? { ...second, shape: [elementsOf(second.shape), 1] } : second
  if (matrix.shape.length !== 2) return null
  const { rows, columns, at } = matrixOf(matrix, transposed)
  return { inputs: rows, outputs: columns, at }
}

export const matrixOperators: Readonly<Record<string, Operator>> = { Gemm: gemm, MatMul: matMul }
