import { expect, test } from 'vitest'
import { plainStability } from '../../../../../renderer/features/explain/plain-stability.ts'
import type { Explanation } from '../../../../../shared/domain/explanations.ts'

const explained = (values: number[], more: Partial<Explanation> = {}, stable?: boolean) =>
  ({
    task: 'binary',
    classes: ['no', 'yes'],
    exact: true,
    rows: [{ prediction: 'yes', values: [values], ...(stable === undefined ? {} : { stable }) }],
    ...more,
  }) as unknown as Explanation

const own = explained([4, 3, 2, 1])

test('where all ways agree there is nothing to be warned of', () => {
  expect(plainStability(own, explained([5, 3, 2, 1]), explained([9, 4, 1, 0.5], {}, true)).sure).toBe(true)
})

test('columns that share credit are named, without a method’s name', () => {
  const grouped = explained([1, 2, 3, 4], { grouped: [['deck', 'cabin']] })
  const { sure, text } = plainStability(own, grouped, own)
  expect(sure).toBe(false)
  expect(text).toContain('deck and cabin')
  expect(text).not.toMatch(/shap|owen|lime/i)
})

test('an approximation that does not repeat itself says nothing; one that does warns', () => {
  const other = [1, 2, 3, 4]
  expect(plainStability(own, own, explained(other, {}, false)).sure).toBe(true)
  expect(plainStability(own, own, explained(other, {}, true)).text).toContain('another order')
})

test('estimates are said to be estimates', () => {
  expect(plainStability({ ...own, exact: false }, own, own).text).toContain('estimates')
})
