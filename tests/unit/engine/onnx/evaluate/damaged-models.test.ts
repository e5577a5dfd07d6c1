import { expect, test } from 'vitest'
import { inspectOnnx } from '../../../../../core/models/quarantine/inspect-onnx.ts'
import { emptyCells } from '../../../../../engine/onnx/evaluate/graph-cells.ts'
import { readGraphModel } from '../../../../../engine/onnx/evaluate/graph-model.ts'
import { GraphEvaluationError } from '../../../../../engine/onnx/evaluate/graph-tensor.ts'
import { ForeignInterfaceError, foreignInterface } from '../../../../../engine/onnx/reader/foreign-interface.ts'
import { readOnnx } from '../../../../../engine/onnx/reader/read-onnx.ts'
import { randomStream } from '../../../../../engine/random.ts'
import { damaged } from '../../../../fixtures/damaged-bytes.ts'
import { foreignModel, stumpModel } from '../../../../fixtures/foreign-models.ts'

const pipeline = foreignModel({
  nodes: [
    { operator: 'Sub', inputs: ['x', 'c'], outputs: ['a'] },
    { operator: 'Gather', inputs: ['a', 'i'], outputs: ['b'], attributes: { axis: { integer: 1 } } },
    { operator: 'Concat', inputs: ['a', 'b'], outputs: ['d'], attributes: { axis: { integer: 1 } } },
    { operator: 'Gemm', inputs: ['d', 'w'], outputs: ['e'] },
    { operator: 'Softmax', inputs: ['e'], outputs: ['y'] },
  ],
  constants: [
    ['c', { type: 'float', shape: [2], values: [1, 2] }],
    ['i', { type: 'int64', shape: [1], values: [1] }],
    ['w', { type: 'float', shape: [3, 2], values: [1, 2, 3, 4, 5, 6] }],
  ],
})

test.each([
  ['a part of an element', 'Reshape', { shape: [2 ** 60, -1] }],
  ['fewer than none', 'Reshape', { shape: [-2, -5] }],
])('a shape of %s is refused', (_what, operator, { shape }) => {
  const bytes = foreignModel({
    nodes: [
      { operator, inputs: ['x', 'shape'], outputs: ['a'] },
      { operator: 'Concat', inputs: ['a', 'a'], outputs: ['y'], attributes: { axis: { integer: 1 } } },
    ],
    constants: [['shape', { type: 'int64', shape: [2], values: shape }]],
  })
  const model = readOnnx(bytes)
  const plan = foreignInterface(model)
  const { predict } = readGraphModel(model, plan)
  expect(() => predict(emptyCells(plan, 5))).toThrow(GraphEvaluationError)
})

test('tensors that do not fit together are not joined', () => {
  const bytes = foreignModel({
    nodes: [
      { operator: 'Transpose', inputs: ['x'], outputs: ['turned'], attributes: { perm: { integers: [1, 0] } } },
      { operator: 'Concat', inputs: ['x', 'turned'], outputs: ['y'], attributes: { axis: { integer: 1 } } },
    ],
  })
  const model = readOnnx(bytes)
  const plan = foreignInterface(model)
  const { predict } = readGraphModel(model, plan)
  expect(() => predict(emptyCells(plan, 5))).toThrow(/do not fit together/)
})

test('what passes the static check is evaluated or refused, whatever was damaged', () => {
  const random = randomStream(8, 15)
  const outcomes = { evaluated: 0, refused: 0 }
  for (let at = 0; at < 3_000; at++) {
    const { model } = inspectOnnx(damaged(at % 2 === 0 ? pipeline : stumpModel(), random), null)
    if (model === null) continue
    try {
      const plan = foreignInterface(model)
      const { predict } = readGraphModel(model, plan)
      expect(predict(emptyCells(plan, 5)).values.length).toBeGreaterThan(0)
      outcomes.evaluated++
    } catch (error) {
      // Anything else would be a defect: these two say why.
      if (!(error instanceof GraphEvaluationError || error instanceof ForeignInterfaceError)) throw error
      outcomes.refused++
    }
  }
  expect(outcomes.evaluated).toBeGreaterThan(100)
  expect(outcomes.refused).toBeGreaterThan(20)
})
