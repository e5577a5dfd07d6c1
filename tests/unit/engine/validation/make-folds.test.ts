import { describe, expect, test } from 'vitest'
import { makeFolds, makeHoldout } from '../../../../engine/validation/make-folds.ts'
import { fc } from '../../../fixtures/properties.ts'

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

describe('a hold-out', () => {
  test('has about the share asked for, of every class', () => {
    const classes = Float64Array.from({ length: 1000 }, (_, row) => (row % 10 === 0 ? 1 : 0))
    const fold = makeHoldout({ labels: classes, task: 'binary', seed: 3 }, 0.2)
    expect(fold?.validation.length).toBe(200)
    expect(fold?.train.length).toBe(800)
    expect(fold?.validation.filter((row) => classes[row] === 1).length).toBe(20)
  })

  test('in time is the latest rows; equal times stay together', () => {
    const times = Float64Array.from({ length: 100 }, (_, row) => Math.floor((99 - row) / 30))
    const fold = makeHoldout({ labels: new Float64Array(100), task: 'regression', seed: 3, times }, 0.2)
    // Of 30, 30, 30 and 10 rows with times 0 to 3 the last fifth would part those of time 2.
    expect(Array.from(fold?.validation ?? [])).toEqual(Array.from({ length: 10 }, (_, row) => row))
    expect(fold?.train.length).toBe(90)
  })

  test.each([
    ['group', { groups: new Int32Array(50) }],
    ['time', { times: new Float64Array(50) }],
    ['group in time', { groups: new Int32Array(50), times: Float64Array.from({ length: 50 }, (_, row) => row) }],
  ])('is none where there is one %s, and neither are folds', (_what, given) => {
    const input = { labels: new Float64Array(50), task: 'regression' as const, seed: 3, ...given }
    expect(makeHoldout(input, 0.2)).toBeNull()
    expect(makeFolds({ ...input, folds: 4 })).toEqual([])
  })
})

describe('folds in time', () => {
  const timed = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 80 })

  test('never part rows of the same time, and judge each row once at the most', () => {
    fc.assert(
      fc.property(timed, fc.integer({ min: 2, max: 6 }), (times, folds) => {
        const labels = new Float64Array(times.length)
        const made = makeFolds({ labels, task: 'regression', folds, seed: 1, times: Float64Array.from(times) })
        if (new Set(times).size > 1) expect(made.length).toBeGreaterThan(0)
        for (const { train, validation } of made) {
          const latest = Math.max(...Array.from(train, (row) => times[row] as number))
          for (const row of validation) expect(times[row]).toBeGreaterThan(latest)
        }
        const judged = made.flatMap(({ validation }) => Array.from(validation))
        expect(new Set(judged).size).toBe(judged.length)
      }),
    )
  })

  test('with groups judge new groups only, still later than all they train on', () => {
    fc.assert(
      fc.property(timed, fc.integer({ min: 2, max: 7 }), (times, nGroups) => {
        const groups = Int32Array.from(times, (_, row) => (row * 7) % nGroups)
        const labels = new Float64Array(times.length)
        const made = makeFolds({
          labels,
          task: 'regression',
          folds: 4,
          seed: 1,
          groups,
          times: Float64Array.from(times),
        })
        for (const { train, validation } of made) {
          const latest = Math.max(...Array.from(train, (row) => times[row] as number))
          const trained = new Set(Array.from(train, (row) => groups[row]))
          for (const row of validation) {
            expect(times[row]).toBeGreaterThan(latest)
            expect(trained.has(groups[row])).toBe(false)
          }
        }
      }),
    )
  })

  test('with groups that go on through all times there are as many as asked for', () => {
    const n = 240
    const made = makeFolds({
      labels: new Float64Array(n),
      task: 'regression',
      folds: 4,
      seed: 1,
      groups: Int32Array.from({ length: n }, (_, row) => row % 12),
      times: Float64Array.from({ length: n }, (_, row) => row),
    })
    expect(made.map(({ train, validation }) => [train.length, validation.length])).toEqual([
      [36, 12],
      [72, 12],
      [108, 12],
      [144, 12],
    ])
  })
})

test('groups spread a rare class over the folds, though they are of different sizes', () => {
  // Twelve groups; the four largest have the rare class.
  const groups = Int32Array.from({ length: 600 }, (_, row) => Math.floor(Math.sqrt(row / 4.2)))
  const labels = Float64Array.from(groups, (group) => (group >= 8 ? 1 : 0))
  const made = makeFolds({ labels, task: 'binary', folds: 4, seed: 5, groups })
  const rare = made.map(({ validation }) => validation.filter((row) => labels[row] === 1).length)
  expect(rare.every((count) => count > 0)).toBe(true)
})

test('a million rows are split within a few seconds in each way', () => {
  const n = 1_000_000
  const values = Float64Array.from({ length: n }, (_, row) => (row * 7_919) % 1_000_003)
  const classes = Float64Array.from(values, (value) => value % 10)
  const groups = Int32Array.from(values, (value) => value % 50_021)
  const ways = [
    { labels: classes, task: 'multiclass' as const },
    { labels: values, task: 'regression' as const },
    { labels: classes, task: 'multiclass' as const, groups },
    { labels: values, task: 'regression' as const, times: values },
  ]
  for (const way of ways) {
    const started = performance.now()
    const made = makeFolds({ ...way, folds: 5, seed: 1 })
    expect(made).toHaveLength(5)
    expect(performance.now() - started).toBeLessThan(5_000)
  }
})
