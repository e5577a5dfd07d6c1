import type { EChartsCoreOption } from 'echarts/core'

/** Colours of a scheme, and words of the axes: all that a chart needs beside its data. */
export interface Look {
  readonly dark: boolean
  readonly text: string
  readonly line: string
  readonly background: string
}

export type ChartOption = EChartsCoreOption

export const lightLook: Look = { dark: false, text: '#343a40', line: '#ced4da', background: '#ffffff' }
export const darkLook: Look = { dark: true, text: '#ced4da', line: '#495057', background: '#24282d' }

/** Okabe & Ito's palette, told apart by everybody; black and yellow are left out, since one scheme or the other hides them. */
export const palette = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#7F7F7F'] as const
/** "Lowers" and "raises". */
export const lowers = '#0072B2'
export const raises = '#D55E00'

/** A learner keeps its colour everywhere. */
const learnerColours: Readonly<Record<string, string>> = {
  'gradient-boosting': palette[0],
  'random-forest': palette[2],
  'extra-trees': palette[3],
  'logistic-regression': palette[1],
  'elastic-net': palette[1],
  ensemble: palette[4],
}

export function learnerColour(learner: string): string {
  return learnerColours[learner] ?? palette[6]
}

/** What all charts share: text, axes and tooltip that pass the page's policy. */
export function baseOption(look: Look): ChartOption {
  return {
    animation: false,
    textStyle: { color: look.text, fontSize: 12 },
    tooltip: {
      renderMode: 'richText',
      trigger: 'item',
      backgroundColor: look.background,
      borderColor: look.line,
      textStyle: { color: look.text, fontSize: 12 },
    },
    grid: { left: 30, right: 24, top: 16, bottom: 30, containLabel: true },
  }
}

export function valueAxis(look: Look, name: string, more: object = {}): object {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 30,
    nameTextStyle: { color: look.text },
    axisLabel: { color: look.text, hideOverlap: true },
    axisLine: { lineStyle: { color: look.line } },
    splitLine: { lineStyle: { color: look.line, opacity: 0.5 } },
    ...more,
  }
}

export function categoryAxis(look: Look, data: readonly string[], more: object = {}): object {
  return {
    type: 'category',
    data,
    axisLabel: { color: look.text, width: 130, overflow: 'truncate' },
    axisLine: { lineStyle: { color: look.line } },
    axisTick: { show: false },
    ...more,
  }
}

export function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}
