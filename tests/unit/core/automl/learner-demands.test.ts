import { expect, test } from 'vitest'
import type { Demands } from '../../../../core/automl/learner-demands.ts'
import { assertCountable, assertDemands, canMeet, demandedParameters } from '../../../../core/automl/learner-demands.ts'
import { metricOf } from '../../../../shared/domain/training.ts'

const none: Demands = { objective: 'squared', monotone: {}, classWeights: 'none', learners: [] }
const columns = [
  { name: 'age', type: 'number' },
  { name: 'town', type: 'category' },
]

test('demands become hyperparameters of every trial', () => {
  expect(demandedParameters(none)).toEqual({})
  const all = { ...none, objective: { quantile: 0.9 }, monotone: { age: 'rising', price: 'falling' } } as const
  expect(demandedParameters({ ...all, classWeights: 'balanced' })).toEqual({
    objective: 'quantile',
    quantile: 0.9,
    monotone: '{"age":1,"price":-1}',
    classWeights: 'balanced',
  })
})

test('other losses and monotone columns are for boosting alone; balanced classes for all', () => {
  const forest = { name: 'random-forest' }
  expect(canMeet(forest, none)).toBe(true)
  expect(canMeet(forest, { ...none, classWeights: 'balanced' })).toBe(true)
  expect(canMeet(forest, { ...none, objective: 'huber' })).toBe(false)
  expect(canMeet(forest, { ...none, monotone: { age: 'rising' } })).toBe(false)
  expect(canMeet({ name: 'gradient-boosting' }, { ...none, objective: 'huber' })).toBe(true)
})

test.each([
  ['binary', { objective: 'huber' }, 'TASK_MISMATCH'],
  ['regression', { classWeights: 'balanced' }, 'TASK_MISMATCH'],
  ['multiclass', { monotone: { age: 'rising' } }, 'TASK_MISMATCH'],
  ['regression', { monotone: { age: 'rising' }, objective: { quantile: 0.5 } }, 'TASK_MISMATCH'],
  ['regression', { monotone: { town: 'rising' } }, 'COLUMN_UNKNOWN'],
  ['regression', { monotone: { ages: 'rising' } }, 'COLUMN_UNKNOWN'],
  ['regression', { objective: 'poisson', learners: ['elastic-net'] }, 'INPUT_INVALID'],
] as const)('refuses for %s: %o', (task, changes, code) => {
  expect(() => assertDemands({ ...none, ...(changes as Partial<Demands>) }, task, columns)).toThrow(
    expect.objectContaining({ code }) as Error,
  )
})

test('lets pass what can be kept', () => {
  expect(() => assertDemands({ ...none, monotone: { age: 'falling' } }, 'binary', columns)).not.toThrow()
  expect(() => assertDemands({ ...none, objective: 'poisson' }, 'regression', columns)).not.toThrow()
  expect(() => assertCountable({ ...none, objective: 'poisson' }, 'n', Float64Array.of(0, 2))).not.toThrow()
  expect(() => assertCountable({ ...none, objective: 'poisson' }, 'n', Float64Array.of(-1, 2))).toThrow(
    expect.objectContaining({ code: 'TARGET_UNUSABLE' }) as Error,
  )
})

test('what is minimised is what is judged', () => {
  expect(metricOf('regression', { quantile: 0.05 })).toBe('pinball_5')
  expect(metricOf('regression', 'absolute')).toBe('mae')
  expect(metricOf('regression', 'poisson')).toBe('poisson_deviance')
  expect(metricOf('regression', 'squared')).toBe('rmse')
  expect(metricOf('multiclass', 'squared')).toBe('log_loss')
})
