import { expect, test } from 'vitest'
import type { CodedColumn } from '../../../../engine/frame/frame.ts'
import { computeMetric, score } from '../../../../engine/metrics/metrics.ts'
import { pairedSlices } from '../../../../engine/metrics/paired-slices.ts'
import { randomStream } from '../../../../engine/random.ts'

const nRows = 1_000
const random = randomStream(11)
const levels = ['a', 'b', 'c', 'rare']
// Every hundredth row is of the rare level: too few to say anything of.
const codes = Int32Array.from({ length: nRows }, (_, row) => (row % 100 === 0 ? 3 : row % 3))
const column = { name: 'group', storage: 'codes', type: 'category', codes, levels } as unknown as CodedColumn
const labels = Float64Array.from({ length: nRows }, () => (random.nextFloat() < 0.5 ? 1 : 0))
const truth = (row: number, noise: number) => {
  const p = Math.min(
    0.99,
    Math.max(0.01, 0.5 + 0.35 * (2 * (labels[row] as number) - 1) + noise * (random.nextFloat() - 0.5)),
  )
  return [1 - p, p]
}
const predictions = (of: (row: number) => number[]) => ({
  nRows,
  nClasses: 2,
  values: Float64Array.from(Array.from({ length: nRows }, (_, row) => of(row)).flat()),
})
const good = predictions((row) => truth(row, 0.6))
// As good, but turned round for the rows of b.
const bad = predictions((row) => {
  const [no = 0, yes = 0] = truth(row, 0.6)
  return codes[row] === 1 ? [yes, no] : [no, yes]
})

const find = (first = good, second = bad) =>
  pairedSlices({
    first: score(labels, first),
    second: score(labels, second),
    rows: Int32Array.from({ length: nRows }, (_, row) => row),
    columns: [column],
    metric: 'accuracy',
    seed: 3,
  })

test('the group on which the second is worse comes first, with an interval that excludes no difference', () => {
  const [worst, ...others] = find()
  expect(worst).toMatchObject({ column: 'group', value: 'b' })
  expect(worst?.difference.high).toBeLessThan(-0.5)
  for (const { value, difference } of others) {
    expect(['a', 'c']).toContain(value)
    expect(difference.low <= 0 && difference.high >= 0).toBe(true)
  }
})

test('the metric of each group is that of its rows alone', () => {
  for (const { value, rows, difference } of find()) {
    const members = [...codes.keys()].filter((row) => levels[codes[row] as number] === value)
    expect(rows).toBe(members.length)
    const of = (all: typeof good) =>
      computeMetric(
        'accuracy',
        Float64Array.from(members, (row) => labels[row] as number),
        {
          nRows: members.length,
          nClasses: 2,
          values: Float64Array.from(members.flatMap((row) => [...all.values.subarray(2 * row, 2 * row + 2)])),
        },
      )
    expect(difference.first).toBeCloseTo(of(good), 12)
    expect(difference.second).toBeCloseTo(of(bad), 12)
  }
})

test('groups of a few rows are left out, and a model does not differ from itself', () => {
  expect(find().map(({ value }) => value)).not.toContain('rare')
  expect(find(good, good)).toEqual([])
})
