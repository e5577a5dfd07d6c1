import { expect, test } from 'vitest'
import { describeEncoder } from '../../../../engine/preprocess/describe-encoder.ts'
import type { Encoder } from '../../../../engine/preprocess/encoder.ts'

const inputs = [
  { name: 'fare', type: 'number' as const },
  { name: 'town', type: 'category' as const },
]
const numeric: Encoder = { kind: 'numeric', input: 0, offset: 0, impute: null, mean: 0, inverseScale: 1 }
const lookup = { kind: 'lookup', input: 1, levels: ['a', 'b'], values: [0.1, 0.2], unseen: 0.15, missing: 0.3 } as const

test.each<[string, Encoder]>([
  ['fare is taken as a number.', numeric],
  [
    'fare is taken as a number, counted from 1000, kept within -4 and 9, 2.5 where missing, less 3 and divided by 2.',
    { ...numeric, offset: 1000, impute: 2.5, mean: 3, inverseScale: 0.5, bounds: [-4, 9] },
  ],
  ['fare gives 1 where it is missing, else 0.', { kind: 'missing-indicator', input: 0 }],
  [
    'town gives one feature for “a” and “b”, and one for missing; any other value gives zeros.',
    { kind: 'one-hot', input: 1, levels: ['a', 'b'], missingFeature: true },
  ],
  [
    'town is taken as a category of “0”, “1”, “2”, “3”, “4” and 2 more; any other value counts as missing.',
    { kind: 'ordinal', input: 1, levels: ['0', '1', '2', '3', '4', '5', '6'] },
  ],
  [
    'town becomes the share of yes among its value, drawn towards the overall share where rows are few; 2 values are known, and those never seen in training have a number of their own (0.15), as has missing (0.3).',
    { ...lookup, of: 'target', label: 'yes' },
  ],
  ['fare gives its day of the week (0 is Monday).', { kind: 'date-part', input: 0, part: 'weekday', origin: 0 }],
])('%s', (expected, encoder) => {
  expect(describeEncoder(encoder, inputs)).toBe(expected)
})
