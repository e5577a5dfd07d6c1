import type { Performance } from '../domain/training.ts'
import type { ChartOption, Look } from './look.ts'
import { baseOption, categoryAxis, colourAt, short, valueAxis } from './look.ts'

function lines(
  curves: readonly { readonly label: string; readonly data: readonly (readonly [number, number])[] }[],
  look: Look,
  x: string,
  y: string,
  step: boolean,
): ChartOption {
  return {
    ...baseOption(look),
    ...(curves.length > 1 ? { legend: { textStyle: { color: look.text }, top: 0, type: 'scroll' } } : {}),
    grid: { left: 30, right: 20, top: curves.length > 1 ? 32 : 16, bottom: 32, containLabel: true },
    xAxis: valueAxis(look, x, { min: 0, max: 1 }),
    yAxis: valueAxis(look, y, { min: 0, max: 1, nameGap: 36 }),
    series: curves.map(({ label, data }, at) => ({
      type: 'line',
      name: label,
      showSymbol: false,
      ...(step ? { step: 'end' } : {}),
      lineStyle: { width: 2, color: colourAt(at, look) },
      itemStyle: { color: colourAt(at, look) },
      data,
    })),
  }
}

/** Found positives against false alarms; the diagonal is guessing. */
export function rocChart(roc: Performance['roc'], look: Look): ChartOption {
  const option = lines(
    roc.map(({ label, points, auc }) => ({
      label: `${label} (${short(auc)})`,
      data: points.map(({ x, y }) => [x, y] as const),
    })),
    look,
    'false positive rate',
    'true positive rate',
    false,
  )
  const diagonal = {
    type: 'line',
    name: 'guessing',
    showSymbol: false,
    silent: true,
    lineStyle: { type: 'dashed', color: look.muted, width: 1 },
    data: [
      [0, 0],
      [1, 1],
    ],
  }
  return { ...option, series: [...(option.series as object[]), diagonal] }
}

export function precisionRecallChart(curves: Performance['precisionRecall'], look: Look): ChartOption {
  return lines(
    curves.map(({ label, points, averagePrecision }) => ({
      label: `${label} (${short(averagePrecision)})`,
      data: points.map(({ x, y }) => [x, y] as const),
    })),
    look,
    'recall',
    'precision',
    true,
  )
}

/** Predicted against observed share; on the diagonal a probability means what it says. */
export function calibrationChart(curves: Performance['calibration'], look: Look): ChartOption {
  const option = lines(
    curves.map(({ label, bins }) => ({
      label,
      data: bins.map(({ predicted, observed }) => [predicted, observed] as const),
    })),
    look,
    'predicted probability',
    'share that was so',
    false,
  )
  const series = (option.series as { showSymbol: boolean }[]).map((each) => ({
    ...each,
    showSymbol: true,
    symbolSize: 7,
  }))
  const diagonal = {
    type: 'line',
    name: 'perfect',
    showSymbol: false,
    silent: true,
    lineStyle: { type: 'dashed', color: look.muted, width: 1 },
    data: [
      [0, 0],
      [1, 1],
    ],
  }
  return { ...option, series: [...series, diagonal] }
}

/** Rows are the truth, columns what was predicted; shade is the share of the row. */
export function confusionChart(
  matrix: readonly (readonly number[])[],
  classes: readonly string[],
  look: Look,
): ChartOption {
  const cells = matrix.flatMap((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    return row.map((count, guess) => ({ value: [guess, truth, total > 0 ? count / total : 0], count }))
  })
  return {
    ...baseOption(look),
    grid: { left: 24, right: 12, top: 8, bottom: 36, containLabel: true },
    xAxis: categoryAxis(look, classes, {
      name: 'predicted',
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: { color: look.text },
    }),
    yAxis: categoryAxis(look, classes, { name: 'truth', inverse: true, nameTextStyle: { color: look.text } }),
    visualMap: {
      show: false,
      min: 0,
      max: 1,
      dimension: 2,
      inRange: { color: look.dark ? ['#24282d', '#1f5f8b'] : ['#ffffff', '#7db8dc'] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map(({ value, count }) => ({ value, name: String(count) })),
        label: { show: classes.length <= 12, color: look.text, formatter: ({ name }: { name: string }) => name },
        itemStyle: { borderColor: look.line, borderWidth: 1 },
      },
    ],
  }
}

