import { describe, expect, test } from 'vitest'
import { chartSvg } from '../../../../core/documents/chart-svg.ts'
import { lightLook } from '../../../../shared/charts/look.ts'
import {
  barChart,
  calibrationChart,
  confusionChart,
  histogramChart,
} from '../../../../shared/charts/performance-charts.ts'

const size = { width: 480, height: 240 }
const options = {
  bars: barChart([{ name: 'sex', value: 0.6, low: 0.5, high: 0.7 }], 'importance', lightLook),
  histogram: histogramChart({ edges: [0, 1, 2], counts: [3, 5] }, 'residual', lightLook),
  confusion: confusionChart(
    [
      [3, 1],
      [0, 5],
    ],
    ['no', 'yes'],
    lightLook,
  ),
  calibration: calibrationChart([{ label: 'yes', bins: [{ predicted: 0.2, observed: 0.3, count: 9 }] }], lightLook),
}

describe.each(Object.entries(options))('the picture of %s', (name, option) => {
  const svg = chartSvg(option, name, size)

  test('is the same at every drawing', () => {
    expect(chartSvg(option, name, size)).toBe(svg)
  })

  test('has no script, style element, class or address of anything outside it', () => {
    expect(svg).not.toMatch(/<script|<style|<image|<foreignObject| class=| on\w+=|https?:(?!\/\/www\.w3\.org)/i)
  })

  test('names its parts after itself, each name once', () => {
    const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(ids.every((id) => id?.startsWith(`${name}-`))).toBe(true)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, to] of svg.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(to)
  })
})
