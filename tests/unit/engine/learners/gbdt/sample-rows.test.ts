import { expect, test } from 'vitest'
import { sampleRows } from '../../../../../engine/learners/gbdt/sample-rows.ts'

const nRows = 4_000

function sample(fraction: number, seed: number, iteration: number): Uint32Array {
  const out = new Uint32Array(nRows)
  return out.slice(0, sampleRows(out, nRows, fraction, seed, iteration))
}

test('every iteration draws its own rows, about as many as asked for, in their order', () => {
  const samples = [0, 1, 2].map((iteration) => sample(0.3, 7, iteration))
  for (const rows of samples) {
    // Four standard errors of 4,000 draws.
    expect(Math.abs(rows.length / nRows - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / nRows))
    expect(rows).toEqual(rows.toSorted())
    expect(new Set(rows).size).toBe(rows.length)
  }
  const [first, second] = samples.map((rows) => new Set(rows)) as [Set<number>, Set<number>, Set<number>]
  const common = [...first].filter((row) => second.has(row)).length / nRows
  // Two draws that know nothing of each other share 0.3 × 0.3.
  expect(Math.abs(common - 0.09)).toBeLessThan(0.03)
})

test('the same seed and iteration draw the same rows, another seed others', () => {
  expect(sample(0.5, 7, 3)).toEqual(sample(0.5, 7, 3))
  expect(sample(0.5, 8, 3)).not.toEqual(sample(0.5, 7, 3))
})

test('all rows are drawn as they are, and never none', () => {
  expect(sample(1, 7, 0)).toEqual(Uint32Array.from({ length: nRows }, (_, row) => row))
  expect(sample(1e-12, 7, 0)).toHaveLength(1)
})
