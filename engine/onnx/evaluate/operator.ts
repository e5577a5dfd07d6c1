import type { NodeAttributes } from '../reader/tensor-values.ts'
import type { GraphTensor } from './graph-tensor.ts'

/** What an operator is given besides its inputs. */
export interface OperatorContext {
  readonly attributes: NodeAttributes
  /** Version of its operator set. */
  readonly version: number
  readonly outputs: number
}

/** How a run is done. */
export interface RunOptions {
  /** Leaves out the rounding to float32 after each operator. */
  readonly exact: boolean
  /** The rows have no real values: categories that nobody knows are no reason to stop. */
  readonly probe?: boolean
}

type Inputs = readonly (GraphTensor | null)[]

export type Run = (inputs: Inputs, options: RunOptions) => readonly GraphTensor[]

/**
 * How an output's elements come from the inputs', for tracing which raw columns they rest on. `elements`: each from the
 * elements in the same place (broadcast); `moves`: elements are only handed on, by the very operator; `matrix`: sums of
 * a row of the first input with the weights of the second; `rows`: each element of a row from the whole row.
 */
export type Flow = 'elements' | 'moves' | 'matrix' | 'rows'

export interface Operator {
  readonly flow: Flow
  /** Looks at the attributes once; throws GraphEvaluationError for what is not evaluated here. */
  prepare(context: OperatorContext): Run
}

/** An operator with one output and nothing to prepare. */
export function simple(flow: Flow, run: (inputs: Inputs, options: RunOptions) => GraphTensor): Operator {
  return { flow, prepare: () => (inputs, options) => [run(inputs, options)] }
}

/** An operator with one output whose attributes matter. */
export function prepared(
  flow: Flow,
  prepare: (context: OperatorContext) => (inputs: Inputs, options: RunOptions) => GraphTensor,
): Operator {
  return {
    flow,
    prepare(context) {
      const run = prepare(context)
      return (inputs, options) => [run(inputs, options)]
    },
  }
}
