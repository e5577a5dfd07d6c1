import { expect, test } from 'vitest'
import { createRecentCache } from '../../../../core/tables/recent-cache.ts'

test('what was used longest ago goes first, and the memory is bounded', () => {
  const cache = createRecentCache(10)
  let made = 0
  const take = (key: string, bytes: number) =>
    cache.take(key, () => {
      made += 1
      return { value: key, bytes }
    })
  take('a', 4)
  take('b', 4)
  take('a', 4)
  expect(made).toBe(2)
  take('c', 4)
  expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([true, false, true])
})

test('what is larger than the cache is kept alone, since it was just asked for', () => {
  const cache = createRecentCache(10)
  cache.take('small', () => ({ value: 1, bytes: 1 }))
  expect(cache.take('large', () => ({ value: 2, bytes: 100 }))).toBe(2)
  expect(cache.has('small')).toBe(false)
  expect(cache.has('large')).toBe(true)
})
