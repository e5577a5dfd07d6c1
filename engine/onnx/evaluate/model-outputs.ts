import type { GraphTensor } from './graph-tensor.ts'
import { asNumbers, GraphEvaluationError } from './graph-tensor.ts'

/** The columns of several outputs side by side. Throws GraphEvaluationError where one has no value for each row. */
export function combineOutputs(
  names: readonly string[],
  outputs: ReadonlyMap<string, GraphTensor>,
  nRows: number,
): { readonly values: Float64Array; readonly width: number } {
  const blocks = names.map((name) => {
    const { data } = asNumbers(outputs.get(name), `The output ${name}`)
    if (nRows === 0 || data.length % nRows !== 0)
      throw new GraphEvaluationError(`The output ${name} has no value for each row.`)
    return { data, width: data.length / nRows }
  })
  const [only] = blocks
  if (blocks.length === 1 && only) return { values: only.data, width: only.width }
  const width = blocks.reduce((sum, block) => sum + block.width, 0)
  const values = new Float64Array(nRows * width)
  for (let row = 0; row < nRows; row++) {
    let to = row * width
    for (const block of blocks) {
      values.set(block.data.subarray(row * block.width, (row + 1) * block.width), to)
      to += block.width
    }
  }
  return { values, width }
}
