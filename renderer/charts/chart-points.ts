import type { ChartOption } from '../../shared/charts/look.ts'
import { formatPlain } from '../ui/number-format.ts'

/** A point that the keyboard can reach: where it is in the chart, and what it says. */
export interface ChartPoint {
  readonly seriesIndex: number
  readonly dataIndex: number
  readonly text: string
}

/** Points by their place in drawing order. */
interface ChartPoints {
  readonly count: number
  /** Undefined beyond the last. */
  at(place: number): ChartPoint | undefined
}

interface Axis {
  readonly name?: string
  readonly data?: readonly unknown[]
}

/**
 * All points of a chart; what only guides the eye (silent series) is left out. Each is made when it is reached: a
 * beeswarm has tens of thousands.
 */
export function chartPoints(option: ChartOption): ChartPoints {
  const x = (option.xAxis ?? {}) as Axis
  const y = (option.yAxis ?? {}) as Axis
  const all = (option.series ?? []) as readonly {
    readonly name?: string
    readonly silent?: boolean
    readonly data?: readonly unknown[]
  }[]
  const series = all.flatMap(({ name, silent, data }, seriesIndex) =>
    silent || !data ? [] : [{ name, data, seriesIndex }],
  )
  return {
    count: series.reduce((sum, { data }) => sum + data.length, 0),
    at(place) {
      let dataIndex = place
      for (const { name, data, seriesIndex } of series) {
        if (dataIndex < data.length) {
          return { seriesIndex, dataIndex, text: describe(data[dataIndex], dataIndex, name, x, y) }
        }
        dataIndex -= data.length
      }
      return undefined
    },
  }
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
