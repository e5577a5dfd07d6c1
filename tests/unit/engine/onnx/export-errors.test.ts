import { expect, test } from 'vitest'
import { exportPipeline } from '../../../../engine/onnx/export-pipeline.ts'
import type { Pipeline } from '../../../../engine/pipeline/pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomPipeline } from '../../../fixtures/random-pipelines.ts'

const pipeline = randomPipeline(randomStream(1), { task: 'regression', family: 'linear', nMembers: 1 })
const [member] = pipeline.members
const [firstInput] = pipeline.inputs
const tryExport = (changed: Partial<Pipeline>) => () =>
  exportPipeline({ ...pipeline, ...changed }, { producer: 'Maestro', version: '0', metadata: {} })

test('what the format cannot hold is refused in words', () => {
  expect(tryExport({ members: [] })).toThrow('without members')
  expect(tryExport({ members: [{ ...member, encoders: [] }] as never })).toThrow('without features')
  expect(tryExport({ inputs: [firstInput, firstInput] as never })).toThrow('same name')
  expect(tryExport({ inputs: [{ name: '', type: 'number' }] })).toThrow('without a name')
  expect(tryExport({ inputs: pipeline.inputs.slice(0, 1) })).toThrow('which the pipeline lacks')
})

test('an encoder of texts over a column of numbers is refused, and the other way round', () => {
  const asText = pipeline.inputs.map((input) => ({ ...input, type: 'category' as const }))
  const asNumbers = pipeline.inputs.map(({ name }) => ({ name, type: 'number' as const }))
  expect(tryExport({ inputs: asText })).toThrow('holds texts, but its encoder takes numbers')
  expect(tryExport({ inputs: asNumbers })).toThrow('holds numbers, but its encoder takes texts')
})
