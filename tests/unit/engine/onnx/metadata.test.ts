import { describe, expect, test } from 'vitest'
import { exportPipeline } from '../../../../engine/onnx/export-pipeline.ts'
import type { OnnxSchema } from '../../../../engine/onnx/metadata.ts'
import { metadataKeys, readOnnxMetadata } from '../../../../engine/onnx/metadata.ts'
import { ProtobufError, readFields } from '../../../../engine/onnx/protobuf-reader.ts'
import type { Pipeline } from '../../../../engine/pipeline/pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { decodeOnnx } from '../../../fixtures/onnx-schema.ts'
import { fc } from '../../../fixtures/properties.ts'
import { randomInputs, randomPipeline } from '../../../fixtures/random-pipelines.ts'

const pipeline: Pipeline = randomPipeline(randomStream(1), { task: 'binary', family: 'trees', nMembers: 2 })
const options = { producer: 'Maestro', version: '1.2.3', metadata: { 'maestro.provenance': '{"seed":7}', team: 'ä"b' } }
const bytes = exportPipeline(pipeline, options)

describe('a file tells', () => {
  const read = readOnnxMetadata(bytes)
  test('who wrote it, and all that it was given', () => {
    expect(read).toMatchObject({ producer: 'Maestro', producerVersion: '1.2.3', properties: options.metadata })
    expect(read.properties[metadataKeys.engineVersion]).toBe('1.2.3')
  })
  test('columns, target, classes and threshold', () => {
    const schema = JSON.parse(read.properties[metadataKeys.schema] as string) as OnnxSchema
    expect(schema).toMatchObject({ task: 'binary', target: 'outcome', classes: ['no way', 'ja'], inputs: randomInputs })
    expect(schema.threshold).toBe(pipeline.threshold)
    // A column is called "label", so the output cannot be.
    expect(schema.outputs.map(({ name }) => name)).toEqual(['label_', 'probabilities'])
  })
  test('what its caller says cannot pass for what the export knows', () => {
    const forged = exportPipeline(pipeline, { ...options, metadata: { [metadataKeys.target]: 'another' } })
    expect(readOnnxMetadata(forged).properties[metadataKeys.target]).toBe('outcome')
  })
})

test('the same pipeline gives the same bytes', () => {
  expect(exportPipeline(pipeline, options)).toEqual(bytes)
})

test("another library reads the file: operator sets, one input a column, the columns' own names", () => {
  const model = decodeOnnx('ModelProto', bytes)
  expect(model).toMatchObject({
    ir_version: '10',
    producer_name: 'Maestro',
    opset_import: [{ version: '21' }, { domain: 'ai.onnx.ml', version: '5' }],
  })
  const graph = model.graph as { input: { name: string; type: object }[]; node: { op_type: string }[] }
  expect(graph.input.map(({ name }) => name)).toEqual(randomInputs.map(({ name }) => name))
  expect(graph.input[0]?.type).toEqual({
    tensor_type: { elem_type: 11, shape: { dim: [{ dim_param: 'N' }, { dim_value: '1' }] } },
  })
  const operators = new Set(graph.node.map((node) => node.op_type))
  expect(operators).toContain('TreeEnsemble')
  expect([...operators].filter((operator) => operator.includes('Classifier'))).toEqual([])
})

describe('broken and hostile bytes', () => {
  test('cut files are refused, whole ones are not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length - 1 }), (length) => {
        try {
          readOnnxMetadata(bytes.subarray(0, length))
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError)
        }
      }),
    )
  })
  test('any bytes end in an answer or a ProtobufError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        try {
          expect(readFields(noise).length).toBeLessThanOrEqual(noise.length)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError)
        }
      }),
    )
  })
  test('a field that claims more than there is, and a message of endless fields', () => {
    expect(() => readFields(Uint8Array.of(0x12, 0xff, 0xff, 0xff, 0xff, 0x7f))).toThrow('longer than its message')
    expect(() => readFields(new Uint8Array(2_000).fill(8), 100)).toThrow('more than 100 fields')
    expect(() => readFields(Uint8Array.of(8, ...new Array<number>(11).fill(255)))).toThrow('more than ten bytes')
  })
})
