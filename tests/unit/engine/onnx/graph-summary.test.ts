import { expect, test } from 'vitest'
import { summariseGraph } from '../../../../engine/onnx/graph-summary.ts'
import { ProtobufError } from '../../../../engine/onnx/protobuf-reader.ts'
import { bytesField, encodeMessage, message, messageField, textField } from '../../../../engine/onnx/protobuf-writer.ts'

const node = (type: string, domain = '') => message(textField(4, type), textField(7, domain))

test('counts the operators by domain, and the bytes of the constants', () => {
  const graph = message(
    messageField(1, node('Add')),
    messageField(1, node('Add', 'ai.onnx')),
    messageField(1, node('TreeEnsemble', 'ai.onnx.ml')),
    messageField(5, message(bytesField(9, new Uint8Array(100)))),
    messageField(11, message(textField(1, 'age'))),
    messageField(12, message(textField(1, 'label'))),
  )
  const bytes = encodeMessage(message(messageField(7, graph)))
  const summary = summariseGraph(bytes)
  expect([...summary.operators]).toEqual([
    ['Add', 2],
    ['ai.onnx.ml.TreeEnsemble', 1],
  ])
  expect(summary).toMatchObject({ inputs: ['age'], outputs: ['label'], constantBytes: 102, bytes: bytes.length })
})

test('what is no message is refused', () => {
  expect(() => summariseGraph(Uint8Array.of(0xff, 0xff))).toThrow(ProtobufError)
})
