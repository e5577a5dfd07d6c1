import { expect, test } from 'vitest'
import { attributionScatter, effectsChart, pairChart, pairsChart } from '../../../../shared/charts/column-charts.ts'
import { darkLook, lightLook } from '../../../../shared/charts/look.ts'
import { decisionChart } from '../../../../shared/charts/row-charts.ts'
import { treeChart } from '../../../../shared/charts/tree-chart.ts'
import type { Explanation, GlobalExplanation } from '../../../../shared/domain/explanations.ts'
import type { Surrogate } from '../../../../shared/domain/inspections.ts'
import { draw, texts } from './draw.ts'

const row = (number: number, values: readonly number[]): Explanation['rows'][number] => ({
  row: number,
  prediction: 'yes',
  scores: [0.5 + values.reduce((sum, value) => sum + value, 0)],
  probabilities: [0.4, 0.6],
  cells: values.map((_, at) => at),
  values: [[...values]],
  standardErrors: null,
  reading: '',
})

function explanationOf(rows: readonly (readonly number[])[]): Explanation {
  return {
    method: 'tree',
    exact: true,
    output: 'raw',
    task: 'binary',
    classes: ['no', 'yes'],
    features: (rows[0] ?? []).map((_, at) => `column ${at}`),
    baseValues: [0.5],
    rows: rows.map((values, at) => row(at, values)),
    additivity: { maxAbsError: 0 },
  }
}

interface Line {
  readonly name: string
  readonly data: readonly (readonly [number, number])[]
}

test('a decision plot starts every row at the base and ends at its score, the strongest column last', () => {
  const option = decisionChart(
    explanationOf([
      [1, -2, 0.1],
      [0.5, 2, 0],
    ]),
    0,
    lightLook,
  )
  const lines = option.series as readonly Line[]
  expect(lines.map(({ data }) => [data[0]?.[0], data.at(-1)?.[0]])).toEqual([
    [0.5, expect.closeTo(-0.4, 12)],
    [0.5, 3],
  ])
  expect((option.yAxis as { data: string[] }).data).toEqual(['on average', 'column 2', 'column 0', 'column 1'])
  const many = decisionChart(explanationOf([Array.from({ length: 30 }, (_, at) => at / 10)]), 0, darkLook)
  expect((many.yAxis as { data: string[] }).data).toHaveLength(16)
  expect((many.series as readonly Line[])[0]?.data.at(-1)?.[0]).toBeCloseTo(0.5 + 43.5, 10)
  expect(texts(draw(option))).toEqual(expect.arrayContaining(['column 1', 'row 0: yes', 'score']))
})

const feature = (
  name: string,
  cells: readonly (number | string | null)[],
  values: readonly number[],
): GlobalExplanation['features'][number] => ({
  name,
  meanAbs: 1,
  share: 0.5,
  cells: [...cells],
  points: [{ values: [...values], positions: cells.map((cell, at) => (typeof cell === 'number' ? at / 3 : null)) }],
})

test('the scatter puts every row with a value into the colour of its partner', () => {
  const age = feature('age', [10, 20, null, 40], [0.1, 0.2, 0.3, 0.4])
  const sex = feature('sex', ['f', 'm', 'f', 'm'], [0, 0, 0, 0])
  const byLevel = attributionScatter(age, sex, 0, lightLook).series as readonly Line[]
  expect(byLevel.map(({ name, data }) => [name, data])).toEqual([
    ['sex = f', [[10, 0.1]]],
    [
      'sex = m',
      [
        [20, 0.2],
        [40, 0.4],
      ],
    ],
    ['others', []],
  ])
  const byNumber = attributionScatter(sex, age, 0, lightLook).series as readonly Line[]
  expect(byNumber.flatMap(({ data }) => data)).toHaveLength(4)
  expect(byNumber[0]?.data).toHaveLength(1)
  expect(byNumber.at(-1)?.data).toHaveLength(1)
  expect(texts(draw(attributionScatter(sex, null, 0, darkLook)))).toEqual(expect.arrayContaining(['f', 'm', 'sex']))
})

test('pairs, local effects and tables of pairs can be drawn and name what they show', () => {
  const pair = pairChart(
    {
      features: ['age', 'sex'],
      classes: [],
      grids: [
        [1, 2],
        ['f', null],
      ],
      mean: [
        [
          [0.1, 0.2],
          [0.3, 0.4],
        ],
      ],
      counts: [
        [3, 0],
        [1, 1],
      ],
      interaction: [0],
      reading: '',
    },
    0,
    lightLook,
  )
  const [heatmap] = pair.series as readonly { data: readonly { itemStyle: { opacity: number } }[] }[]
  expect(heatmap?.data.map(({ itemStyle }) => itemStyle.opacity)).toEqual([1, 0.3, 1, 1])
  expect(texts(draw(pair))).toEqual(expect.arrayContaining(['age', 'sex', 'missing']))
  const effects = {
    feature: 'fare',
    classes: [],
    edges: [0, 5, 9],
    effects: [[-1, 0, 2]],
    counts: [4, 4],
    leftOut: 0,
    reading: '',
  }
  expect(texts(draw(effectsChart(effects, 'price', darkLook)))).toEqual(
    expect.arrayContaining(['fare', 'change of price']),
  )
  const named = texts(
    draw(
      pairsChart(
        ['a', 'b'],
        [
          [0, 0.25],
          [0.25, 0],
        ],
        lightLook,
      ),
    ),
  )
  expect(named.filter((text) => text === '0.25')).toHaveLength(2)
})

test('a tree shows every question with its answers, and every leaf', () => {
  const leaf = { feature: null, threshold: null, levels: null, missingLeft: false, left: null, right: null }
  const nodes: Surrogate['nodes'] = [
    { value: 0.4, rows: 10, feature: 'sex', threshold: null, levels: ['f', 'x'], missingLeft: true, left: 1, right: 2 },
    { ...leaf, value: 0.9, rows: 4 },
    { value: 0.1, rows: 6, feature: 'age', threshold: 3.5, levels: null, missingLeft: true, left: 3, right: 4 },
    { ...leaf, value: 0.3, rows: 2 },
    { ...leaf, value: 0.05, rows: 4 },
  ]
  const option = treeChart({ nodes, output: 'probability of yes' }, lightLook)
  const [boxes] = option.series as readonly { data: readonly { value: readonly number[]; name: string }[] }[]
  const at = new Map(boxes?.data.map(({ name, value }) => [name, value.slice(0, 2)]))
  expect(Object.fromEntries(at)).toEqual({
    'f or x: 0.9 (4 rows)': [0, 1],
    '≤ 3.5: 0.3 (2 rows)': [1, 2],
    '> 3.5: 0.05 (4 rows)': [2, 2],
    'otherwise: 0.1 (6 rows)': [1.5, 1],
    '0.4 (10 rows)': [0.75, 0],
  })
  expect(texts(draw(option))).toEqual(expect.arrayContaining(['sex?', 'age?', '0.9', 'f or x', '2 rows']))
})
