import { expect, test } from 'vitest'
import { parseRowFilter } from '../../../../../renderer/features/data/row-filter.ts'

test.each([
  ['> 30', { operator: '>', value: 30 }],
  ['<=1e3', { operator: '<=', value: 1000 }],
  ['!= female', { operator: '!=', value: 'female' }],
  ['= 007x', { operator: '=', value: '007x' }],
  ['missing', { operator: 'missing', value: null }],
  [' present ', { operator: 'present', value: null }],
  ['Braund', { operator: 'contains', value: 'Braund' }],
  ['>', { operator: 'contains', value: '>' }],
])('%s', (text, filter) => {
  expect(parseRowFilter('age', text)).toEqual({ column: 'age', ...filter })
})
