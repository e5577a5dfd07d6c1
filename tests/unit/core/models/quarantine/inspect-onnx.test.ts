import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectOnnx } from '../../../../../core/models/quarantine/inspect-onnx.ts'
import {
  encodeMessage,
  integerField,
  message,
  messageField,
  textField,
} from '../../../../../engine/onnx/protobuf-writer.ts'
import { readOnnx } from '../../../../../engine/onnx/reader/read-onnx.ts'
import { tensorNumbers } from '../../../../../engine/onnx/reader/tensor-values.ts'
import type { ModelParts } from '../../../../fixtures/foreign-models.ts'
import { foreignModel, negatingModel, stumpModel } from '../../../../fixtures/foreign-models.ts'

const codes = (bytes: Uint8Array, folder: string | null = null) =>
  inspectOnnx(bytes, folder)
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code)

const neg: ModelParts['nodes'] = [{ operator: 'Neg', inputs: ['x'], outputs: ['y'] }]
const ml = 'ai.onnx.ml'

describe('files that are sound', () => {
  it('are let through with what they say of themselves', () => {
    const { findings, graph, bytes } = inspectOnnx(stumpModel(), null)
    expect(findings).toEqual([])
    expect(bytes).not.toBeNull()
    expect(graph).toMatchObject({
      producer: 'elsewhere 1',
      ops: [{ domain: ml, operator: 'TreeEnsembleRegressor', count: 1 }],
      inputs: [{ name: 'x', type: 'tensor(float)', shape: ['n', 2] }],
      nodes: 1,
    })
  })

  it('may have nodes in another order, with a warning', () => {
    const parts = foreignModel({
      nodes: [
        { operator: 'Neg', inputs: ['a'], outputs: ['y'] },
        { operator: 'Neg', inputs: ['x'], outputs: ['a'] },
      ],
    })
    expect(inspectOnnx(parts, null).findings.map(({ severity }) => severity)).toEqual(['warning'])
  })

  it('may share children between nodes, as categories are exported', () => {
    const shared = {
      nodes_treeids: { integers: [0, 0, 0, 0] },
      nodes_nodeids: { integers: [0, 1, 2, 3] },
      nodes_featureids: { integers: [0, 0, 0, 0] },
      nodes_values_as_tensor: { tensor: { type: 'float' as const, shape: [4], values: [1, 2, 0, 0] } },
      nodes_modes: { texts: ['BRANCH_EQ', 'BRANCH_EQ', 'LEAF', 'LEAF'] },
      nodes_truenodeids: { integers: [2, 2, 0, 0] },
      nodes_falsenodeids: { integers: [1, 3, 0, 0] },
      target_nodeids: { integers: [2, 3] },
    }
    expect(codes(stumpModel(shared))).toEqual([])
  })
})

describe('files that are no models', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['a zip archive', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)],
    ['a pickle', Uint8Array.of(0x80, 4, 0x95, 0)],
    ['a web page', new TextEncoder().encode('<!DOCTYPE html><title>404</title>')],
    ['a Git LFS pointer', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:0')],
  ])('%s', (_, bytes) => expect(codes(bytes)).toEqual(['NOT_ONNX']))

  it.each([
    ['cut off', negatingModel.subarray(0, 40)],
    ['a number without an end', new Uint8Array(64).fill(255)],
    ['wire type 7', Uint8Array.of(0x0f, 1)],
    ['field number 0', Uint8Array.of(0, 1)],
    ['two graphs', Uint8Array.of(...negatingModel, ...encodeMessage(messageField(7, message())))],
  ])('%s', (_, bytes) => expect(codes(bytes)).toEqual(['MALFORMED']))

  it('graphs too deep in each other, in little time', () => {
    let graph = message(textField(2, 'innermost'))
    for (let depth = 0; depth < 500; depth++) {
      graph = message(messageField(1, message(messageField(5, message(textField(1, 'body'), messageField(6, graph))))))
    }
    const bytes = encodeMessage(message(integerField(1, 8), messageField(7, graph)))
    const start = performance.now()
    expect(codes(bytes)).toEqual(['MALFORMED'])
    expect(performance.now() - start).toBeLessThan(500)
  })
})

