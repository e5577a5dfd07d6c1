import type { GraphProgram } from './graph-program.ts'

/** What becomes of a node's outputs on their way to the answer. */
export interface TailShape {
  /** All of it is sums and multiples. */
  readonly isAffine: boolean
  /**
   * The value that a link (logistic, softmax, exponential) is first applied to, with nothing but sums and multiples before
   * it and nothing learnt behind it: the raw score. Null where there is no such value.
   */
  readonly linkInput: string | null
}

/** Operators that hand on, or add and multiply elements; with two inputs that depend on the rows the last group is not affine. */
const handing = new Set(
  ['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Concat', 'Slice', 'Split', 'Gather', 'Transpose'].concat([
    'ArrayFeatureExtractor',
    'Add',
    'Sub',
    'Neg',
    'Sum',
    'Scaler',
    'ReduceSum',
    'ReduceMean',
  ]),
)
const withConstants = new Set(['Mul', 'Div', 'MatMul', 'Gemm'])
const links = new Set(['Sigmoid', 'Softmax', 'LogSoftmax', 'Exp', 'Normalizer', 'Abs', 'Clip'])

/** `program` leads from the values in `from` to the answer. */
export function tailShape(program: GraphProgram, from: ReadonlySet<string>): TailShape {
  const depends = new Set(from)
  let linkInput: string | null = null
  let isAffine = true
  let isKnown = true
  for (const { node } of program.steps) {
    const given = node.inputs.filter((name) => depends.has(name))
    if (given.length === 0) continue
    for (const name of node.outputs) depends.add(name)
    if (isAffineStep(node.operator, node.attributes, given.length, node.inputs.indexOf(given[0] as string))) continue
    isAffine = false
    linkInput ??= given[0] as string
    // What normalises behind the link divides values that depend on the row by one another.
    if (!links.has(node.operator) && node.operator !== 'Div' && node.operator !== 'Mul') isKnown = false
  }
  return { isAffine, linkInput: isKnown ? linkInput : null }
}

function isAffineStep(
  operator: string,
  attributes: readonly { readonly name: string; readonly integer: number }[],
  dependent: number,
  place: number,
): boolean {
  if (handing.has(operator)) return true
  // Casts to float and double keep the number; those to whole numbers do not.
  if (operator === 'Cast') return [1, 11].includes(attributes.find(({ name }) => name === 'to')?.integer ?? 0)
  return withConstants.has(operator) && dependent === 1 && place === 0 ? true : operator === 'Mul' && dependent === 1
}
