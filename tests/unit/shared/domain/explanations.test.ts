import { expect, it } from 'vitest'
import { describeUnanswered, isCurved } from '../../../../shared/domain/explanations.ts'

it('names the rows that were left out, the first ten of many', () => {
  expect(describeUnanswered({})).toBe('')
  expect(describeUnanswered({ unanswered: [4] })).toBe('left out: row 4, for which the model gives no number')
  expect(describeUnanswered({ unanswered: [4, 7] })).toContain('rows 4, 7, for')
  const many = Array.from({ length: 13 }, (_, row) => row)
  expect(describeUnanswered({ unanswered: many })).toContain('rows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 3 others, for')
})

it('tells a number made of the score from the score itself, and from a label', () => {
  expect(isCurved(100, 100.001)).toBe(false)
  expect(isCurved(100, Math.log(100))).toBe(true)
  expect(isCurved('yes', 1)).toBe(false)
})