describe('graphs that do not hold together', () => {
  const cases: readonly (readonly [what: string, code: string, parts: ModelParts])[] = [
    [
      'an operator of others',
      'OPERATOR',
      { nodes: [{ operator: 'Run', domain: 'com.evil', inputs: ['x'], outputs: ['y'] }] },
    ],
    [
      'an operator that does not exist',
      'OPERATOR',
      { nodes: [{ operator: 'Frobnicate', inputs: ['x'], outputs: ['y'] }] },
    ],
    ['an operator set of the future', 'VERSION', { nodes: neg, operatorSets: [{ domain: '', version: 9_999 }] }],
    [
      'one operator set in two versions',
      'VERSION',
      {
        nodes: neg,
        operatorSets: [
          { domain: '', version: 9 },
          { domain: '', version: 17 },
        ],
      },
    ],
    ['a format of the future', 'VERSION', { nodes: neg, irVersion: 9_999 }],
    ['a value that nobody writes', 'GRAPH', { nodes: [{ operator: 'Add', inputs: ['x', 'w'], outputs: ['y'] }] }],
    [
      'a circle',
      'GRAPH',
      {
        nodes: [
          { operator: 'Neg', inputs: ['y'], outputs: ['a'] },
          { operator: 'Neg', inputs: ['a'], outputs: ['y'] },
        ],
      },
    ],
    ['a value that two nodes write', 'GRAPH', { nodes: [...neg, ...neg] }],
    ['no outputs', 'GRAPH', { nodes: neg, outputs: [] }],
    ['an output of another type', 'TYPE', { nodes: neg, outputs: [['y', 'int64', ['n', 2]]] }],
    [
      'texts where numbers belong',
      'TYPE',
      { nodes: neg, inputs: [['x', 'string', ['n', 2]]], outputs: [['y', 'string', ['n', 2]]] },
    ],
    ['too many inputs', 'OPERATOR', { nodes: [{ operator: 'Neg', inputs: ['x', 'x'], outputs: ['y'] }] }],
    ['a missing attribute', 'OPERATOR', { nodes: [{ operator: 'Cast', inputs: ['x'], outputs: ['y'] }] }],
    [
      'an attribute of the wrong kind',
      'OPERATOR',
      { nodes: [{ operator: 'Softmax', inputs: ['x'], outputs: ['y'], attributes: { axis: { text: '1' } } }] },
    ],
    [
      'a value made large out of nothing',
      'RESOURCES',
      {
        nodes: [{ operator: 'ConstantOfShape', inputs: ['shape'], outputs: ['y'] }],
        constants: [['shape', { type: 'int64', shape: [2], values: [28_000, 28_000] }]],
      },
    ],
    [
      'a constant without its numbers',
      'TENSOR',
      {
        nodes: [{ operator: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
        rawConstants: [message(integerField(1, 1e9), integerField(1, 4), integerField(2, 1), textField(8, 'w'))],
      },
    ],
    [
      'a scaler with too few numbers',
      'PARAMETERS',
      {
        nodes: [
          {
            operator: 'LinearRegressor',
            domain: ml,
            inputs: ['x'],
            outputs: ['y'],
            attributes: { coefficients: { tensor: { type: 'float', shape: [3], values: [1, 2, 3] } } },
          },
        ],
      },
    ],
  ]
  it.each(cases)('%s', (_, code, parts) => expect(codes(foreignModel(parts))).toContain(code))
})

describe('trees that would lead a runtime astray', () => {
  it.each([
    ['back to the root', { nodes_truenodeids: { integers: [0, 0, 0] } }],
    ['to a node that is not there', { nodes_falsenodeids: { integers: [999, 0, 0] } }],
    ['lists of other lengths', { nodes_modes: { texts: ['BRANCH_LEQ', 'LEAF'] } }],
    ['behind the end of the row', { nodes_featureids: { integers: [1_000_000, 0, 0] } }],
    ['behind the end of the scores', { target_ids: { integers: [0, 1_000_000] } }],
    ['two billion outputs', { n_targets: { integer: 2_000_000_000 } }],
    ['an unknown comparison', { nodes_modes: { texts: ['BRANCH_MAYBE', 'LEAF', 'LEAF'] } }],
    ['one number twice', { nodes_nodeids: { integers: [0, 1, 1] } }],
  ])('%s', (_, changes) => expect(codes(stumpModel(changes))).toEqual(['TREES']))

  it('whose ways cannot be counted', () => {
    const count = 40
    const integers = (value: (at: number) => number) => ({
      integers: Array.from({ length: count }, (_, at) => value(at)),
    })
    const ladder = {
      nodes_treeids: integers(() => 0),
      nodes_nodeids: integers((at) => at),
      nodes_featureids: integers(() => 0),
      nodes_values_as_tensor: { tensor: { type: 'float' as const, shape: [count], values: new Float32Array(count) } },
      nodes_modes: { texts: Array.from({ length: count }, (_, at) => (at < count - 1 ? 'BRANCH_LEQ' : 'LEAF')) },
      nodes_truenodeids: integers((at) => at + 1),
      nodes_falsenodeids: integers((at) => at + 1),
      target_treeids: { integers: [0] },
      target_nodeids: { integers: [count - 1] },
      target_ids: { integers: [0] },
      target_weights_as_tensor: { tensor: { type: 'float' as const, shape: [1], values: [1] } },
    }
    expect(codes(stumpModel(ladder))).toEqual(['TREES'])
  })
})

describe('data in other files', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'maestro-external-'))
    const numbers = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)
    writeFileSync(join(folder, 'good.bin'), numbers)
    writeFileSync(join(folder, 'other.bin'), numbers)
    symlinkSync(join(folder, 'other.bin'), join(folder, 'symbolic.bin'))
    writeFileSync(join(folder, 'linked.bin'), numbers)
    linkSync(join(folder, 'linked.bin'), join(folder, 'hard.bin'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const entry = (key: string, value: string) => messageField(13, message(textField(1, key), textField(2, value)))
  const model = (location: string, more: Readonly<Record<string, string>> = {}) =>
    foreignModel({
      nodes: [{ operator: 'Identity', inputs: ['w'], outputs: ['y'] }],
      outputs: [['y', 'float', [4]]],
      rawConstants: [
        message(
          integerField(1, 4),
          integerField(2, 1),
          textField(8, 'w'),
          entry('location', location),
          ...Object.entries(more).map(([key, value]) => entry(key, value)),
          integerField(14, 1),
        ),
      ],
    })

  it('become part of the model', () => {
    const { bytes } = inspectOnnx(model('good.bin'), folder)
    const [tensor] = readOnnx(bytes as Uint8Array).graph?.initializers ?? []
    expect(tensor?.external).toBeNull()
    expect(tensorNumbers(tensor as NonNullable<typeof tensor>)).toEqual([1, 2, 3, 4])
  })

  it.each([
    ['a folder above', '../good.bin', {}],
    ['an absolute path', '/etc/passwd', {}],
    ['backslashes', '..\\good.bin', {}],
    ['an address', 'file:///etc/passwd', {}],
    ['no name', '', {}],
    ['a file that is not there', 'missing.bin', {}],
    ['a symbolic link', 'symbolic.bin', {}],
    ['a hard link', 'hard.bin', {}],
    ['more than the file has', 'good.bin', { offset: '8' }],
    ['a negative offset', 'good.bin', { offset: '-8' }],
    ['another length than the shape', 'good.bin', { length: '8' }],
  ])('are refused from %s', (_, location, more) => {
    const { bytes, findings } = inspectOnnx(model(location, more), folder)
    expect(bytes).toBeNull()
    expect(findings.map(({ code }) => code)).toEqual(['EXTERNAL_DATA'])
    expect(findings[0]?.message).not.toContain(folder)
  })
})

