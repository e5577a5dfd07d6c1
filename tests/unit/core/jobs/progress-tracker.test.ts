import { expect, test } from 'vitest'
import { createProgressTracker } from '../../../../core/jobs/progress-tracker.ts'
import { fc } from '../../../fixtures/properties.ts'

test('whatever is reported, the fraction stays within 0 and 1 and never falls', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (fractions) => {
      let seconds = 0
      const tracker = createProgressTracker(() => seconds++)
      let last = 0
      for (const fraction of fractions) {
        const progress = tracker.take({ fraction })
        expect(progress.fraction).toBeGreaterThanOrEqual(last)
        expect(progress.fraction).toBeLessThanOrEqual(1)
        last = progress.fraction
      }
    }),
  )
})

test('title and detail stay until they are told anew', () => {
  const tracker = createProgressTracker(() => 0)
  expect(tracker.take({ title: 'Reading', detail: 'row 1' })).toMatchObject({ title: 'Reading', detail: 'row 1' })
  expect(tracker.take({ detail: 'row 2' })).toMatchObject({ title: 'Reading', detail: 'row 2', fraction: 0 })
})

test('time left and rate come from the last twenty seconds', () => {
  let seconds = 0
  const tracker = createProgressTracker(() => seconds)
  // Slow for a minute, then 1% a second.
  for (let step = 0; step < 60; step++) {
    seconds++
    tracker.take({ fraction: 0.001 * step })
  }
  for (let step = 1; step <= 40; step++) {
    seconds++
    tracker.take({ fraction: 0.06 + step / 100 })
  }
  const { rate, secondsLeft } = tracker.current()
  expect(rate?.value).toBeCloseTo(1, 5)
  expect(secondsLeft).toBeCloseTo(54, 5)
})

test('what the main says of rate and time left is not touched', () => {
  const tracker = createProgressTracker(() => 0)
  const rate = { value: 5, unit: 'rows' }
  expect(tracker.take({ fraction: 0.5, rate, secondsLeft: 7 })).toMatchObject({ rate, secondsLeft: 7 })
})

test('there is no estimate from too little', () => {
  let seconds = 0
  const tracker = createProgressTracker(() => seconds)
  seconds = 0.5
  expect(tracker.take({ fraction: 0.4 })).toMatchObject({ rate: null, secondsLeft: null })
})
