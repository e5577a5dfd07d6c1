import type { VersionDiff } from '../domain/version-diff.ts'
import type { ChartOption, Look } from './look.ts'
import { baseOption, categoryAxis, short, valueAxis } from './look.ts'

/** Share of each column in what moves the two models; the column that changed most on top. */
export function sharesChart(
  shares: VersionDiff['shap'],
  labels: readonly [a: string, b: string],
  look: Look,
): ChartOption {
  const series = (name: string, side: 'a' | 'b', colour: string) => ({
    type: 'bar',
    name,
    barGap: '10%',
    itemStyle: { color: colour },
    data: shares.map((each) => 100 * each[side]),
    label: {
      show: shares.length <= 12,
      position: 'right',
      color: look.text,
      fontSize: 11,
      formatter: ({ value }: { value: number }) => `${short(value)}%`,
    },
  })
  return {
    ...baseOption(look),
    legend: { textStyle: { color: look.text }, top: 0 },
    grid: { left: 10, right: 60, top: 30, bottom: 36, containLabel: true },
    xAxis: valueAxis(look, 'share of what moves the model, %', { min: 0 }),
    yAxis: categoryAxis(
      look,
      shares.map(({ feature }) => feature),
      { inverse: true },
    ),
    series: [series(labels[0], 'a', look.palette[6]), series(labels[1], 'b', look.palette[0])],
  }
}
