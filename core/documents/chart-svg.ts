import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent, VisualMapComponent } from 'echarts/components'
import { init, use as registerParts } from 'echarts/core'
import { LegacyGridContainLabel } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'
import type { ChartOption } from '../../shared/charts/look.ts'

registerParts([
  BarChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  VisualMapComponent,
  // Without it each drawing prints a warning.
  LegacyGridContainLabel,
  SVGRenderer,
])

/** Size of a picture in CSS pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/**
 * Draws a chart without a page, for cards and reports: the same bytes for the same option. `name` starts the picture's
 * identifiers, so that several can stand in one document.
 */
export function chartSvg(option: ChartOption, name: string, size: PictureSize): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size })
  try {
    // A picture has neither pointer nor tooltip.
    const { tooltip: _, ...still } = option
    chart.setOption({ ...still, animation: false })
    return withFixedNames(chart.renderToSVGString(), name)
  } finally {
    chart.dispose()
  }
}

/** ECharts counts identifiers over the life of the process, and adds classes and styles for a pointer. */
function withFixedNames(svg: string, name: string): string {
  const names = new Map<string, string>()
  return svg
    .replaceAll(/<style[^>]*>[\s\S]*?<\/style>\s*/g, '')
    .replaceAll(/ (?:class|pointer-events|ecmeta_[a-z_]+)="[^"]*"/g, '')
    .replaceAll(/(?<=id="|url\(#|href="#)zr[\w-]+/g, (given) => {
      const known = names.get(given) ?? `${name}-${names.size}`
      names.set(given, known)
      return known
    })
}
