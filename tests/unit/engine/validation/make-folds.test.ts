import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeFolds, makeHoldout } from '../../../../engine/validation/make-folds.ts'

const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 20, maxLength: 120 })

describe('folds', () => {
  test('validate every row once, train on all others, and spread the classes evenly', () => {
    fc.assert(
      fc.property(labels, fc.integer({ min: 2, max: 8 }), fc.integer({ min: 0, max: 99 }), (classes, folds, seed) => {
        const made = makeFolds({ labels: Float64Array.from(classes), task: 'multiclass', folds, seed })
        const seen = made.flatMap(({ validation }) => Array.from(validation)).sort((a, b) => a - b)
        expect(seen).toEqual(classes.map((_, row) => row))
        for (const { train, validation } of made) {
          expect(train.length + validation.length).toBe(classes.length)
          expect(new Set([...train, ...validation]).size).toBe(classes.length)
        }
        for (const each of new Set(classes)) {
          const counts = made.map(({ validation }) => validation.filter((row) => classes[row] === each).length)
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2)
        }
        expect(makeFolds({ labels: Float64Array.from(classes), task: 'multiclass', folds, seed })).toEqual(made)
      }),
    )
  })

  test('never part the rows of a group', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 30, maxLength: 90 }), (groups) => {
        const made = makeFolds({
          labels: new Float64Array(groups.length),
          task: 'regression',
          folds: 3,
          seed: 1,
          groups: Int32Array.from(groups),
        })
        for (const { train, validation } of made) {
          const trained = new Set(Array.from(train, (row) => groups[row]))
          for (const row of validation) expect(trained.has(groups[row])).toBe(false)
        }
      }),
    )
  })

  test('with times, train only on what comes before', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }), { minLength: 20, maxLength: 60 }), (times) => {
        const made = makeFolds({
          labels: new Float64Array(times.length),
          task: 'regression',
          folds: 4,
          seed: 1,
          times: Float64Array.from(times),
        })
        expect(made.length).toBe(4)
        for (const { train, validation } of made) {
          const latest = Math.max(...Array.from(train, (row) => times[row] as number))
          for (const row of validation) expect(times[row]).toBeGreaterThan(latest)
        }
      }),
    )
  })
})

test('a hold-out has about the share asked for, of every class', () => {
  const classes = Float64Array.from({ length: 1000 }, (_, row) => (row % 10 === 0 ? 1 : 0))
  const { train, validation } = makeHoldout({ labels: classes, task: 'binary', seed: 3 }, 0.2)
  expect(validation.length).toBe(200)
  expect(train.length).toBe(800)
  expect(validation.filter((row) => classes[row] === 1).length).toBe(20)
})
