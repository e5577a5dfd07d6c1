import type { GlobalExplanation } from '../domain/explanations.ts'
import type { LocalEffects, PairDependence } from '../domain/inspections.ts'
import type { Cell } from '../domain/values.ts'
import type { ChartOption, Look } from './look.ts'
import { baseOption, categoryAxis, colourAt, short, valueAxis } from './look.ts'

type Feature = GlobalExplanation['features'][number]

/** Levels that a scatter tells apart by colour. */
const shownLevels = 6

/**
 * What a column added, row by row, along its own values; coloured by the column that it acts together with most, so that
 * a spread at one value shows what it hangs on.
 */
export function attributionScatter(feature: Feature, partner: Feature | null, k: number, look: Look): ChartOption {
  const values = feature.points[k]?.values ?? []
  const isNumber = feature.cells.every((cell) => cell === null || typeof cell === 'number')
  const levels = isNumber ? [] : levelsOf(feature.cells)
  const placeOf = (cell: Cell, at: number) => {
    if (isNumber) return typeof cell === 'number' ? cell : null
    // Spread by a fixed pattern, so that dots of one level do not hide each other.
    return levels.indexOf(text(cell)) + 0.6 * (((at * 0.618_034) % 1) - 0.5)
  }
  const groups = groupsOf(partner, k, look)
  const series = groups.map(({ name, colour }) => ({ name, colour, data: [] as [number, number][] }))
  for (const [at, cell] of feature.cells.entries()) {
    const x = placeOf(cell, at)
    if (x === null) continue
    series[groupAt(groups, partner, k, at)]?.data.push([x, values[at] ?? 0])
  }
  return {
    ...baseOption(look),
    tooltip: { show: false },
    legend: { textStyle: { color: look.text }, top: 0, type: 'scroll' },
    grid: { left: 44, right: 20, top: 36, bottom: 40, containLabel: true },
    xAxis: isNumber
      ? valueAxis(look, feature.name, { scale: true })
      : valueAxis(look, feature.name, {
          min: -0.5,
          max: levels.length - 0.5,
          interval: 1,
          axisLabel: {
            color: look.text,
            customValues: levels.map((_, at) => at),
            formatter: (at: number) => levels[Math.round(at)] ?? '',
            hideOverlap: true,
          },
          axisTick: { customValues: levels.map((_, at) => at) },
          splitLine: { show: false },
        }),
    yAxis: valueAxis(look, 'added to the score', {
      nameGap: 48,
      // At the edge, not through the dots.
      axisLine: { onZero: false, lineStyle: { color: look.muted } },
    }),
    series: series.map(({ name, colour, data }) => ({
      type: 'scatter',
      name,
      symbolSize: 5,
      large: true,
      largeThreshold: 2_000,
      progressive: 0,
      itemStyle: { color: colour, opacity: 0.85 },
      data,
    })),
  }
}

interface Group {
  readonly name: string
  readonly colour: string
  readonly level: string | null
}

/** Steps of the ramp for a number, levels for texts; one grey where there is no partner. */
function groupsOf(partner: Feature | null, k: number, look: Look): Group[] {
  if (!partner) return [{ name: 'rows', colour: look.palette[0], level: null }]
  if (isPlaced(partner, k)) {
    const { ramp } = look
    const steps = ramp.map((colour, at) => ({
      name: at === 0 ? `${partner.name} low` : at === ramp.length - 1 ? 'high' : ' '.repeat(at),
      colour,
      level: null,
    }))
    return [...steps, { name: 'missing', colour: look.noValue, level: null }]
  }
  const frequent = levelsOf(partner.cells).slice(0, shownLevels)
  return [
    ...frequent.map((level, at) => ({ name: `${partner.name} = ${level}`, colour: colourAt(at, look), level })),
    { name: 'others', colour: look.noValue, level: null },
  ]
}

function isPlaced(partner: Feature, k: number): boolean {
  return (partner.points[k] ?? partner.points[0])?.positions.some((position) => position !== null) ?? false
}

function groupAt(groups: readonly Group[], partner: Feature | null, k: number, at: number): number {
  if (!partner) return 0
  const last = groups.length - 1
  if (isPlaced(partner, k)) {
    const position = (partner.points[k] ?? partner.points[0])?.positions[at] ?? null
    return position === null ? last : Math.min(last - 1, Math.floor(position * last))
  }
  const found = groups.findIndex(({ level }) => level === text(partner.cells[at] ?? null))
  return found < 0 ? last : found
}

/** Most frequent first. */
function levelsOf(cells: readonly Cell[]): string[] {
  const counts = new Map<string, number>()
  for (const cell of cells) counts.set(text(cell), (counts.get(text(cell)) ?? 0) + 1)
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([level]) => level)
}

