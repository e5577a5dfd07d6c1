import { describe, expect, test } from 'vitest'
import { darkLook, lightLook } from '../../../../shared/charts/look.ts'
import {
  barChart,
  calibrationChart,
  confusionChart,
  histogramChart,
  precisionRecallChart,
  predictedChart,
  rocChart,
} from '../../../../shared/charts/performance-charts.ts'
import { draw, texts } from './draw.ts'

const points = [
  { x: 0, y: 0, threshold: 1 },
  { x: 0.25, y: 0.75, threshold: 0.5 },
  { x: 1, y: 1, threshold: 0 },
]

interface Drawn {
  readonly series: readonly { readonly name?: string; readonly data: readonly unknown[] }[]
}

const drawn = (option: object) => option as Drawn

describe('curves', () => {
  test('ROC has a line a class and the diagonal of guessing', () => {
    const option = rocChart(
      [
        { label: 'a', auc: 0.75, points },
        { label: 'b', auc: 0.8, points },
      ],
      lightLook,
    )
    expect(drawn(option).series.map(({ name }) => name)).toEqual(['a (0.75)', 'b (0.8)', 'guessing'])
    expect(drawn(option).series[0]?.data).toEqual(points.map(({ x, y }) => [x, y]))
    expect(texts(draw(option))).toEqual(expect.arrayContaining(['false positive rate', 'true positive rate']))
  })

  test('precision against recall and calibration name their axes', () => {
    const precision = precisionRecallChart([{ label: 'yes', averagePrecision: 0.9, points }], darkLook)
    expect(texts(draw(precision))).toEqual(expect.arrayContaining(['recall', 'precision']))
    const bins = [{ predicted: 0.1, observed: 0.2, count: 10 }]
    const option = calibrationChart([{ label: 'yes', bins }], darkLook)
    expect(drawn(option).series[0]?.data).toEqual([[0.1, 0.2]])
    expect(texts(draw(option))).toContain('predicted probability')
  })
})

describe('confusion matrix', () => {
  test('the count of a cell stands at (predicted, truth), its shade is the share of the truth', () => {
    const [heat] = drawn(
      confusionChart(
        [
          [8, 2],
          [1, 3],
        ],
        ['no', 'yes'],
        lightLook,
      ),
    ).series
    expect(heat?.data).toMatchObject([
      { value: [0, 0, 0.8], name: '8' },
      { value: [1, 0, 0.2], name: '2' },
      { value: [0, 1, 0.25], name: '1' },
      { value: [1, 1, 0.75], name: '3' },
    ])
  })

  test('a class that no row has does not divide by zero', () => {
    const [heat] = drawn(confusionChart([[0]], ['none'], lightLook)).series
    expect(heat?.data).toMatchObject([{ value: [0, 0, 0] }])
  })
})

test('a histogram draws a bar for every bin that has rows', () => {
  const picture = draw(histogramChart({ edges: [0, 1, 2, 4], counts: [5, 0, 7] }, 'age', lightLook))
  expect(texts(picture)).toEqual(expect.arrayContaining(['age', 'rows']))
})

test('bars keep the order they were given, the first on top', () => {
  const written = texts(
    draw(
      barChart(
        [
          { name: 'sex', value: 0.6 },
          { name: 'age', value: 0.2 },
        ],
        'strength',
        lightLook,
      ),
    ),
  )
  expect(written).toEqual(expect.arrayContaining(['sex', 'age', 'strength']))
})

test('predicted against true values has a diagonal from the least to the greatest of both', () => {
  const option = predictedChart(
    [
      { row: 0, actual: 1, predicted: 3 },
      { row: 1, actual: 5, predicted: -2 },
    ],
    lightLook,
  )
  expect(drawn(option).series[1]?.data).toEqual([
    [-2, -2],
    [5, 5],
  ])
})

test('predicted against true values takes no rows, and more rows than arguments fit on the stack', () => {
  const diagonalOf = (points: { row: number; actual: number; predicted: number }[]) =>
    drawn(predictedChart(points, lightLook)).series[1]?.data
  expect(diagonalOf([])).toEqual([])
  const many = Array.from({ length: 200_000 }, (_, row) => ({ row, actual: row, predicted: -row }))
  expect(diagonalOf(many)).toEqual([
    [-199_999, -199_999],
    [199_999, 199_999],
  ])
  expect(() => draw(predictedChart([], darkLook))).not.toThrow()
})
