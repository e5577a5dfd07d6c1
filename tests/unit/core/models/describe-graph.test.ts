import { describe, expect, test } from 'vitest'
import { describeGraph } from '../../../../core/models/describe-graph.ts'
import { valueShapes } from '../../../../engine/onnx/evaluate/value-shapes.ts'
import { foreignInterface } from '../../../../engine/onnx/reader/foreign-interface.ts'
import { readOnnx } from '../../../../engine/onnx/reader/read-onnx.ts'
import { foreignModel } from '../../../fixtures/foreign-models.ts'

const scaled = readOnnx(
  foreignModel({
    nodes: [
      { operator: 'Sub', inputs: ['x', 'c'], outputs: ['scaled'] },
      { operator: 'MatMul', inputs: ['scaled', 'w'], outputs: ['score'] },
      { operator: 'Sigmoid', inputs: ['score'], outputs: ['y'] },
    ],
    constants: [
      ['c', { type: 'float', shape: [1], values: [1] }],
      ['w', { type: 'float', shape: [2, 1], values: [3, -2] }],
    ],
    outputs: [['y', 'float', ['n', 1]]],
  }),
)

describe('a graph to look at', () => {
  const graph = describeGraph(scaled, '', valueShapes(scaled, foreignInterface(scaled)))

  test('has layers, and shapes of values that the file does not describe', () => {
    expect(graph.nodes.map(({ operator, layer }) => [operator, layer])).toEqual([
      ['Sub', 0],
      ['MatMul', 1],
      ['Sigmoid', 2],
    ])
    expect(graph.nodes[1]?.inputs).toEqual([
      { name: 'scaled', type: null, shape: ['rows', 2], constant: false },
      { name: 'w', type: 'tensor(float)', shape: [2, 1], constant: true },
    ])
    expect(graph.nodes[1]?.outputs[0]?.shape).toEqual(['rows', 1])
    expect(graph.constants).toEqual({ count: 2, elements: 3 })
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x'])
  })

  test('spells attributes, long ones shortened', () => {
    const long = readOnnx(
      foreignModel({
        nodes: [
          {
            operator: 'OneHotEncoder',
            domain: 'ai.onnx.ml',
            inputs: ['x'],
            outputs: ['y'],
            attributes: {
              zeros: { integer: 0 },
              cats_int64s: { integers: Array.from({ length: 2_000 }, (_, at) => at) },
            },
          },
        ],
      }),
    )
    expect(describeGraph(long).nodes[0]?.attributes).toEqual([
      { name: 'zeros', kind: 'whole number', text: '0' },
      { name: 'cats_int64s', kind: 'whole numbers', text: '0, 1, 2, 3, 4, 5, 6, 7, … (2,000 in all)' },
    ])
  })

  test('is searched by operator, name and value', () => {
    expect(describeGraph(scaled, 'SIGMOID')).toMatchObject({
      found: 1,
      total: 3,
      nodes: [{ operator: 'Sigmoid', id: 2 }],
    })
    expect(describeGraph(scaled, 'score').nodes.map(({ operator }) => operator)).toEqual(['MatMul', 'Sigmoid'])
    expect(describeGraph(scaled, 'no such thing').nodes).toEqual([])
  })

  test('lists at most 2,000 nodes and says how many there are', () => {
    const names = Array.from({ length: 2_500 }, (_, at) => `v${at}`)
    const chain = readOnnx(
      foreignModel({
        nodes: names.map((name, at) => ({ operator: 'Neg', inputs: [at === 0 ? 'x' : `v${at - 1}`], outputs: [name] })),
        outputs: [['v2499', 'float', ['n', 2]]],
      }),
    )
    const described = describeGraph(chain)
    expect([described.nodes.length, described.total, described.found]).toEqual([2_000, 2_500, 2_500])
    expect(described.nodes[1_999]?.layer).toBe(1_999)
  })
})
