import type { Dependence, Explanation, GlobalExplanation } from '../domain/explanations.ts'
import type { ChartOption, Look } from './look.ts'
import { baseOption, categoryAxis, colourAt, otherColumns, short, valueAxis } from './look.ts'

/** Columns that a summary shows; the rest is in the table. */
const shownFeatures = 15
/**
 * Beeswarm: a row of dots a column, each dot a row of the table, placed by what the column added to its score and coloured
 * by how high its value is. Dots that would lie on one another are spread.
 */
export function beeswarmChart(
  explanation: Pick<GlobalExplanation, 'features' | 'output'>,
  k: number,
  look: Look,
): ChartOption {
  const features = explanation.features.slice(0, shownFeatures)
  // A few series paint ten times quicker than a colour a point.
  const { ramp } = look
  const buckets: [number, number][][] = Array.from({ length: ramp.length + 1 }, () => [])
  for (const [at, feature] of features.entries()) {
    const points = feature.points[k] ?? feature.points[0]
    if (!points) continue
    const offsets = spread(points.values)
    for (const [i, value] of points.values.entries()) {
      const position = points.positions[i] ?? null
      const bucket = position === null ? ramp.length : Math.min(ramp.length - 1, Math.floor(position * ramp.length))
      buckets[bucket]?.push([value, at + (offsets[i] ?? 0)])
    }
  }
  const names = features.map(({ name }) => name)
  return {
    ...baseOption(look),
    tooltip: { show: false },
    grid: { left: 12, right: 24, top: 8, bottom: 36, containLabel: true },
    xAxis: valueAxis(look, explanation.output === 'raw' ? 'added to the score' : 'added to the probability', {
      // Else it would be drawn through the first column's dots.
      axisLine: { onZero: false, lineStyle: { color: look.muted } },
    }),
    yAxis: {
      type: 'value',
      inverse: true,
      min: -0.6,
      max: Math.max(0.6, names.length - 0.4),
      interval: 1,
      axisLabel: {
        color: look.text,
        customValues: names.map((_, at) => at),
        formatter: (at: number) => names[Math.round(at)] ?? '',
      },
      axisTick: { show: false, customValues: names.map((_, at) => at) },
      axisLine: { show: false },
      splitLine: { show: false },
    },
    series: buckets.map((data, bucket) => ({
      type: 'scatter',
      large: true,
      largeThreshold: 400,
      // All at once: in parts it would take some frames more.
      progressive: 0,
      symbolSize: 4,
      itemStyle: { color: ramp[bucket] ?? look.noValue },
      data,
    })),
  }
}

/** Up and down offsets by how crowded a place is, within ±0.38. */
function spread(values: readonly number[]): Float64Array {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const bins = 80
  const counts = new Int32Array(bins + 1)
  const offsets = new Float64Array(values.length)
  const width = high > low ? (high - low) / bins : 1
  const place = values.map((value) => Math.floor((value - low) / width))
  for (const bin of place) counts[bin] = (counts[bin] ?? 0) + 1
  const most = Math.max(1, ...counts)
  const seen = new Int32Array(bins + 1)
  for (const [i, bin] of place.entries()) {
    const turn = seen[bin] ?? 0
    seen[bin] = turn + 1
    const share = (counts[bin] ?? 1) / most
    const step = Math.ceil(turn / 2) / Math.max(1, (counts[bin] ?? 1) / 2)
    offsets[i] = (turn % 2 === 0 ? 1 : -1) * step * share * 0.38
  }
  return offsets
}

/** Steps of one row's score from the base value, the largest first; small ones are put together. */
export interface ScoreStep {
  readonly name: string
  readonly value: number
  readonly cell: string
}

const shownSteps = 9
/** Of a waterfall's labels, in pixels; longer ones are cut. */
const stepLabelWidth = 190
/** Pixels that a letter takes at most, on average over a label. */
const widestLetter = 7

