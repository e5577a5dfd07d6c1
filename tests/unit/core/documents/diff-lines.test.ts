import { expect, test } from 'vitest'
import { diffLines } from '../../../../core/documents/diff-lines.ts'
import { fc } from '../../../fixtures/properties.ts'

const signs = { same: ' ', removed: '-', added: '+' } as const
const drawn = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${signs[kind]}${text}`)

test('says what stays, what goes and what comes', () => {
  expect(drawn('a\nb\nc\nd', 'a\nx\nc\nd\ne')).toEqual([' a', '-b', '+x', ' c', ' d', '+e'])
  expect(drawn('', 'a')).toEqual(['+a'])
  expect(drawn('a', '')).toEqual(['-a'])
  expect(drawn('', '')).toEqual([])
})

/** Length of the longest common subsequence, by trying everything. */
function longest(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a
  if (first === undefined) return 0
  const at = b.indexOf(first)
  return Math.max(longest(rest, b), at < 0 ? 0 : 1 + longest(rest, b.slice(at + 1)))
}

test('either text can be read from it, and no more could stay', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 7 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      const lines = diffLines(a.join('\n'), b.join('\n'))
      const keep = (out: string) => lines.filter(({ kind }) => kind !== out).map((line) => line.text)
      expect(keep('added')).toEqual(a)
      expect(keep('removed')).toEqual(b)
      expect(lines.filter(({ kind }) => kind === 'same')).toHaveLength(longest(a, b))
    }),
    { seed: 5, numRuns: 300 },
  )
})

test('very long texts end', () => {
  const long = (word: string) => Array.from({ length: 20_000 }, (_, at) => `${word} ${at}`).join('\n')
  expect(diffLines(long('a'), long('b'))).toHaveLength(40_000)
})
