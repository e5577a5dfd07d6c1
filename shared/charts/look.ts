/** Colours of a scheme, each with a contrast of at least 3:1 to the card that it stands on: all that a chart needs beside its data. */
export interface Look {
  readonly dark: boolean
  readonly text: string
  /** Of the grid only, which need not be seen to read a chart. */
  readonly line: string
  /** Of axes, reference lines and what stands behind the data. */
  readonly muted: string
  readonly background: string
  /** Told apart by everybody, in a fixed order. */
  readonly palette: readonly [string, string, string, string, string, string, string]
  /** "Lowers" and "raises". */
  readonly lowers: string
  readonly raises: string
  /** From low to high values. */
  readonly ramp: readonly string[]
  /** Where there is no value to place on the ramp. */
  readonly noValue: string
}

/** What ECharts draws: plain data and functions, so that this folder needs no package. */
export type ChartOption = Readonly<Record<string, unknown>>

/** Okabe & Ito's hues without black and yellow; the pale ones are darkened for a white card. */
export const lightLook: Look = {
  dark: false,
  text: '#343a40',
  line: '#ced4da',
  muted: '#7a828a',
  background: '#ffffff',
  palette: ['#0072B2', '#D55E00', '#00845F', '#B3578C', '#A06A00', '#2B8CBF', '#6E6E6E'],
  lowers: '#0072B2',
  raises: '#D55E00',
  ramp: ['#0072B2', '#4868B0', '#7459A5', '#954A8E', '#AE3D71', '#BE3553', '#C23434'],
  noValue: '#7F7F7F',
}

/** The same hues chosen anew for a dark card, not inverted. */
export const darkLook: Look = {
  dark: true,
  text: '#ced4da',
  line: '#495057',
  muted: '#8d959d',
  background: '#24282d',
  palette: ['#4BA3DB', '#F0803C', '#1DB88B', '#DB90BC', '#E6A521', '#86CDF3', '#A3A3A3'],
  lowers: '#4BA3DB',
  raises: '#F0803C',
  ramp: ['#4FB0EA', '#7BA4F0', '#A596EE', '#C98ADF', '#E480BD', '#F27C93', '#F58166'],
  noValue: '#9A9A9A',
}

/** A learner keeps its colour everywhere: its place in the palette. */
const learnerPlaces: Readonly<Record<string, number>> = {
  'gradient-boosting': 0,
  'random-forest': 2,
  'extra-trees': 3,
  'logistic-regression': 1,
  'elastic-net': 1,
  'decision-tree': 5,
  ensemble: 4,
}

export function learnerColour(learner: string, look: Look): string {
  return colourAt(learnerPlaces[learner] ?? look.palette.length - 1, look)
}

/** The colour of a series by its place; starts anew after the last. */
export function colourAt(at: number, look: Look): string {
  return look.palette[at % look.palette.length] ?? look.text
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
    axisLine: { lineStyle: { color: look.muted } },
    splitLine: { lineStyle: { color: look.line, opacity: 0.5 } },
    ...more,
  }
}

export function categoryAxis(look: Look, data: readonly string[], more: object = {}): object {
  return {
    type: 'category',
    data,
    axisLabel: { color: look.text, width: 130, overflow: 'truncate' },
    axisLine: { lineStyle: { color: look.muted } },
    axisTick: { show: false },
    ...more,
  }
}

export function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}

/** The name of those that are shown as one. */
export function otherColumns(count: number): string {
  return count === 1 ? '1 other column' : `${count} other columns`
}
