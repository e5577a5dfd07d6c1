import { expect, test } from 'vitest'
import { createSlownessMeter } from '../../../../core/automl/measure-slowness.ts'

test('nothing is known before a task has ended, and little tasks say nothing', () => {
  const meter = createSlownessMeter(1)
  expect(meter.value()).toBe(1)
  meter.note({ wall: 0.5, processor: 0.01 })
  expect(meter.value()).toBe(1)
})

test('tasks that had the processor to themselves were not slow, those that had half of it took twice as long', () => {
  const meter = createSlownessMeter(1)
  meter.note({ wall: 1, processor: 1 })
  expect(meter.value()).toBe(1)
  const busy = createSlownessMeter(1)
  for (let task = 0; task < 3; task++) busy.note({ wall: 2, processor: 1 })
  expect(busy.value()).toBeCloseTo(2, 12)
})

test('what was long ago counts less', () => {
  const meter = createSlownessMeter(1)
  for (let task = 0; task < 30; task++) meter.note({ wall: 4, processor: 1 })
  for (let task = 0; task < 30; task++) meter.note({ wall: 1, processor: 1 })
  expect(meter.value()).toBeLessThan(1.2)
  for (let task = 0; task < 30; task++) meter.note({ wall: 4, processor: 1 })
  expect(meter.value()).toBeGreaterThan(3.5)
})

test('four threads on two processors slow each other down, which is not the machine being busy', () => {
  const meter = createSlownessMeter(2)
  meter.note({ wall: 2, processor: 1 })
  expect(meter.value()).toBe(1)
  meter.note({ wall: 20, processor: 5 })
  expect(meter.value()).toBeGreaterThan(1.5)
})

test('a clock that is coarser than the work makes nothing quicker than it can be', () => {
  const meter = createSlownessMeter(1)
  meter.note({ wall: 0.9, processor: 1 })
  expect(meter.value()).toBe(1)
})