/** Mean prediction for each pair of values; pale where no row is near, for there the model was never asked. */
export function pairChart(pair: PairDependence, k: number, look: Look): ChartOption {
  const mean = pair.mean[k] ?? []
  const all = mean.flat()
  const low = all.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = all.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const [first, second] = pair.grids.map((grid) =>
    grid.map((cell) => (typeof cell === 'number' ? short(cell) : text(cell))),
  )
  return {
    ...baseOption(look),
    grid: { left: 24, right: 90, top: 28, bottom: 44, containLabel: true },
    xAxis: categoryAxis(look, first ?? [], {
      name: pair.features[0],
      nameLocation: 'middle',
      nameGap: 30,
      nameTextStyle: { color: look.text },
    }),
    yAxis: categoryAxis(look, second ?? [], {
      name: pair.features[1],
      nameTextStyle: { color: look.text, align: 'left' },
      axisLabel: { color: look.text, width: 90, overflow: 'truncate' },
    }),
    visualMap: {
      min: low,
      max: high,
      text: [short(high), short(low)],
      dimension: 2,
      calculable: false,
      right: 0,
      top: 'middle',
      itemHeight: 120,
      textStyle: { color: look.text },
      formatter: (value: number) => short(value),
      inRange: { color: [...look.ramp] },
    },
    series: [
      {
        type: 'heatmap',
        data: mean.flatMap((row, a) =>
          row.map((value, b) => ({
            value: [a, b, value],
            name: `${short(value)}, ${pair.counts[a]?.[b] ?? 0} rows`,
            itemStyle: {
              opacity: (pair.counts[a]?.[b] ?? 0) === 0 ? 0.3 : 1,
              borderColor: look.background,
              borderWidth: 1,
            },
          })),
        ),
      },
    ],
  }
}

/** How the prediction changes along a column, 0 on average over the rows; one line a class. */
export function effectsChart(effects: LocalEffects, unit: string, look: Look): ChartOption {
  const isNumber = effects.edges.every((edge) => typeof edge === 'number')
  const several = effects.effects.length > 1
  return {
    ...baseOption(look),
    ...(several ? { legend: { textStyle: { color: look.text }, top: 0, type: 'scroll' } } : {}),
    grid: { left: 44, right: 20, top: several ? 32 : 16, bottom: 36, containLabel: true },
    xAxis: isNumber
      ? valueAxis(look, effects.feature, { scale: true })
      : categoryAxis(look, effects.edges.map(text), {
          name: effects.feature,
          nameLocation: 'middle',
          nameGap: 28,
          nameTextStyle: { color: look.text },
        }),
    yAxis: valueAxis(look, `change of ${unit}`, { scale: true, nameGap: 48 }),
    series: effects.effects.map((line, at) => ({
      type: 'line',
      name: effects.classes[at] ?? '',
      symbolSize: 4,
      lineStyle: { width: 2.5, color: colourAt(at, look) },
      itemStyle: { color: colourAt(at, look) },
      data: line.map((value, edge) => (isNumber ? [effects.edges[edge], value] : value)),
    })),
  }
}

/** A number for every pair of columns, as shades; the diagonal is empty. */
export function pairsChart(names: readonly string[], table: readonly (readonly number[])[], look: Look): ChartOption {
  const cells = names.flatMap((_, p) =>
    names.flatMap((_name, q) =>
      p === q ? [] : [{ value: [p, q, table[p]?.[q] ?? 0], name: short(table[p]?.[q] ?? 0) }],
    ),
  )
  const most = cells.reduce((high, { value }) => Math.max(high, value[2] ?? 0), 0)
  return {
    ...baseOption(look),
    grid: { left: 12, right: 12, top: 8, bottom: 8, containLabel: true },
    xAxis: categoryAxis(look, names, {
      position: 'bottom',
      axisLabel: { color: look.text, width: 90, overflow: 'truncate', rotate: names.length > 6 ? 40 : 0, interval: 0 },
    }),
    yAxis: categoryAxis(look, names, {
      inverse: true,
      axisLabel: { color: look.text, width: 110, overflow: 'truncate', interval: 0 },
    }),
    visualMap: {
      show: false,
      min: 0,
      max: most || 1,
      dimension: 2,
      inRange: { color: look.dark ? ['#24282d', '#1f5f8b'] : ['#ffffff', '#7db8dc'] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells,
        label: {
          show: names.length <= 10,
          color: look.text,
          fontSize: 11,
          // Less than a fiftieth of the most is not worth a number.
          formatter: ({ value }: { value: number[] }) =>
            (value[2] ?? 0) * 50 < most ? '' : String(Number((value[2] ?? 0).toPrecision(2))),
        },
        itemStyle: { borderColor: look.line, borderWidth: 1 },
      },
    ],
  }
}

function text(cell: Cell): string {
  return cell === null ? 'missing' : String(cell)
}
