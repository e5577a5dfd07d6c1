import { describe, expect, test } from 'vitest'
import { findDateForm } from '../../../../core/tables/date-forms.ts'

const read = (...texts: string[]) => {
  const form = findDateForm(texts)
  return form && texts.map((text) => new Date((form.read(text) ?? Number.NaN) * 1000).toISOString())
}

describe('ways to write dates', () => {
  test.each([
    ['31/12/2024', '2024-12-31T00:00:00.000Z'],
    ['12/31/2024', '2024-12-31T00:00:00.000Z'],
    ['31.12.24', '2024-12-31T00:00:00.000Z'],
    ['31-12-99', '1999-12-31T00:00:00.000Z'],
    ['2024/2/29', '2024-02-29T00:00:00.000Z'],
    ['5 Mar 2024', '2024-03-05T00:00:00.000Z'],
    ['05-Mar-24', '2024-03-05T00:00:00.000Z'],
    ['March 5, 2024', '2024-03-05T00:00:00.000Z'],
    ['31/12/2024 23:59', '2024-12-31T23:59:00.000Z'],
    ['12/31/2024 11:59:30 PM', '2024-12-31T23:59:30.000Z'],
    ['2024-12-31T10:00:00.25+02:00', '2024-12-31T08:00:00.250Z'],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual([expected])
  })

  test.each([['31/02/2024'], ['2024-13-01'], ['13/13/2024'], ['1.2.3'], ['12:30'], ['May'], ['10/10']])(
    '%s is none',
    (text) => {
      expect(read(text)).toBeNull()
    },
  )

  test('one day above 12 settles the order for all', () => {
    expect(read('01/02/2024', '13/02/2024')?.[0]).toBe('2024-02-01T00:00:00.000Z')
    expect(findDateForm(['01/02/2024', '13/02/2024'])?.ambiguous).toBeNull()
    expect(read('01/02/2024', '02/13/2024')?.[0]).toBe('2024-01-02T00:00:00.000Z')
  })

  test('without one the order is a guess, and said to be', () => {
    expect(findDateForm(['01/02/2024', '03/04/2024'])?.ambiguous).toBe('month first')
    expect(findDateForm(['01.02.2024', '03.04.2024'])?.ambiguous).toBeNull()
    expect(findDateForm(['02/02/2024'])?.ambiguous).toBeNull()
  })
})
