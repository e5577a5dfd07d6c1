import { describe, expect, test } from 'vitest'
import { findNumberForm } from '../../../../core/tables/number-forms.ts'

const read = (texts: string[], prefersComma = false) => {
  const form = findNumberForm(texts, prefersComma)
  return form && texts.map(form.read)
}

describe('ways to write numbers', () => {
  test.each([
    ['plain', ['1', '-2.5', '+3', '1e3', '.5', '5.'], [1, -2.5, 3, 1000, 0.5, 5]],
    ['percent', ['5%', '12.5 %', '-3%'], [5, 12.5, -3]],
    ['currency before and after', ['$1.50', '-$2', '€ 3', '4 €', '5 USD'], [1.5, -2, 3, 4, 5]],
    ['thousands', ['1,013', '2,500,000.25', '7'], [1013, 2500000.25, 7]],
    ['thousands by space or apostrophe', ['1 013', '2’500', "3'000.5"], [1013, 2500, 3000.5]],
    ['decimal comma', ['1,01', '2,5', '3'], [1.01, 2.5, 3]],
    ['decimal comma with thousands', ['1.234,5', '12.000,00'], [1234.5, 12000]],
    ['accountants’ parentheses', ['(1,234)', '5'], [-1234, 5]],
    ['a true minus sign', ['−5', '3'], [-5, 3]],
  ])('%s', (_, texts, numbers) => {
    expect(read(texts)).toEqual(numbers)
  })

  test.each([
    ['words', ['1', 'two']],
    ['codes with leading zeros', ['007', '012']],
    ['identifiers beyond 2^53', ['9007199254740993']],
    ['versions', ['1.2.3', '1.10.0']],
    ['both conventions at once', ['1,234.5', '1.234,5']],
    ['nothing but signs', ['-', '+']],
    ['percent of some only', ['5%', '7']],
  ])('%s are none', (_, texts) => {
    expect(read(texts)).toBeNull()
  })

  test('a comma that could be either is said to be', () => {
    expect(findNumberForm(['1,013', '2,500'], false)).toMatchObject({ isAmbiguous: true, code: 'MIXED_TYPES' })
    expect(findNumberForm(['1,013', '2,500,000'], false)).toMatchObject({ isAmbiguous: false })
    expect(findNumberForm(['1,5', '2,25'], false)).toMatchObject({ isAmbiguous: false, code: 'DECIMAL_COMMA' })
  })

  test('the user’s decimal comma decides', () => {
    expect(read(['1,013', '2.500'], true)).toEqual([1.013, 2500])
  })
})
