import { init } from 'echarts'
import type { ChartOption } from '../../../../shared/charts/look.ts'

/** Draws an option without a browser, as the picture that "Save SVG" gives. Throws where ECharts cannot draw it. */
export function draw(option: ChartOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 600, height: 300 })
  try {
    chart.setOption(option)
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}

/** All that can be read in a picture. */
export function texts(picture: string): string[] {
  return [...picture.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '')
}