describe('functions and attributes of the file', () => {
  /** FunctionProto of one node, behind the model's other fields. */
  const functionOf = (name: string, domain: string, operator: string, operatorDomain: string) =>
    encodeMessage(
      messageField(
        25,
        message(
          textField(1, name),
          textField(4, 'a'),
          textField(5, 'b'),
          messageField(
            7,
            message(textField(1, 'a'), textField(2, 'b'), textField(4, operator), textField(7, operatorDomain)),
          ),
          messageField(9, message(textField(1, ''), integerField(2, 17))),
          messageField(9, message(textField(1, 'own'), integerField(2, 1))),
          textField(10, domain),
        ),
      ),
    )
  const calling = (operator: string, domain: string) =>
    foreignModel({
      nodes: [{ operator, domain, inputs: ['x'], outputs: ['y'] }],
      operatorSets: [
        { domain: '', version: 17 },
        { domain: 'own', version: 1 },
      ],
    })

  it('are refused where calls lie in calls by the thousand', () => {
    const chain = Array.from({ length: 5_000 }, (_, at) => functionOf(`f${at}`, 'own', `f${at + 1}`, 'own'))
    const last = functionOf('f5000', 'own', 'Neg', '')
    expect(codes(Buffer.concat([calling('f0', 'own'), ...chain, last]))).toEqual(['RESOURCES'])
    expect(codes(Buffer.concat([calling('f4990', 'own'), ...chain.slice(4_990), last]))).toEqual([])
  })

  it('are refused where a function takes the name of a standard operator', () => {
    expect(codes(Buffer.concat([calling('Neg', ''), functionOf('Neg', '', 'Abs', '')]))).toContain('GRAPH')
  })

  it('are refused where a sparse tensor stands, whose data a runtime would look for elsewhere', () => {
    const attribute = message(textField(1, 'sparse_value'), messageField(22, message()), integerField(20, 11))
    const node = message(textField(2, 'k'), textField(4, 'Constant'), messageField(5, attribute))
    // Graphs given twice are refused, so the whole file is written here.
    const bytes = encodeMessage(message(integerField(1, 8), messageField(7, message(messageField(1, node)))))
    expect(codes(bytes)).toEqual(['MALFORMED'])
    expect(inspectOnnx(bytes, null).findings[0]?.message).toContain('sparse')
  })
})

it('names out of the file become text without power', () => {
  const { findings } = inspectOnnx(
    foreignModel({ nodes: [{ operator: 'Add', inputs: ['x', 'w\u001b[31m\n\u202e'], outputs: ['y'] }] }),
    null,
  )
  expect(findings[0]?.message).toBe('Add reads w�[31m��, which nobody writes.')
})
