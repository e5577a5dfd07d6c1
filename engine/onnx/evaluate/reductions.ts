import type { GraphTensor, NumberTensor } from './graph-tensor.ts'
import { asNumbers, axisOf, elementsOf, elementTypes, numbers } from './graph-tensor.ts'
import type { Operator, OperatorContext } from './operator.ts'
import { prepared } from './operator.ts'

/** The elements grouped by what remains when the axes are taken away. */
function groups(
  tensor: NumberTensor,
  axes: readonly number[],
): { readonly shape: number[]; readonly lists: number[][] } {
  const kept = tensor.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
  const lists: number[][] = Array.from({ length: elementsOf(kept) }, () => [])
  const steps = kept.map((length, axis) => (length === 1 && axes.includes(axis) ? 0 : elementsOf(kept.slice(axis + 1))))
  for (let index = 0; index < tensor.data.length; index++) {
    let rest = index
    let to = 0
    for (let axis = tensor.shape.length - 1; axis >= 0; axis--) {
      const length = tensor.shape[axis] as number
      to += (rest % length) * (steps[axis] as number)
      rest = Math.floor(rest / length)
    }
    lists[to]?.push(tensor.data[index] as number)
  }
  return { shape: kept, lists }
}

function axesOf(
  { attributes }: OperatorContext,
  tensor: NumberTensor,
  input: GraphTensor | null | undefined,
): number[] {
  const rank = tensor.shape.length
  const given = input ? Array.from(asNumbers(input, 'A reduction').data) : attributes.integers('axes')
  if (given.length > 0) return given.map((axis) => axisOf(axis, rank))
  return attributes.integer('noop_with_empty_axes', 0) === 1 ? [] : tensor.shape.map((_, axis) => axis)
}

function reduction(reduce: (list: readonly number[]) => number): Operator {
  return prepared('rows', (context) => ([x, axesInput], { exact }) => {
    const tensor = asNumbers(x, 'A reduction')
    const axes = axesOf(context, tensor, axesInput)
    const { shape, lists } = groups(tensor, axes)
    const keeps = context.attributes.integer('keepdims', 1) === 1
    const to = keeps ? shape : shape.filter((_, axis) => !axes.includes(axis))
    return numbers(tensor.type, to, Float64Array.from(lists, reduce), exact)
  })
}

const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0)

function logSumExp(list: readonly number[]): number {
  const largest = Math.max(...list)
  if (!Number.isFinite(largest)) return largest
  return largest + Math.log(sum(list.map((value) => Math.exp(value - largest))))
}

function extremeIndex(isBetter: (a: number, b: number) => boolean): Operator {
  return prepared('rows', ({ attributes }) => ([x]) => {
    const tensor = asNumbers(x, 'ArgMax')
    const axis = axisOf(attributes.integer('axis', 0), tensor.shape.length)
    const last = attributes.integer('select_last_index', 0) === 1
    const { shape, lists } = groups(tensor, [axis])
    const best = (list: readonly number[]) => {
      let at = 0
      for (let each = 1; each < list.length; each++) {
        const [value, known] = [list[each] as number, list[at] as number]
        if (isBetter(value, known) || (last && value === known)) at = each
      }
      return at
    }
    const keeps = attributes.integer('keepdims', 1) === 1
    const to = keeps ? shape : shape.filter((_, each) => each !== axis)
    return numbers(elementTypes.int64, to, Float64Array.from(lists, best))
  })
}

/** Softmax over the last axes: from `axis` on together before operator set 13, along `axis` alone since. */
function softmax(logarithm: boolean): Operator {
  return prepared('rows', ({ attributes, version }) => ([x], { exact }) => {
    const tensor = asNumbers(x, 'Softmax')
    const axis = axisOf(attributes.integer('axis', version < 13 ? 1 : -1), tensor.shape.length)
    const inner = version < 13 ? 1 : elementsOf(tensor.shape.slice(axis + 1))
    const length = version < 13 ? elementsOf(tensor.shape.slice(axis)) : (tensor.shape[axis] as number)
    const data = tensor.data.slice()
    for (let block = 0; block < data.length; block += length * inner) {
      for (let column = 0; column < inner; column++) {
        softmaxInPlace(data, block + column, length, inner, logarithm)
      }
    }
    return numbers(tensor.type, tensor.shape, data, exact)
  })
}

function softmaxInPlace(data: Float64Array, from: number, length: number, step: number, logarithm: boolean): void {
  let largest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < length; at++) largest = Math.max(largest, data[from + at * step] as number)
  let total = 0
  for (let at = 0; at < length; at++) total += Math.exp((data[from + at * step] as number) - largest)
  for (let at = 0; at < length; at++) {
    const shifted = (data[from + at * step] as number) - largest
    data[from + at * step] = logarithm ? shifted - Math.log(total) : Math.exp(shifted) / total
  }
}

export const reductionOperators: Readonly<Record<string, Operator>> = {
  ArgMax: extremeIndex((a, b) => a > b),
  ArgMin: extremeIndex((a, b) => a < b),
  LogSoftmax: softmax(true),
  ReduceL1: reduction((list) => sum(list.map(Math.abs))),
  ReduceL2: reduction((list) => Math.sqrt(sum(list.map((value) => value * value)))),
  ReduceLogSumExp: reduction(logSumExp),
  ReduceMax: reduction((list) => Math.max(...list)),
  ReduceMean: reduction((list) => sum(list) / list.length),
  ReduceMin: reduction((list) => Math.min(...list)),
  ReduceProd: reduction((list) => list.reduce((product, value) => product * value, 1)),
  ReduceSum: reduction(sum),
  ReduceSumSquare: reduction((list) => sum(list.map((value) => value * value))),
  Softmax: softmax(false),
}
