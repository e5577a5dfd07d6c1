import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { factorise, solveFactorised } from '../../../../../engine/learners/linear/cholesky.ts'
import { randomStream } from '../../../../../engine/random.ts'

test('the solution times the matrix is the right side', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 1_000 }), (size, seed) => {
      const random = randomStream(seed)
      const part = Float64Array.from({ length: size * size }, () => random.nextNormal())
      // A product with its own transpose, and a diagonal that keeps it well away from singular.
      const matrix = new Float64Array(size * size)
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          let sum = i === j ? 1 : 0
          for (let l = 0; l < size; l++) sum += (part[i * size + l] as number) * (part[j * size + l] as number)
          matrix[i * size + j] = sum
        }
      }
      const right = Float64Array.from({ length: size }, () => random.nextNormal())
      const factor = factorise(matrix, size)
      const solution = right.slice()
      solveFactorised(factor as Float64Array, solution)
      for (let i = 0; i < size; i++) {
        let sum = 0
        for (let j = 0; j < size; j++) sum += (matrix[i * size + j] as number) * (solution[j] as number)
        expect(sum).toBeCloseTo(right[i] as number, 9)
      }
    }),
    { numRuns: 50 },
  )
})

test('a matrix that is not positive definite has no factor', () => {
  expect(factorise(Float64Array.of(1, 2, 2, 1), 2)).toBeNull()
  expect(factorise(Float64Array.of(0), 1)).toBeNull()
})
