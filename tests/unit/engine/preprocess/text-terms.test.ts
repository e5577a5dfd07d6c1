import { expect, test } from 'vitest'
import type { CodedColumn } from '../../../../engine/frame/frame.ts'
import { chooseInputs } from '../../../../engine/preprocess/choose-inputs.ts'
import { fitEncoders } from '../../../../engine/preprocess/fit-encoders.ts'
import { encodeTerms, fitTerms, isProse } from '../../../../engine/preprocess/text-terms.ts'

const comments = Array.from({ length: 40 }, (_, i) => {
  const what = i % 2 === 0 ? 'Good, really' : 'bad!'
  return `The room ${i} was ${what} and the staff ${i % 4 === 0 ? 'GOOD' : 'there'}`
})

function columnOf(texts: readonly (string | null)[]): CodedColumn {
  const levels = [...new Set(texts.filter((text) => text !== null))].sort()
  return {
    storage: 'codes',
    name: 'comment',
    type: 'text',
    levels,
    codes: Int32Array.from(texts, (text) => (text === null ? -1 : levels.indexOf(text))),
  }
}
const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i)

test('terms are the words that come again, without capitals and punctuation, and without those in every row', () => {
  const encoder = fitTerms(columnOf(comments), rows(0, 40), 0)
  expect(new Set(encoder?.terms)).toEqual(new Set(['good', 'really', 'bad', 'there']))
  // As scikit-learn: ln((1 + 40) / (1 + 20)) + 1 for what half of the rows have.
  expect(encoder?.weights[encoder.terms.indexOf('bad')]).toBeCloseTo(Math.log(41 / 21) + 1, 12)
})

test('features count a term in all its spellings, those not seen in training too; missing has none', () => {
  const encoder = fitTerms(columnOf(comments), rows(0, 40), 0)
  if (!encoder) throw new Error('no terms')
  const texts = ['good Good, GOOD. xgood', 'BAD: bad', null, 'nothing known', '']
  const columns = encodeTerms(encoder, columnOf(texts), null, texts.length)
  const of = (term: string) => {
    const place = encoder.terms.indexOf(term)
    return Array.from(columns[place] as Float32Array, (value) => value / Math.fround(encoder.weights[place] as number))
  }
  for (const [i, count] of [3, 0, 0, 0, 0].entries()) expect(of('good')[i]).toBeCloseTo(count, 6)
  for (const [i, count] of [0, 2, 0, 0, 0].entries()) expect(of('bad')[i]).toBeCloseTo(count, 6)
})

test('the vocabulary is learned from the training rows only', () => {
  const changed = comments.map((text, i) => (i < 20 ? text : 'zebra zebra zebra zebra'))
  expect(fitTerms(columnOf(changed), rows(0, 20), 0)).toEqual(fitTerms(columnOf(comments), rows(0, 20), 0))
})

test('prose is kept as an input and read word by word; names of a word or two are not', () => {
  expect(isProse(comments)).toBe(true)
  expect(isProse(['New York', 'Rome'])).toBe(false)
  const column = columnOf(comments)
  const target = { storage: 'float64' as const, name: 'y', type: 'number' as const, values: new Float64Array(40) }
  const chosen = chooseInputs({ nRows: 40, columns: [column, target] }, 'y', [])
  expect(chosen.inputs.map(({ name }) => name)).toEqual(['comment'])
  for (const encoding of ['tree', 'scaled'] as const) {
    const fitted = fitEncoders({
      ...chosen,
      target: { task: 'regression', name: 'y', classes: [], values: target.values },
      rows: rows(0, 40),
      encoding,
      seed: 1,
    })
    expect(fitted.encoders.map(({ kind }) => kind)).toEqual(['terms'])
    expect(fitted.features.map(({ name }) => name)).toContain('comment has “bad”')
    if (encoding !== 'scaled') continue
    for (const values of fitted.trainMatrix.columns) {
      const mean = values.reduce((sum, value) => sum + value, 0) / 40
      expect(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 40).toBeCloseTo(1, 5)
    }
  }
})
