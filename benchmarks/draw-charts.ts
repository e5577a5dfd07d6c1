/**
 * Draws the stored results of the benchmarks for docs/engine.md, with the same chart code as the window and the reports.
 *
 *   node benchmarks/draw-charts.ts
 *
 * Reads benchmarks/results/, writes docs/charts/.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chartSvg } from '../core/documents/chart-svg.ts'
import type { ChartOption } from '../shared/charts/look.ts'
import { baseOption, categoryAxis, lightLook, short, valueAxis } from '../shared/charts/look.ts'
import type { MetricName } from '../shared/domain/values.ts'
import { lessIsBetter } from '../shared/domain/values.ts'
import { trainingRatios } from './training-ratios.ts'

const results = join(import.meta.dirname, 'results')
const charts = join(import.meta.dirname, '..', 'docs', 'charts')
const look = lightLook
const width = 760
/** Worse than the best by more than this is drawn at the edge, in percent. */
const mostGap = 15

const titles: Readonly<Record<string, string>> = {
  maestro: 'Maestro',
  flaml: 'FLAML',
  autogluon: 'AutoGluon',
  lgbm_optuna: 'LightGBM + Optuna',
  sklearn_hgb: 'HistGradientBoosting',
  sklearn_rf: 'RandomForest',
}

interface Ranks {
  readonly meanRanks: Readonly<Record<string, number>>
  readonly tables: readonly {
    readonly table: string
    readonly metric: MetricName
    readonly scores: Readonly<Record<string, number>>
  }[]
}

const { meanRanks, tables } = JSON.parse(readFileSync(join(results, 'automl-ranks.json'), 'utf8')) as Ranks

/** Ours stands out, everybody else is grey. */
function colourOf(name: string): string {
  return name === 'maestro' ? look.palette[1] : look.palette[6]
}

function ranksChart(): ChartOption {
  const order = Object.entries(meanRanks).sort(([, a], [, b]) => a - b)
  return {
    ...baseOption(look),
    backgroundColor: look.background,
    grid: { left: 10, right: 60, top: 10, bottom: 40, containLabel: true },
    xAxis: valueAxis(look, 'mean rank over 12 tables (1 is the best)', { min: 0 }),
    yAxis: categoryAxis(
      look,
      order.map(([name]) => titles[name] ?? name),
      { inverse: true },
    ),
    series: [
      {
        type: 'bar',
        data: order.map(([name, rank]) => ({ value: rank, itemStyle: { color: colourOf(name) } })),
        label: {
          show: true,
          position: 'right',
          color: look.text,
          formatter: ({ value }: { value: number }) => value.toFixed(2),
        },
      },
    ],
  }
}

/** How far each tool is behind the best of a table; scores that are better when they are higher are turned into errors first. */
function gaps({ metric, scores }: Ranks['tables'][number]): [name: string, percent: number][] {
  const losses = Object.entries(scores).map(([name, score]): [string, number] => [
    name,
    lessIsBetter.has(metric) ? score : 1 - score,
  ])
  const best = Math.min(...losses.map(([, loss]) => loss))
  return losses.map(([name, loss]) => [name, Math.min(mostGap, 100 * (loss / best - 1))])
}

function tablesChart(): ChartOption {
  const names = Object.keys(meanRanks).sort((a, b) => Number(a === 'maestro') - Number(b === 'maestro'))
  return {
    ...baseOption(look),
    backgroundColor: look.background,
    legend: { data: ['the other tools', 'Maestro'], textStyle: { color: look.text }, top: 0 },
    grid: { left: 10, right: 30, top: 34, bottom: 40, containLabel: true },
    xAxis: valueAxis(look, `error above that of the best, % (${mostGap} or more at the edge)`, {
      min: 0,
      max: mostGap,
    }),
    yAxis: categoryAxis(
      look,
      tables.map(({ table }) => table),
      { inverse: true },
    ),
    series: names.map((name) => ({
      type: 'scatter',
      name: name === 'maestro' ? 'Maestro' : 'the other tools',
      symbol: name === 'maestro' ? 'diamond' : 'circle',
      symbolSize: name === 'maestro' ? 14 : 8,
      itemStyle: { color: colourOf(name) },
      data: tables.map((table) => [gaps(table).find(([each]) => each === name)?.[1], table.table]),
    })),
  }
}

function ratiosChart(): ChartOption {
  const ratios = trainingRatios(results)
  const names = ratios.map(({ name, ratio }) => `${name}: ${short(ratio)}`)
  return {
    ...baseOption(look),
    backgroundColor: look.background,
    legend: {
      data: ['Maestro’s time / the other’s', 'what was asked for at most'],
      textStyle: { color: look.text },
      top: 0,
    },
    grid: { left: 10, right: 60, top: 34, bottom: 40, containLabel: true },
    xAxis: valueAxis(look, 'time, as a share of the other tool’s', { min: 0 }),
    yAxis: categoryAxis(look, names, {
      inverse: true,
      axisLabel: { color: look.text, width: 360, overflow: 'truncate' },
    }),
    series: [
      {
        type: 'bar',
        name: 'Maestro’s time / the other’s',
        itemStyle: { color: look.palette[1] },
        data: ratios.map(({ ratio }) => ratio),
      },
      {
        type: 'scatter',
        name: 'what was asked for at most',
        symbol: 'rect',
        symbolSize: [3, 20],
        itemStyle: { color: look.text },
        data: ratios.map(({ bar }, at) => [bar, names[at]]),
      },
    ],
  }
}

mkdirSync(charts, { recursive: true })
const drawn = [
  { name: 'automl-ranks', title: 'Mean ranks of the tools', option: ranksChart(), height: 240 },
  {
    name: 'automl-tables',
    title: 'How far each tool is behind the best, table by table',
    option: tablesChart(),
    height: 430,
  },
  {
    name: 'training-times',
    title: 'Times as shares of the other tools’ times',
    option: ratiosChart(),
    height: 60 + 34 * trainingRatios(results).length,
  },
]
for (const { name, title, option, height } of drawn) {
  const svg = chartSvg(option, name, { width, height }).replace(
    /<svg[^>]*>/,
    (opening) => `${opening}<title>${title}</title>`,
  )
  writeFileSync(join(charts, `${name}.svg`), `${svg}\n`)
  console.log(`docs/charts/${name}.svg`)
}
