import type { ChartOption } from '../../shared/charts/look.ts'
import { formatPlain } from '../ui/number-format.ts'

/** A point that the keyboard can reach: where it is in the chart, and what it says. */
export interface ChartPoint {
  readonly seriesIndex: number
  readonly dataIndex: number
  readonly text: string
}

interface Axis {
  readonly name?: string
  readonly data?: readonly unknown[]
}

/** All points of a chart in drawing order; what only guides the eye (silent series) is left out. */
export function chartPoints(option: ChartOption): ChartPoint[] {
  const x = (option.xAxis ?? {}) as Axis
  const y = (option.yAxis ?? {}) as Axis
  const series = (option.series ?? []) as readonly {
    readonly name?: string
    readonly silent?: boolean
    readonly data?: readonly unknown[]
  }[]
  return series.flatMap(({ name, silent, data }, seriesIndex) =>
    silent || !data
      ? []
      : data.map((item, dataIndex) => ({
          seriesIndex,
          dataIndex,
          // Written when the point is reached: a beeswarm has tens of thousands.
          get text() {
            return describe(item, dataIndex, name, x, y)
          },
        })),
  )
}

function describe(item: unknown, at: number, series: string | undefined, x: Axis, y: Axis): string {
  const named = typeof item === 'object' && item !== null && !Array.isArray(item) && 'value' in item
  const value: unknown = named ? item.value : item
  const label = named && 'name' in item ? String(item.name) : ''
  const parts = [series ?? '', label]
  if (Array.isArray(value)) {
    const words = value.slice(0, 2).map((part: unknown, axis) => {
      const { name = '', data } = axis === 0 ? x : y
      return `${name} ${data && typeof part === 'number' ? String(data[part] ?? part) : write(part)}`.trim()
    })
    parts.push(words.join(', '))
  } else {
    // One number a category: which axis has the categories tells which way the bars lie.
    const [categories, measure] = y.data ? [y, x] : [x, y]
    parts.push(
      `${String(categories.data?.[at] ?? '')} ${measure.name ?? ''} ${write(value)}`.replaceAll(/\s+/g, ' ').trim(),
    )
  }
  return parts.filter((part) => part !== '').join(': ')
}

function write(value: unknown): string {
  return typeof value === 'number' ? formatPlain(value) : String(value)
}
