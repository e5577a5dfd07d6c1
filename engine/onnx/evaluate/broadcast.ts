import { elementsOf, GraphEvaluationError } from './graph-tensor.ts'

/** The shape that several shapes make together, by NumPy's rules. Throws GraphEvaluationError where they do not fit. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] {
  const shape = joinShapes(shapes)
  if (elementsOf(shape) > mostElements) throw new GraphEvaluationError('A tensor is larger than is held here.')
  return shape
}

/** More than any table's graph makes of a batch of rows at once. */
const mostElements = 50_000_000

function joinShapes(shapes: readonly (readonly number[])[]): number[] {
  const rank = shapes.reduce((most, shape) => Math.max(most, shape.length), 0)
  return Array.from({ length: rank }, (_, axis) => {
    let length = 1
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1
      if (own === 1 || own === length) continue
      if (length !== 1) throw new GraphEvaluationError(`Tensors of lengths ${length} and ${own} do not fit together.`)
      length = own
    }
    return length
  })
}

/** For each element of `to`, the place of the element of `from` that stands for it; null where they are the same. */
export function broadcastPlaces(from: readonly number[], to: readonly number[]): Int32Array | null {
  if (elementsOf(from) === elementsOf(to)) return null
  const places = new Int32Array(elementsOf(to))
  const steps = new Int32Array(to.length)
  let step = 1
  for (let axis = to.length - 1; axis >= 0; axis--) {
    const own = from[axis - to.length + from.length] ?? 1
    steps[axis] = own === 1 ? 0 : step
    step *= own
  }
  const at = new Int32Array(to.length)
  let place = 0
  for (let index = 0; index < places.length; index++) {
    places[index] = place
    for (let axis = to.length - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] as number) + 1
      place += steps[axis] as number
      if ((at[axis] as number) < (to[axis] as number)) break
      place -= (steps[axis] as number) * (to[axis] as number)
      at[axis] = 0
    }
  }
  return places
}