/** Predicted against true values; on the diagonal it is right. */
export function predictedChart(points: NonNullable<Performance['residuals']>['points'], look: Look): ChartOption {
  // One by one: as arguments of Math.min a large table would not fit on the stack.
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const { actual, predicted } of points) {
    low = Math.min(low, actual, predicted)
    high = Math.max(high, actual, predicted)
  }
  const diagonal = points.length === 0 ? [] : [low, high].map((at) => [at, at])
  return {
    ...baseOption(look),
    xAxis: valueAxis(look, 'true value', { scale: true }),
    yAxis: valueAxis(look, 'predicted', { scale: true, nameGap: 52 }),
    series: [
      {
        type: 'scatter',
        large: true,
        symbolSize: 4,
        itemStyle: { color: look.palette[0], opacity: 0.75 },
        data: points.map(({ actual, predicted }) => [actual, predicted]),
      },
      {
        type: 'line',
        silent: true,
        showSymbol: false,
        lineStyle: { type: 'dashed', color: look.text, width: 1 },
        data: diagonal,
      },
    ],
  }
}

/** Bars over bins of equal width. */
export function histogramChart(
  histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] },
  name: string,
  look: Look,
): ChartOption {
  return {
    ...baseOption(look),
    xAxis: valueAxis(look, name, { scale: true }),
    yAxis: valueAxis(look, 'rows', { nameGap: 44 }),
    series: [
      {
        type: 'custom',
        itemStyle: { color: look.palette[0] },
        encode: { x: [0, 1], y: 2 },
        data: histogram.counts.map((count, at) => [histogram.edges[at], histogram.edges[at + 1], count]),
        renderItem: (_params: unknown, api: { value(at: number): number; coord(point: number[]): number[] }) => {
          const [x0 = 0, y0 = 0] = api.coord([api.value(0), api.value(2)])
          const [x1 = 0, y1 = 0] = api.coord([api.value(1), 0])
          return {
            type: 'rect',
            shape: { x: x0, y: y0, width: Math.max(1, x1 - x0 - 1), height: y1 - y0 },
            style: { fill: look.palette[0] },
          }
        },
      },
    ],
  }
}

/** Horizontal bars, the longest on top, with an interval where there is one. */
export function barChart(
  bars: readonly { readonly name: string; readonly value: number; readonly low?: number; readonly high?: number }[],
  unit: string,
  look: Look,
): ChartOption {
  const intervals = bars.flatMap(({ low, high }, at) =>
    low === undefined || high === undefined ? [] : [[at, low, high]],
  )
  return {
    ...baseOption(look),
    xAxis: valueAxis(look, unit),
    yAxis: categoryAxis(
      look,
      bars.map(({ name }) => name),
      { inverse: true },
    ),
    series: [
      { type: 'bar', barMaxWidth: 18, itemStyle: { color: look.palette[0] }, data: bars.map(({ value }) => value) },
      {
        type: 'custom',
        silent: true,
        data: intervals,
        encode: { x: [1, 2], y: 0 },
        renderItem: (_params: unknown, api: { value(at: number): number; coord(point: number[]): number[] }) => {
          const [x0 = 0, y = 0] = api.coord([api.value(1), api.value(0)])
          const [x1 = 0] = api.coord([api.value(2), api.value(0)])
          return { type: 'line', shape: { x1: x0, y1: y, x2: x1, y2: y }, style: { stroke: look.text, lineWidth: 1.5 } }
        },
      },
    ],
  }
}
