import { expect, test } from 'vitest'
import { frameBatch } from '../../../../core/models/frame-batches.ts'

test('takes rows in the order given, missing values too, and of texts only those that occur', () => {
  const frame = {
    nRows: 3,
    columns: [
      { storage: 'float64' as const, name: 'age', type: 'number' as const, values: Float64Array.of(1, Number.NaN, 3) },
      {
        storage: 'codes' as const,
        name: 'sex',
        type: 'category' as const,
        codes: Int32Array.of(0, -1, 1),
        levels: ['f', 'm'],
      },
    ],
  }
  const taken = frameBatch(frame, 0, 2, Int32Array.of(2, 1))
  expect(taken.nRows).toBe(2)
  expect(taken.columns.map(({ name }) => name)).toEqual(['age', 'sex'])
  expect(taken.columns[0]).toMatchObject({ values: Float64Array.of(3, Number.NaN) })
  expect(taken.columns[1]).toMatchObject({ codes: Int32Array.of(0, -1), levels: ['m'] })
})
