import { expect, test } from 'vitest'
import type { NumericColumn } from '../../../../engine/frame/frame.ts'
import { cycleTable, isCycle } from '../../../../engine/preprocess/cycles.ts'
import { fitEncoders } from '../../../../engine/preprocess/fit-encoders.ts'
import { encodeColumn } from '../../../../engine/preprocess/transform-columns.ts'

const when = (...texts: string[]): NumericColumn => ({
  storage: 'float64',
  name: 'when',
  type: 'datetime',
  values: Float64Array.from(texts, (text) => Date.parse(text) / 1000),
})

test('December is as near to January as January to February', () => {
  const column = when('2024-12-05', '2025-01-05', '2025-02-05', '2025-06-05', 'not a date')
  const [sine, cosine] = (['sine', 'cosine'] as const).map((wave) => {
    const encoder = { kind: 'date-part', input: 0, part: 'month', origin: 0, wave } as const
    return encodeColumn(encoder, column, null, 5)[0] as Float32Array
  }) as [Float32Array, Float32Array]
  const distance = (a: number, b: number) =>
    Math.hypot((sine[a] as number) - (sine[b] as number), (cosine[a] as number) - (cosine[b] as number))
  expect(distance(0, 1)).toBeCloseTo(distance(1, 2), 6)
  expect(distance(0, 3)).toBeCloseTo(2, 6)
  expect(sine[4]).toBeNaN()
})

test('years and days do not come round', () => {
  expect(isCycle('year')).toBe(false)
  expect(() => cycleTable('elapsed', 'sine')).toThrow('does not come round')
})

test('learners of scaled features get waves, trees the parts alone', () => {
  const column = when('2024-12-05T10:00Z', '2025-01-05T11:00Z', '2025-02-05T12:00Z', '2025-06-05T23:00Z')
  const namesOf = (encoding: 'tree' | 'scaled') =>
    fitEncoders({
      columns: [column],
      inputs: [{ name: 'when', type: 'datetime' }],
      target: { task: 'regression', name: 'y', classes: [], values: new Float64Array(4) },
      rows: Int32Array.of(0, 1, 2, 3),
      encoding,
      seed: 1,
    }).features.map(({ name }) => name)
  expect(namesOf('scaled')).toContain('when (sine of month)')
  expect(namesOf('scaled')).toContain('when (cosine of hour)')
  expect(namesOf('tree').some((name) => name.includes('sine'))).toBe(false)
})
