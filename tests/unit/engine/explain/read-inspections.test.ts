import { expect, test } from 'vitest'
import {
  readCounterfactuals,
  readEffects,
  readInteractions,
  readPair,
  readRedundancy,
  readSurrogate,
} from '../../../../engine/explain/read-inspections.ts'
import { readLocal } from '../../../../engine/explain/reading.ts'

test('one row: the two strongest columns with their share and direction, or one where it is enough', () => {
  // 4 + 2 of 4 + 2 + 3 + 1.
  expect(readLocal(['age', 'fare', 'sex', 'town'], [2, -3, 4, 1])).toBe(
    'sex and fare together explain 70% of this score: sex raises it, fare lowers it.',
  )
  expect(readLocal(['age', 'sex'], [-1, -9])).toBe('sex alone explains 90% of this score: sex lowers it.')
  expect(readLocal(['age'], [0])).toBe('No column moves this score from the average.')
})

test('a surrogate’s fidelity decides what is said of it', () => {
  const fidelity = (r2: number | null) => ({ rows: 10, r2, meanAbsoluteError: 0, agreement: 0.9 })
  expect(readSurrogate(fidelity(0.95), 'sex')).toMatch(/sex first.*95%.*90% of rows alike: it may stand/)
  expect(readSurrogate(fidelity(0.75), 'sex')).toMatch(/75%.*sketch/)
  expect(readSurrogate(fidelity(-0.2), 'sex')).toMatch(/ 0%.*does not stand/)
  expect(readSurrogate(fidelity(null), null)).toMatch(/nothing to imitate/)
})

test('counterfactuals: the first answer, none, or none needed', () => {
  const changes = [
    { feature: 'age', to: 42.123_456 },
    { feature: 'sex', to: 'female' },
  ]
  expect(readCounterfactuals('yes', [{ changes }], false)).toBe('With age = 42.12 and sex = female it would be yes.')
  expect(readCounterfactuals('yes', [], false)).toMatch(/No change of a few columns.*makes it yes/)
  expect(readCounterfactuals('>= 20', [], true)).toBe('The prediction is >= 20 already.')
})

test('pairs: the strongest is named, with words that fit its size', () => {
  const table = (value: number) => Float64Array.of(1, 0.1, value, 0.1, 1, 0, value, 0, 1)
  const names = ['a', 'b', 'c']
  expect(readRedundancy(names, table(0.9))).toMatch(/^a and c say nearly the same \(0.9 of 1\)/)
  expect(readRedundancy(names, table(0.5))).toMatch(/^a and c say the most.*not the same/)
  expect(readRedundancy(names, table(0.2))).toMatch(/No two columns/)
  const strengths = Float64Array.of(0, 1, 3, 1, 0, 0, 3, 0, 0)
  expect(readInteractions(names, strengths, true)).toBe(
    'Of all pairs a and c act together most: 75% of what columns do only in pairs.',
  )
  expect(readInteractions(names, strengths, false)).toMatch(/seem to act together/)
  expect(readInteractions(names, new Float64Array(9), true)).toMatch(/No columns act together/)
  expect(readPair('a', 'b', 0.234)).toMatch(/^23% of what a and b do jointly/)
  expect(readPair('a', 'b', 0.001)).toMatch(/is the sum/)
})

test('local effects: a direction where there is one', () => {
  expect(readEffects('age', [0, 40, 80], [0.2, 0.1, -0.1])).toBe(
    'Along age, from 0 to 80, the prediction falls by 0.3.',
  )
  expect(readEffects('age', [0, 40, 80], [0, 0.5, 0.1])).toMatch(/moves within 0.5, up and down/)
  expect(readEffects('age', [0, 1], [0, 0])).toMatch(/does not change along age/)
  expect(readEffects('age', [], [])).toMatch(/one value only/)
})