export function scoreSteps(explanation: Explanation, row: Explanation['rows'][number], k: number): ScoreStep[] {
  const values = row.values[k] ?? []
  const steps = explanation.features.map((name, at) => ({
    name,
    value: values[at] ?? 0,
    cell: String(row.cells[at] ?? 'missing'),
  }))
  steps.sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
  const rest = steps.slice(shownSteps)
  const kept = steps.slice(0, shownSteps)
  if (rest.length > 0)
    kept.push({
      name: otherColumns(rest.length),
      value: rest.reduce((sum, { value }) => sum + value, 0),
      cell: '',
    })
  return kept
}

/** From the base value to this row's score, a bar a column. */
export function waterfallChart(steps: readonly ScoreStep[], base: number, look: Look): ChartOption {
  let at = base
  const bars = steps.map(({ name, value, cell }) => {
    const from = at
    at += value
    return { label: cell === '' ? name : `${name} = ${cell}`, from, to: at, value }
  })
  const all = [
    { label: 'on average', from: base, to: base, value: 0 },
    ...bars,
    { label: 'this row', from: at, to: at, value: 0 },
  ]
  const longest = all.reduce((most, { label }) => Math.max(most, label.length), 0)
  // By place: a column may add exactly 0 too.
  const isEndAt = (index: number) => index === 0 || index === all.length - 1
  return {
    ...baseOption(look),
    // Measuring every label to make room for it would take a third of the time to draw, while a slider is dragged.
    grid: {
      left: Math.min(stepLabelWidth, longest * widestLetter) + 20,
      right: 48,
      top: 8,
      bottom: 52,
      containLabel: false,
      outerBoundsMode: 'none',
    },
    xAxis: valueAxis(look, 'score', { scale: true }),
    yAxis: categoryAxis(
      look,
      all.map(({ label }) => label),
      { inverse: true, axisLabel: { color: look.text, width: stepLabelWidth, overflow: 'truncate' } },
    ),
    series: [
      {
        type: 'custom',
        encode: { x: [1, 2], y: 0 },
        data: all.map(({ from, to, value }, index) => [index, from, to, value]),
        renderItem: (
          _params: unknown,
          api: { value(at: number): number; coord(point: number[]): number[]; size(of: number[]): number[] },
        ) => {
          const [x0 = 0, y = 0] = api.coord([api.value(1), api.value(0)])
          const [x1 = 0] = api.coord([api.value(2), api.value(0)])
          const height = Math.min(20, (api.size([0, 1])[1] ?? 20) * 0.62)
          const value = api.value(3)
          const isEnd = isEndAt(api.value(0))
          const colour = isEnd ? look.text : value === 0 ? look.muted : value > 0 ? look.raises : look.lowers
          return {
            type: 'group',
            children: [
              {
                type: 'rect',
                shape: {
                  x: Math.min(x0, x1) - (isEnd ? 2 : 0),
                  y: y - height / 2,
                  width: isEnd ? 4 : Math.max(1, Math.abs(x1 - x0)),
                  height,
                },
                style: { fill: colour },
              },
              {
                type: 'text',
                style: {
                  text: isEnd ? short(api.value(1)) : `${value > 0 ? '+' : ''}${short(value)}`,
                  x: Math.max(x0, x1) + 6,
                  y,
                  verticalAlign: 'middle',
                  fill: look.text,
                  fontSize: 11,
                },
              },
            ],
          }
        },
      },
    ],
  }
}

