import type { Pipeline } from '../pipeline/pipeline.ts'
import type { ElementType } from './onnx-messages.ts'

/** An output of an exported pipeline, for N rows. */
export interface OnnxOutput {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly (number | string)[]
}

/**
 * What an exported pipeline answers: `label` and `probabilities`, or for a regression `prediction`. A name that a column
 * has already gets underscores, since inputs and outputs may not share one.
 */
export function onnxOutputs(pipeline: Pick<Pipeline, 'task' | 'classes' | 'inputs'>): readonly OnnxOutput[] {
  const taken = new Set(pipeline.inputs.map(({ name }) => name))
  const free = (name: string): string => (taken.has(name) ? free(`${name}_`) : name)
  if (pipeline.task === 'regression') return [{ name: free('prediction'), type: 'double', shape: ['N', 1] }]
  return [
    { name: free('label'), type: 'string', shape: ['N'] },
    { name: free('probabilities'), type: 'double', shape: ['N', pipeline.classes.length] },
  ]
}
