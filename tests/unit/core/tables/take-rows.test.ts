import { expect, test } from 'vitest'
import { takeRows } from '../../../../core/tables/take-rows.ts'

test('takes rows and columns in the order given, missing values too, and passes over what is not there', () => {
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
  const taken = takeRows(frame, Int32Array.of(2, 1), ['sex', 'nobody', 'age'])
  expect(taken.nRows).toBe(2)
  expect(taken.columns.map(({ name }) => name)).toEqual(['sex', 'age'])
  expect(taken.columns[0]).toMatchObject({ codes: Int32Array.of(1, -1), levels: ['f', 'm'] })
  expect(taken.columns[1]).toMatchObject({ values: Float64Array.of(3, Number.NaN) })
})
