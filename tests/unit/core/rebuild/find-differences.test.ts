import { describe, expect, test } from 'vitest'
import { compareFiles, comparePipelines, comparePredictions } from '../../../../core/rebuild/find-differences.ts'
import { exportPipeline } from '../../../../engine/onnx/export-pipeline.ts'
import type { Pipeline } from '../../../../engine/pipeline/pipeline.ts'
import { linearModel, numericPipeline } from '../../../fixtures/numeric-pipeline.ts'

const pipeline = numericPipeline(linearModel([1, -0, 3], 0.5))
const other = numericPipeline(linearModel([1, 0, 3.25], 0.5))
const options = { producer: 'Maestro', version: '1.2.3', metadata: { 'maestro.provenance': '{"seed":7}' } }
const file = (of: Pipeline, changes: Partial<typeof options> = {}) => exportPipeline(of, { ...options, ...changes })

describe('the differences between', () => {
  test('equal pipelines and files are none', () => {
    expect(comparePipelines(pipeline, numericPipeline(linearModel([1, -0, 3], 0.5)))).toEqual([])
    expect(compareFiles(file(pipeline), file(pipeline))).toEqual([])
  })

  test('two models name the array, how much of it differs and the first number; negative zeros count', () => {
    expect(comparePipelines(pipeline, other)).toEqual([
      {
        what: 'pipeline.members.0.model.weights',
        recorded: '2 of 3 numbers differ; number 1 is -0',
        rebuilt: '2 of 3 numbers differ; number 1 is 0',
      },
    ])
  })

  test('a longer and a shorter model are their lengths; a key that one lacks is not there', () => {
    const short = { ...numericPipeline(linearModel([1, 2], 0.5)), extra: 'x' }
    const found = comparePipelines(pipeline, short)
    expect(found).toContainEqual({
      what: 'pipeline.members.0.model.weights',
      recorded: '3 numbers',
      rebuilt: '2 numbers',
    })
    expect(found).toContainEqual({ what: 'pipeline.extra', recorded: 'not there', rebuilt: 'x' })
  })

  test('more than forty are cut', () => {
    const many = (value: number) => ({ ...pipeline, more: Array.from({ length: 100 }, (_, at) => at + value) })
    expect(comparePipelines(many(0), many(0.5))).toHaveLength(40)
  })

  test('files are metadata, operators, size and the first byte', () => {
    const metadata = { 'maestro.provenance': '{"seed":8}' }
    const found = compareFiles(file(pipeline), file(pipeline, { metadata }))
    expect(found.map(({ what }) => what)).toEqual(['metadata maestro.provenance', 'file bytes'])
    expect(found[0]).toMatchObject({ recorded: '{"seed":7}', rebuilt: '{"seed":8}' })
    const grown = compareFiles(file(pipeline), file(numericPipeline(linearModel([1, 2], 0.5), 'binary')))
    expect(grown.map(({ what }) => what)).toEqual(expect.arrayContaining(['file size', 'metadata maestro.schema']))
    expect(grown.some(({ what }) => what.startsWith('graph '))).toBe(true)
  })

  test('predictions are the largest on the rows', () => {
    const values = [0, 4, 8]
    const frame = {
      nRows: 3,
      columns: [0, 1, 2].map((at) => ({
        name: `f${at}`,
        type: 'number' as const,
        storage: 'float64' as const,
        values: Float64Array.from(values),
      })),
    }
    expect(comparePredictions(pipeline, other, frame)).toEqual({
      what: 'predictions',
      recorded: 'of 3 rows',
      rebuilt: 'the largest difference is 2',
    })
    expect(comparePredictions(pipeline, pipeline, frame).rebuilt).toBe('the same')
  })
})
