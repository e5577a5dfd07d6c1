import { describe, expect, test } from 'vitest'
import { daysOf, readIsoTime, readNumber } from '../../../../../core/tables/delimited/cell-values.ts'
import { fc } from '../../../../fixtures/properties.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const number = (text: string) => readNumber(bytes(text), 0, bytes(text).length)
const time = (text: string) => readIsoTime(bytes(text), 0, bytes(text).length)

describe('numbers', () => {
  test.each([
    ['1e3', 1000],
    ['-0.5', -0.5],
    ['inf', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['NA', Number.NaN],
    ['', Number.NaN],
    ['?', Number.NaN],
    ['9007199254740991', 9007199254740991],
  ])('%s', (text, value) => expect(number(text)).toBe(value))
  test.each([['007'], ['-01'], ['9007199254740993'], ['1,5'], ['1_000'], ['0x1F'], ['abc'], ['1 2'], ['é']])(
    '%s is a text',
    (text) => expect(number(text)).toBeUndefined(),
  )
})

describe('ISO dates and times', () => {
  test('are those of Date', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(time(date.toISOString())).toBeCloseTo(date.getTime() / 1000, 3)
          const day = date.toISOString().slice(0, 10)
          expect(time(day)).toBe(Date.parse(day) / 1000)
        },
      ),
    )
  })
  test('with offsets, and without as UTC', () => {
    const noon = Date.parse('2024-02-29T12:00:00Z') / 1000
    for (const text of [
      '2024-02-29 12:00',
      '2024-02-29T12:00:00',
      '2024-02-29T14:00:00+02',
      '2024-02-29T14:00+0200',
      '2024-02-29T06:30:00.000-05:30',
    ])
      expect(time(text)).toBe(noon)
  })
  test.each([['2023-02-29'], ['2024-00-01'], ['2024-1-01'], ['2024-01-01T25:00'], ['2024-01-01x'], ['20240101']])(
    '%s is none',
    (text) => expect(time(text)).toBeUndefined(),
  )
})

test('there is no 29 February in 1900, and there is in 2000', () => {
  expect(daysOf(1900, 2, 29)).toBeUndefined()
  expect(daysOf(2000, 2, 29)).toBe(Date.UTC(2000, 1, 29) / 86_400_000)
})
