import { expect, test } from 'vitest'
import { predictVaried } from '../../../../engine/explain/varied-predictions.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import { alignColumns } from '../../../../engine/pipeline/align-columns.ts'
import { predictPipelineColumns } from '../../../../engine/pipeline/predict-pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'
import { randomFrame, randomPipeline } from '../../../fixtures/random-pipelines.ts'

/** The columns as they are in one alternative, written out. */
function replaced(column: Column, rows: Int32Array, sourceOf: (i: number) => number): Column {
  if (column.storage === 'codes') {
    const codes = Int32Array.from(column.codes)
    for (const [i, row] of rows.entries()) codes[row] = column.codes[sourceOf(i)] as number
    return { ...column, codes }
  }
  const values = Float64Array.from(column.values)
  for (const [i, row] of rows.entries()) values[row] = column.values[sourceOf(i)] as number
  return { ...column, values }
}

test('predictions of replaced columns have the bits of predicting the replaced rows', () => {
  const drawn = fc.record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    task: fc.constantFrom('binary', 'multiclass', 'regression'),
    family: fc.constantFrom('trees', 'forest', 'linear'),
    nMembers: fc.integer({ min: 1, max: 3 }),
    stacked: fc.boolean(),
  })
  fc.assert(
    fc.property(drawn, ({ seed, ...options }) => {
      const random = randomStream(seed)
      const pipeline = randomPipeline(random, options)
      const frame = randomFrame(random, 12, pipeline)
      const columns = alignColumns(pipeline.inputs, frame)
      const rows = Int32Array.of(1, 2, 5, 7, 11)
      const sources = Int32Array.of(9, 3, 0)
      const count = 4
      const last = pipeline.inputs.length - 1
      const variations = [[0], [last], [...new Set([0, last])]].map((inputs) => ({
        inputs,
        columns,
        sources,
        from: Int32Array.from({ length: count * rows.length }, () => Math.floor(random.nextFloat() * 3)),
        count,
      }))
      // The same alternatives for all rows, two of them alike, as along a grid.
      const grid = [0, 1, 2, 1]
      variations.push({
        inputs: pipeline.inputs.map((_, at) => at),
        columns,
        sources,
        from: Int32Array.from({ length: count * rows.length }, (_, at) => grid[Math.floor(at / rows.length)] as number),
        count,
      })
      const predicted = predictVaried(pipeline, columns, rows, variations)
      for (const [v, { inputs, from }] of variations.entries()) {
        for (let a = 0; a < count; a++) {
          const sourceOf = (i: number) => sources[from[a * rows.length + i] as number] as number
          const varied = columns.map((column, at) => (inputs.includes(at) ? replaced(column, rows, sourceOf) : column))
          expect(predicted[v]?.[a]).toEqual(predictPipelineColumns(pipeline, varied, rows))
        }
      }
    }),
    { numRuns: 60 },
  )
})
