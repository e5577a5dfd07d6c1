import { expect, test } from 'vitest'
import { bytes, number, oneLine, seconds, table, toJson } from '../../../cli/format.ts'

test('JSON has full precision, and texts for what JSON cannot say', () => {
  expect(toJson({ a: 0.1 + 0.2, b: [Number.NaN, Infinity, -Infinity], c: null })).toBe(
    '{"a":0.30000000000000004,"b":["NaN","Infinity","-Infinity"],"c":null}',
  )
})

test('a table has texts to the left, numbers to the right, and no trailing blanks', () => {
  const lines = table(
    ['name', 'rows'],
    [
      ['a', 1],
      ['long name', 1000],
    ],
  ).split('\n')
  expect(lines).toEqual(['name       rows', 'a             1', 'long name  1000'])
  expect(table(['name'], [])).toBe('')
})

test('control characters of a file cannot reach the terminal', () => {
  expect(oneLine('a\u001b[31mred\u0007\r\nb\u009bc')).toBe('a [31mred b c')
  expect(table(['x'], [['\u001b]0;title\u0007']])).not.toContain('\u001b')
})

test.each([
  [0, '0'],
  [123456789, '123456789'],
  [0.1 + 0.2, '0.3'],
  [1 / 3, '0.333333'],
  [Number.NaN, 'NaN'],
])('%d is written %s', (value, text) => expect(number(value)).toBe(text))

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1500, '1.5 kB'],
  [2_500_000_000, '2.5 GB'],
])('%d bytes are %s', (count, text) => expect(bytes(count)).toBe(text))

test.each([
  [0.04, '0.0 s'],
  [12.4, '12 s'],
  [59.6, '60 s'],
  [119.9, '2 min 0 s'],
  [3_725, '1 h 2 min'],
])('%d seconds are %s', (value, text) => expect(seconds(value)).toBe(text))