/** All that raises and all that lowers a row's score, pushing against each other in one bar. */
export function forceChart(steps: readonly ScoreStep[], score: number, look: Look): ChartOption {
  const up = steps.filter(({ value }) => value > 0).sort((a, b) => b.value - a.value)
  const down = steps.filter(({ value }) => value < 0).sort((a, b) => a.value - b.value)
  const pieces: { name: string; from: number; to: number; value: number }[] = []
  let left = score
  for (const { name, value } of up) {
    pieces.push({ name, from: left - value, to: left, value })
    left -= value
  }
  let right = score
  for (const { name, value } of down) {
    pieces.push({ name, from: right, to: right - value, value })
    right -= value
  }
  return {
    ...baseOption(look),
    grid: { left: 12, right: 12, top: 28, bottom: 36, containLabel: true },
    xAxis: valueAxis(look, 'score', { scale: true }),
    yAxis: { type: 'value', show: false, min: 0, max: 1 },
    series: [
      {
        type: 'custom',
        encode: { x: [0, 1] },
        data: pieces.map(({ name, from, to, value }) => ({ value: [from, to, value], name })),
        markLine: {
          symbol: 'none',
          lineStyle: { color: look.text },
          label: { formatter: short(score), color: look.text },
          data: [{ xAxis: score }],
        },
        renderItem: (
          params: { dataIndex: number },
          api: { value(at: number): number; coord(point: number[]): number[] },
        ) => {
          const [x0 = 0, y1 = 0] = api.coord([api.value(0), 0.35])
          const [x1 = 0, y0 = 0] = api.coord([api.value(1), 0.75])
          const width = Math.max(1, x1 - x0 - 1)
          const name = pieces[params.dataIndex]?.name ?? ''
          return {
            type: 'group',
            children: [
              {
                type: 'rect',
                shape: { x: x0, y: y0, width, height: y1 - y0 },
                style: { fill: api.value(2) > 0 ? look.raises : look.lowers },
              },
              {
                type: 'text',
                style: {
                  text: width > 40 ? name : '',
                  x: x0 + width / 2,
                  y: y1 + 10,
                  align: 'center',
                  fill: look.text,
                  fontSize: 11,
                  width,
                  overflow: 'truncate',
                },
              },
            ],
          }
        },
      },
    ],
  }
}

/** Mean prediction as a column is set to each value; thin lines are single rows. */
export function dependenceChart(dependence: Dependence, unit: string, look: Look): ChartOption {
  const isCategory = dependence.kind === 'category' || dependence.grid.some((value) => typeof value !== 'number')
  const x = dependence.grid.map((value) => (value === null ? 'missing' : String(value)))
  const line = (values: readonly number[]) =>
    isCategory ? [...values] : values.map((value, at) => [dependence.grid[at], value])
  return {
    ...baseOption(look),
    ...(dependence.mean.length > 1 ? { legend: { textStyle: { color: look.text }, top: 0, type: 'scroll' } } : {}),
    grid: { left: 44, right: 20, top: dependence.mean.length > 1 ? 32 : 16, bottom: 36, containLabel: true },
    xAxis: isCategory
      ? categoryAxis(look, x, {
          name: dependence.feature,
          nameLocation: 'middle',
          nameGap: 28,
          nameTextStyle: { color: look.text },
        })
      : valueAxis(look, dependence.feature, { scale: true }),
    // Bars that did not start at zero would tell of a greater difference than there is.
    yAxis: valueAxis(look, unit, { scale: !isCategory, nameGap: 48 }),
    series: [
      ...(dependence.curves ?? []).map((curve) => ({
        type: 'line',
        silent: true,
        showSymbol: false,
        lineStyle: { width: 0.6, color: look.muted },
        data: line(curve),
      })),
      ...dependence.mean.map((values, at) =>
        isCategory
          ? {
              type: 'bar',
              barMaxWidth: 28,
              name: dependence.classes[at] ?? '',
              itemStyle: { color: colourAt(at, look) },
              data: line(values),
            }
          : {
              type: 'line',
              showSymbol: false,
              name: dependence.classes[at] ?? '',
              lineStyle: { width: 2.5, color: colourAt(at, look) },
              itemStyle: { color: colourAt(at, look) },
              data: line(values),
            },
      ),
    ],
  }
}
