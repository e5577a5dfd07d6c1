import { describe, expect, test } from 'vitest'
import type { ChartPoint } from '../../../../renderer/charts/chart-points.ts'
import { chartPoints } from '../../../../renderer/charts/chart-points.ts'
import type { ChartOption } from '../../../../shared/charts/look.ts'
import { lightLook } from '../../../../shared/charts/look.ts'
import { barChart, rocChart } from '../../../../shared/charts/performance-charts.ts'

const pointsOf = (option: ChartOption) => {
  const points = chartPoints(option)
  return Array.from({ length: points.count }, (_, place) => points.at(place) as ChartPoint)
}

describe('points that the keyboard goes through', () => {
  test('a bar says its category, the axis and its value', () => {
    const option = barChart(
      [
        { name: 'age', value: 0.25 },
        { name: 'fare', value: 0.123456 },
      ],
      'strength',
      lightLook,
    )
    expect(pointsOf(option).filter(({ seriesIndex }) => seriesIndex === 0)).toEqual([
      { seriesIndex: 0, dataIndex: 0, text: 'age strength 0.25' },
      { seriesIndex: 0, dataIndex: 1, text: 'fare strength 0.1235' },
    ])
  })

  test('a point of a line says its series and both axes; the diagonal is no data', () => {
    const roc = [{ label: 'yes', auc: 0.9, points: [{ x: 0.1, y: 0.6, threshold: 0.5 }] }]
    expect(pointsOf(rocChart(roc, lightLook))).toEqual([
      { seriesIndex: 0, dataIndex: 0, text: 'yes (0.9): false positive rate 0.1, true positive rate 0.6' },
    ])
  })

  test('a chart without data has none', () => {
    expect(pointsOf({})).toEqual([])
    expect(chartPoints({}).at(0)).toBeUndefined()
  })

  test('points of several series follow one another; there is none behind the last', () => {
    const points = chartPoints({ series: [{ data: [1, 2] }, { silent: true, data: [3] }, { data: [4] }] })
    expect(points.count).toBe(3)
    expect(points.at(2)).toMatchObject({ seriesIndex: 2, dataIndex: 0 })
    expect(points.at(3)).toBeUndefined()
  })
})
