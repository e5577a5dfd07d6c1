import { expect, test } from 'vitest'
import {
  bytesField,
  encodeMessage,
  floatField,
  integerField,
  message,
  messageField,
  packedIntegersField,
  textField,
} from '../../../../engine/onnx/protobuf-writer.ts'
import { decodeOnnx } from '../../../fixtures/onnx-schema.ts'
import { fc } from '../../../fixtures/properties.ts'

const integer = fc.maxSafeInteger()
const wellFormed = fc.string({ unit: 'grapheme' })

test("another library reads what the writer writes: the example of protobuf's own documentation", () => {
  expect([...encodeMessage(message(integerField(1, 150)))]).toEqual([0x08, 0x96, 0x01])
  expect([...encodeMessage(message(textField(2, 'testing')))]).toEqual([
    0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
  ])
})

test('integers of every size, negative ones too, texts and floats come back', () => {
  fc.assert(
    fc.property(integer, wellFormed, fc.float(), fc.array(integer), (i, name, f, ints) => {
      const bytes = encodeMessage(
        message(textField(1, name), integerField(3, i), floatField(2, f), packedIntegersField(8, ints)),
      )
      const read = decodeOnnx('AttributeProto', bytes)
      expect(read.name ?? '').toBe(name)
      expect(Number(read.i ?? 0)).toBe(i)
      expect(Number(read.f ?? 0) + 0).toBe(f + 0)
      expect(((read.ints ?? []) as string[]).map(Number)).toEqual(ints.map((value) => value + 0))
    }),
  )
})

test('messages nest to any depth and hold bytes as they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), wellFormed, (raw, name) => {
      const tensor = message(integerField(1, raw.length), integerField(2, 2), bytesField(9, raw), textField(8, name))
      const graph = message(messageField(5, tensor), messageField(5, tensor))
      const read = decodeOnnx('ModelProto', encodeMessage(message(messageField(7, graph))))
      const [first, second] = (read.graph as { initializer: Record<string, string>[] }).initializer
      expect(Buffer.from(first?.raw_data ?? '', 'base64')).toEqual(Buffer.from(raw))
      expect(second).toEqual(first)
    }),
  )
})
