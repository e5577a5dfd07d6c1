import { createGraphBuilder } from '../../../engine/onnx/graph-builder.ts'
import { modelMessage } from '../../../engine/onnx/onnx-messages.ts'
import { encodeMessage } from '../../../engine/onnx/protobuf-writer.ts'

/** The smallest model that says whether ONNX Runtime works here: the prediction is twice `x`. */
export function doublingModel(): Uint8Array {
  const graph = createGraphBuilder('current')
  const x = graph.input('x', 'double', ['N', 1])
  graph.output({ name: 'prediction', type: 'double', shape: ['N', 1] }, graph.node('Add', [x, x]))
  return encodeMessage(
    modelMessage({
      irVersion: 10,
      producer: 'maestro',
      producerVersion: '1',
      documentation: 'Doubles a number.',
      graph: graph.build('doubling'),
      operatorSets: [{ domain: '', version: 21 }],
      metadata: {},
    }),
  )
}
