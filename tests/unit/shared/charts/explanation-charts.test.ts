import { expect, test } from 'vitest'
import {
  dependenceChart,
  forceChart,
  scoreSteps,
  waterfallChart,
} from '../../../../shared/charts/explanation-charts.ts'
import { darkLook, lightLook } from '../../../../shared/charts/look.ts'
import type { Dependence, Explanation } from '../../../../shared/domain/explanations.ts'
import { fc } from '../../../fixtures/properties.ts'
import { draw, texts } from './draw.ts'

function explain(values: readonly number[]): Explanation {
  return {
    method: 'tree',
    exact: true,
    output: 'raw',
    task: 'binary',
    classes: ['no', 'yes'],
    features: values.map((_, at) => `column ${at}`),
    baseValues: [0.5],
    rows: [
      {
        row: 0,
        prediction: 'yes',
        scores: [0.5 + values.reduce((sum, value) => sum + value, 0)],
        probabilities: [0.4, 0.6],
        cells: values.map((_, at) => at),
        values: [[...values]],
        standardErrors: null,
        reading: '',
      },
    ],
    additivity: { maxAbsError: 0 },
  }
}

function stepsOf(values: readonly number[]) {
  const explanation = explain(values)
  const [row] = explanation.rows
  if (!row) throw new Error('an explanation has a row')
  return scoreSteps(explanation, row, 0)
}

test('however many columns there are, the steps add up to the score', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 40 }), (values) => {
      const steps = stepsOf(values)
      const total = values.reduce((sum, value) => sum + value, 0)
      // Another order of additions: the rounding of 40 numbers below 10.
      expect(Math.abs(steps.reduce((sum, { value }) => sum + value, 0) - total)).toBeLessThan(1e-12 * 400)
      expect(steps.length).toBeLessThanOrEqual(10)
    }),
  )
})

test('the largest step comes first and small ones are put together', () => {
  const steps = stepsOf([0.1, -5, ...Array.from({ length: 12 }, () => 0.01)])
  expect(steps.slice(0, 2).map(({ name }) => name)).toEqual(['column 1', 'column 0'])
  expect(steps.at(-1)).toMatchObject({ name: '5 other columns', cell: '' })
})

test('waterfall and force can be drawn, and name columns with their values', () => {
  const steps = stepsOf([1, -2, 0])
  const written = texts(draw(waterfallChart(steps, 0.5, lightLook)))
  expect(written).toEqual(expect.arrayContaining(['on average', 'column 1 = 1', 'this row', 'score']))
  expect(() => draw(forceChart(steps, -0.5, darkLook))).not.toThrow()
})

test.each(['numeric', 'category'] as const)('dependence on a %s column names column and unit', (kind) => {
  const dependence: Dependence = {
    feature: 'age',
    kind,
    classes: ['no', 'yes'],
    grid: kind === 'numeric' ? [10, 20, 30] : ['a', 'b', 'c'],
    mean: [[0.2, 0.4, 0.1]],
    curves: [[0.1, 0.5, 0.2]],
    counts: [5, 6, 7],
    reading: '',
  }
  expect(texts(draw(dependenceChart(dependence, 'probability', lightLook)))).toEqual(
    expect.arrayContaining(['age', 'probability']),
  )
})

test('a column that adds exactly nothing is a thin bar, not a mark of the ends', () => {
  const steps = [
    { name: 'age', value: 0.25, cell: '30' },
    { name: 'port', value: 0, cell: 'S' },
  ]
  const picture = draw(waterfallChart(steps, 0.5, lightLook))
  // The ends say the score where they are; what added nothing says 0.
  expect(
    texts(picture)
      .filter((text) => ['0.5', '0.75', '+0.25', '0'].includes(text))
      .sort(),
  ).toEqual(expect.arrayContaining(['+0.25', '0', '0.5', '0.75']))
  const marks = [...picture.matchAll(/<path d="[^"]*" fill="([^"]*)"/g)].map(([, fill]) => fill?.toLowerCase())
  expect(marks.filter((fill) => fill === lightLook.muted)).toHaveLength(1)
})
