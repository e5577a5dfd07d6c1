import { describe, expect, it } from 'vitest'
import { randomForest } from '../../../../engine/learners/forest/random-forest.ts'
import { gradientBoosting } from '../../../../engine/learners/gbdt/gradient-boosting.ts'
import { learners } from '../../../../engine/learners/registry.ts'
import type { TableShape } from '../../../../engine/search/search-space.ts'
import { configurationKey, fromUnit, isStagewise, searchSpace, toUnit } from '../../../../engine/search/search-space.ts'
import { fc } from '../../../fixtures/properties.ts'

const shape: TableShape = { rows: 100_000, hasCategories: true, isSkewed: true }

describe('a configuration as a point', () => {
  it('comes back from the unit cube, for every learner and any point', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...learners),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 }),
        (learner, positions) => {
          const space = searchSpace(learner, shape)
          const names = Object.keys(space)
          const parameters = fromUnit(space, Float64Array.from(positions.slice(0, names.length)))
          for (const [name, dimension] of Object.entries(space)) {
            const value = parameters[name]
            if (dimension.kind === 'choice') expect(dimension.options).toContain(value)
            else {
              expect(value).toBeGreaterThanOrEqual(dimension.low)
              expect(value).toBeLessThanOrEqual(dimension.high)
              if (dimension.kind === 'integer') expect(Number.isInteger(value)).toBe(true)
            }
          }
          // Rounding to four digits happens once.
          expect(fromUnit(space, toUnit(space, parameters))).toEqual(parameters)
        },
      ),
    )
  })

  it('keeps what the space does not speak of', () => {
    const space = searchSpace(gradientBoosting, shape)
    expect(fromUnit(space, toUnit(space, {}), { maxBins: 64 })).toMatchObject({ maxBins: 64 })
  })

  it('has the same key in whatever order its parameters stand', () => {
    expect(configurationKey({ learner: 'a', parameters: { x: 1, y: 'b' } })).toBe(
      configurationKey({ learner: 'a', parameters: { y: 'b', x: 1 } }),
    )
    expect(configurationKey({ learner: 'a', parameters: { x: 1 } })).not.toBe(
      configurationKey({ learner: 'b', parameters: { x: 1 } }),
    )
  })
})

describe('searchSpace', () => {
  it('leaves the number of boosting iterations to the learning curves, and that of a forest to the search', () => {
    expect(isStagewise(gradientBoosting)).toBe(true)
    expect(isStagewise(randomForest)).toBe(false)
    expect(searchSpace(gradientBoosting, shape)).not.toHaveProperty('nTrees')
    expect(searchSpace(randomForest, shape)).toHaveProperty('nTrees')
  })

  it('offers encodings only where there are categories, and logarithms only where the target is skewed', () => {
    expect(searchSpace(gradientBoosting, shape)).toHaveProperty('encoding')
    expect(searchSpace(gradientBoosting, shape)).toHaveProperty('targetTransform')
    const plain = searchSpace(gradientBoosting, { ...shape, hasCategories: false, isSkewed: false })
    expect(plain).not.toHaveProperty('encoding')
    expect(plain).not.toHaveProperty('targetTransform')
  })

  it('does not try leaves that a small table cannot fill', () => {
    const space = searchSpace(gradientBoosting, { ...shape, rows: 200 })
    expect(space.maxLeaves).toMatchObject({ high: 20, start: 20 })
    expect(space.minRowsInLeaf).toMatchObject({ high: 10, start: 10 })
  })
})
