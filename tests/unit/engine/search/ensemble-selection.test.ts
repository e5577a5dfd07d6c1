import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../../engine/random.ts'
import { selectEnsemble } from '../../../../engine/search/ensemble-selection.ts'
import { fc } from '../../../fixtures/properties.ts'

/** Candidates that are the truth with noise of their own, the later the noisier. */
function problem(seed: number, nCandidates: number, nRows: number) {
  const random = randomStream(seed)
  const truth = Float64Array.from({ length: nRows }, () => random.nextNormal())
  const candidates = Array.from({ length: nCandidates }, (_, at) => ({
    values: truth.map((value) => value + (0.5 + 0.2 * at) * random.nextNormal()),
  }))
  const loss = (values: Float64Array) =>
    values.reduce((sum, value, i) => sum + (value - (truth[i] as number)) ** 2, 0) / nRows
  return { candidates, loss }
}

function meanOf(candidates: readonly { readonly values: Float64Array }[], weights: ArrayLike<number>): Float64Array {
  const mean = new Float64Array(candidates[0]?.values.length ?? 0)
  for (const [at, { values }] of candidates.entries()) {
    for (let i = 0; i < mean.length; i++)
      mean[i] = (mean[i] as number) + (weights[at] as number) * (values[i] as number)
  }
  return mean
}

/** Least loss over all shares in steps of 1/12. */
function bruteForce({ candidates, loss }: ReturnType<typeof problem>): number {
  let least = Number.POSITIVE_INFINITY
  const steps = 12
  for (let a = 0; a <= steps; a++) {
    for (let b = 0; a + b <= steps; b++) {
      const weights = [a / steps, b / steps, (steps - a - b) / steps]
      least = Math.min(least, loss(meanOf(candidates, weights)))
    }
  }
  return least
}

describe('selectEnsemble', () => {
  it.each([1, 2, 3, 4, 5, 6])('comes within a hundredth of the best shares there are (problem %i)', (seed) => {
    const given = problem(seed, 3, 60)
    const { loss } = selectEnsemble(given.candidates, given.loss, 24)
    // Squared error is convex in the shares, so greedy steps do not get stuck; shares are in steps of 1/24 at the finest.
    expect(loss).toBeLessThanOrEqual(1.01 * bruteForce(given))
  })

  it('is never worse than the best candidate alone, and its loss is that of its shares', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 6 }), (seed, nCandidates) => {
        const { candidates, loss } = problem(seed, nCandidates, 20)
        const selected = selectEnsemble(candidates, loss)
        expect(selected.loss).toBeLessThanOrEqual(Math.min(...candidates.map(({ values }) => loss(values))) + 1e-12)
        expect(selected.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
        expect(loss(meanOf(candidates, selected.weights))).toBeCloseTo(selected.loss, 10)
      }),
    )
  })

  it('takes the first of equals and no second one that brings nothing', () => {
    const { candidates, loss } = problem(3, 1, 30)
    const twins = [...candidates, ...candidates]
    expect(Array.from(selectEnsemble(twins, loss).weights)).toEqual([1, 0])
  })
})

it('the best mean on the way is kept, not the last one', () => {
  const candidates = [{ values: Float64Array.of(0) }, { values: Float64Array.of(1) }]
  // Half of each is best after two rounds; after any odd number of rounds there cannot be half of each.
  const { weights, loss } = selectEnsemble(candidates, ([mean = 0]) => 1 + Math.abs(mean - 0.5), 5)
  expect([...weights]).toEqual([0.5, 0.5])
  expect(loss).toBe(1)
})
