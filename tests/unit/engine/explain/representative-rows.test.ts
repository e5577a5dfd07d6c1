import { expect, test } from 'vitest'
import { representativeRows } from '../../../../engine/explain/representative-rows.ts'
import { allRows, linearModel, numericColumns, numericPipeline } from '../../../fixtures/numeric-pipeline.ts'

test('they are the middles of equal parts by what is predicted, so their mean is near that of all', () => {
  // Predicted 0, 7, 14 … modulo 100: every number once, in no order.
  const columns = numericColumns(Array.from({ length: 100 }, (_, i) => [(7 * i) % 100]))
  const pipeline = numericPipeline(linearModel([1]))
  const rows = representativeRows(pipeline, columns, allRows(100), 5)
  const values = Array.from(rows, (row) => (7 * row) % 100).sort((a, b) => a - b)
  expect(values).toEqual([10, 30, 50, 70, 90])
  expect(Array.from(rows)).toEqual(Array.from(rows).sort((a, b) => a - b))
})

test('where there are no more than asked for, all are taken', () => {
  const columns = numericColumns([[3], [1], [2]])
  expect(Array.from(representativeRows(numericPipeline(linearModel([1])), columns, allRows(3), 5))).toEqual([0, 1, 2])
})
