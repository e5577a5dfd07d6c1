import type { Explanation } from '../domain/explanations.ts'
import type { ChartOption, Look } from './look.ts'
import { baseOption, categoryAxis, colourAt, otherColumns, valueAxis } from './look.ts'

/** Columns that a decision plot goes through; the least of the others are put together at the start. */
const shownColumns = 14

/**
 * How the scores of several rows come about: each line starts at the base value at the bottom and is moved by one column
 * after the other, the strongest of all rows last. Rows that are alike run together, and part where they differ.
 */
export function decisionChart(explanation: Explanation, k: number, look: Look): ChartOption {
  const { features, rows, baseValues } = explanation
  const strength = (at: number) => rows.reduce((sum, row) => sum + Math.abs(row.values[k]?.[at] ?? 0), 0)
  const order = features.map((_, at) => at).sort((a, b) => strength(b) - strength(a))
  const shown = order.slice(0, shownColumns).reverse()
  const rest = order.slice(shownColumns)
  const names = ['on average', ...(rest.length > 0 ? [otherColumns(rest.length)] : [])]
  for (const at of shown) names.push(features[at] ?? '')
  const pathOf = (values: readonly number[]) => {
    const path = [baseValues[k] ?? 0]
    const step = (value: number) => path.push((path.at(-1) ?? 0) + value)
    if (rest.length > 0) step(rest.reduce((sum, column) => sum + (values[column] ?? 0), 0))
    for (const column of shown) step(values[column] ?? 0)
    return path
  }
  return {
    ...baseOption(look),
    legend: { textStyle: { color: look.text }, top: 0, type: 'scroll' },
    grid: { left: 12, right: 28, top: 32, bottom: 36, containLabel: true },
    xAxis: valueAxis(look, 'score', { scale: true }),
    yAxis: categoryAxis(look, names, {
      axisLabel: { color: look.text, width: 170, overflow: 'truncate', interval: 0 },
      boundaryGap: false,
      splitLine: { show: true, lineStyle: { color: look.line, opacity: 0.5 } },
    }),
    series: rows.map((row, at) => ({
      type: 'line',
      name: `row ${row.row}: ${typeof row.prediction === 'number' ? Number(row.prediction.toPrecision(4)) : row.prediction}`,
      symbolSize: 5,
      lineStyle: { width: 2, color: colourAt(at, look), type: lineTypes[Math.floor(at / look.palette.length) % 3] },
      itemStyle: { color: colourAt(at, look) },
      data: pathOf(row.values[k] ?? []).map((score, place) => [score, place]),
    })),
  }
}

/** When the colours start anew the dashes change. */
const lineTypes = ['solid', 'dashed', 'dotted'] as const
