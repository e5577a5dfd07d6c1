import { expect, test } from 'vitest'
import { afterAttempt, closedCircuit, mayTry, mostAttempts, retryDelayMs } from '../../../../core/egress/retry-times.ts'

test('waits twice as long each time, up to six hours, less up to half by chance', () => {
  expect([1, 2, 3, 10, 14, 16].map((attempts) => retryDelayMs(attempts, 0))).toEqual([
    5_000, 10_000, 20_000, 2_560_000, 21_600_000, 21_600_000,
  ])
  expect(retryDelayMs(3, 0.5)).toBe(15_000)
  expect(retryDelayMs(3, 0.999_999)).toBe(10_000)
})

test('tries for more than a day', () => {
  const all = Array.from({ length: mostAttempts - 1 }, (_, at) => retryDelayMs(at + 1, 0.5))
  expect(all.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(15 * 3_600_000)
})

test('leaves a destination alone after five failures in a row, and then tries it with one message', () => {
  let circuit = closedCircuit
  for (let failure = 1; failure <= 4; failure++) {
    circuit = afterAttempt(circuit, false, 1_000)
    expect(mayTry(circuit, 1_000)).toBe('all')
  }
  circuit = afterAttempt(circuit, false, 1_000)
  expect([mayTry(circuit, 1_000), mayTry(circuit, 60_999), mayTry(circuit, 61_000)]).toEqual(['none', 'none', 'one'])
  const again = afterAttempt(circuit, false, 61_000)
  expect([mayTry(again, 61_000), mayTry(again, 181_000)]).toEqual(['none', 'one'])
  expect(afterAttempt(again, true, 181_000)).toEqual(closedCircuit)
})
