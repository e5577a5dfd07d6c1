import { expect, test } from 'vitest'
import { monotoneOf, objectiveOf, preferenceOf, thresholdOf } from '../../../cli/commands/automl-choices.ts'

test.each([
  [undefined, undefined],
  ['accuracy', 'score'],
  ['simple', 'simple'],
  ['fast', 'fast'],
])('--prefer %s is %s', (given, preference) => expect(preferenceOf(given)).toBe(preference))

test.each([
  [undefined, undefined],
  ['0.3', 0.3],
  ['f1', 'f1'],
  ['f2', 'f2'],
  ['balanced', 'balanced'],
  ['cost:1:10', { falsePositive: 1, falseNegative: 10 }],
  ['cost:0.5:2', { falsePositive: 0.5, falseNegative: 2 }],
])('--threshold %s is %o', (given, threshold) => expect(thresholdOf(given)).toEqual(threshold))

test.each(['', ' ', '0', '1', '1.5', '-0.2', 'f3', 'cost', 'cost:1', 'cost:0:1', 'cost:1:-1', 'cost:1:2:3', 'half'])(
  '--threshold "%s" is refused with what to write',
  (given) => expect(() => thresholdOf(given)).toThrow(/--threshold cannot be/),
)

test.each([
  [undefined, undefined],
  ['absolute', 'absolute'],
  ['poisson', 'poisson'],
  ['quantile:0.9', { quantile: 0.9 }],
  ['quantile:.05', { quantile: 0.05 }],
])('--objective %s is %o', (given, objective) => expect(objectiveOf(given)).toEqual(objective))

test.each(['', 'quantile', 'quantile:', 'quantile:0.33', 'quantile:0.9:1', 'absolute:0.5', 'huge'])(
  '--objective "%s" is refused with what to write',
  (given) => expect(() => objectiveOf(given)).toThrow(/--objective cannot be/),
)

test('--monotone names columns, whatever is in their names, with their directions', () => {
  expect(monotoneOf(undefined)).toBeUndefined()
  expect(monotoneOf(['age:+', 'at 10:30:-'])).toEqual({ age: 'rising', 'at 10:30': 'falling' })
})

test.each(['age', 'age:', ':+', 'age:up', '+:age'])('--monotone "%s" is refused with what to write', (given) =>
  expect(() => monotoneOf([given])).toThrow(/--monotone cannot be/),
)
