import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomStream } from '../../../engine/random.ts'
import type { CounterfactualAnswer, Surrogate } from '../../../shared/domain/inspections.ts'
import { maestro, maestroJson } from '../../fixtures/run-maestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-explain-'))
const workspace = join(folder, 'workspace')
const poorTable = join(folder, 'poor.csv')
const run = (...args: string[]) => maestro(workspace, ...args)
const json = async (...args: string[]) => (await maestroJson(workspace, ...args)).json

/** Income and town decide, noise does not; debt goes along with income. */
function loans(rows: number): string {
  const random = randomStream(11)
  const lines = ['income,debt,town,noise,repaid']
  for (let row = 0; row < rows; row++) {
    const income = Math.round(random.nextFloat() * 1_000)
    const debt = Math.round(income * 0.5 + random.nextFloat() * 20)
    const town = ['Aachen', 'Bremen', 'Celle'][random.nextBelow(3)] ?? ''
    const repaid = income / 1_000 + (town === 'Celle' ? 0.3 : 0) + random.nextFloat() * 0.2 > 0.7
    lines.push(
      `${row % 19 === 0 ? '' : income},${debt},${town},${random.nextFloat().toFixed(3)},${repaid ? 'yes' : 'no'}`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** Those with little income only. */
function poor(lines: string): string {
  const [first = '', ...rows] = lines.split('\n')
  return [first, ...rows.filter((line) => Number(line.split(',')[0]) < 200)].join('\n')
}

beforeAll(async () => {
  const table = join(folder, 'loans.csv')
  writeFileSync(table, loans(400))
  const trained = ['automl', table, '--target', 'repaid', '--trials', '2', '--budget', '60', '--register', 'loans']
  await json(...trained, '--seed', '1', '--progress', 'none')
  writeFileSync(poorTable, poor(loans(200)))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 }))

const range = ['explain', 'loans', 'loans', '--rows', '0:6'] as const

test('one call gives counterfactuals, interactions and a surrogate beside the attributions', async () => {
  const asked = [...range, '--interactions', '--counterfactuals', '--keep', 'town,noise', '--surrogate']
  const answer = (await json(...asked)) as ExplainJson
  const { rows, features, counterfactuals = [], surrogate } = answer
  expect(counterfactuals.map(({ row }) => row)).toEqual(rows.map(({ row }) => row))
  expect(counterfactuals.some(({ answers }) => answers.length > 0)).toBe(true)
  for (const [at, counterfactual] of counterfactuals.entries()) {
    expect(counterfactual.wanted).toBe(rows[at]?.prediction === 'yes' ? 'no' : 'yes')
    for (const { changes, prediction } of counterfactual.answers) {
      expect(prediction).toBe(counterfactual.wanted)
      for (const { feature } of changes) expect(['income', 'debt']).toContain(feature)
    }
    expect(counterfactual.nearest).toHaveLength(5)
    expect(counterfactual.nearest.map(({ row }) => row)).not.toContain(counterfactual.row)
  }
  for (const { values, interactions = [] } of rows) {
    expect(interactions).toHaveLength(features.length)
    for (const [p, row] of interactions.entries()) {
      // Sums of four doubles of size 1.
      expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(values[p] as number, 12)
      for (const [q, value] of row.entries()) expect(interactions[q]?.[p]).toBe(value)
    }
  }
  expect(surrogate).toMatchObject({ output: 'probability of yes', fidelity: { rows: 120 } })
  expect(['income', 'debt', 'town']).toContain(surrogate?.nodes[0]?.feature)
  expect(surrogate?.fidelity.agreement).toBeGreaterThan(0.7)
})

test('grouped columns keep their sum, and a background of other data moves the base value', async () => {
  const ask = [...range, '--output', 'probability', '--method', 'exact'] as const
  const [grouped, own, against] = (await Promise.all([
    json(...range, '--grouped'),
    json(...ask),
    json(...ask, '--background', poorTable),
  ])) as [ExplainJson, ExplainJson, ExplainJson]
  expect(grouped).toMatchObject({ method: 'exact', exact: true, grouped: [['income', 'debt']] })
  for (const { values, scores } of grouped.rows) {
    const sum = values.reduce((total, value) => total + value, grouped.baseValues[0] as number)
    expect(sum).toBeCloseTo(scores[0] as number, 12)
  }
  expect(against.baseValues[0]).toBeLessThan((own.baseValues[0] as number) - 0.1)
  expect(against.rows[0]?.scores).toEqual(own.rows[0]?.scores)
})

test('sampling ends at the bound that is asked for, and LIME says how it was made', async () => {
  const ask = [...range, '--output', 'probability'] as const
  const [coarse, fine, lime] = (await Promise.all([
    json(...ask, '--method', 'sampling', '--tolerance', '0.05'),
    json(...ask, '--method', 'sampling', '--tolerance', '0.005'),
    json(...ask, '--method', 'lime'),
  ])) as [ExplainJson, ExplainJson, ExplainJson]
  expect(coarse.sampling?.largest).toBeLessThanOrEqual(0.05)
  expect(fine.sampling).toMatchObject({ bound: 0.005 })
  expect(fine.sampling?.largest).toBeLessThanOrEqual(0.005)
  // Four columns: 0.75 times their root.
  expect(lime.lime).toEqual({ kernelWidth: 1.5, repeats: 5, samples: 1_000 })
})

test('importance of columns that say the same, shuffled together', async () => {
  const { features } = (await json('importance', 'loans', 'loans', '--grouped')) as {
    features: { name: string; mean: number; columns?: string[] }[]
  }
  const together = features.find(({ columns }) => columns !== undefined)
  expect(together).toMatchObject({ name: 'income + debt', columns: ['income', 'debt'] })
  expect(features).toHaveLength(3)
  const { features: alone } = (await json('importance', 'loans', 'loans')) as {
    features: { name: string; mean: number }[]
  }
  for (const name of ['income', 'debt']) {
    expect(together?.mean).toBeGreaterThan(alone.find((each) => each.name === name)?.mean ?? 0)
  }
})

test('dependence of one column, its single rows, two columns, and local effects', async () => {
  const ask = ['dependence', 'loans', 'loans', '--feature', 'income'] as const
  const [alone, pair, local] = (await Promise.all([
    json(...ask, '--ice'),
    json(...ask, '--with', 'town'),
    json(...ask, '--method', 'ale'),
  ])) as [
    { grid: number[]; curves: number[][] },
    { grid: number[]; mean: number[][]; interaction: number },
    { grid: number[]; mean: number[]; counts: number[] },
  ]
  expect(alone.curves[0]).toHaveLength(alone.grid.length)
  expect(pair).toMatchObject({ feature: 'income', with: 'town', withGrid: expect.arrayContaining(['Celle']) })
  expect([pair.mean.length, pair.mean[0]?.length]).toEqual([pair.grid.length, 3])
  expect(pair.interaction).toBeGreaterThan(0)
  expect(pair.interaction).toBeLessThan(1)
  expect(local.mean.at(-1)).toBeGreaterThan((local.mean[0] as number) + 0.3)
  expect(local.counts).toHaveLength(local.grid.length - 1)
})

test.each([
  [[...range, '--interactions', '--grouped'], /INPUT_INVALID.*independent/],
  [[...range, '--counterfactuals', '--wanted', 'maybe'], /INPUT_INVALID.*maybe/],
  [[...range, '--tolerance', '0.9'], /--tolerance goes from/],
  [['dependence', 'loans', 'loans', '--feature', 'town', '--method', 'ale'], /no order/],
  [['dependence', 'loans', 'loans', '--feature', 'town', '--ice', '--with', 'debt'], /exclude each other/],
])('%j is exit 2', async (words, told) => {
  const { exitCode, stderr } = await run(...words)
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(told)])
})

interface ExplainJson {
  readonly features: string[]
  readonly baseValues: number[]
  readonly grouped?: string[][]
  readonly sampling?: { bound: number; largest: number }
  readonly lime?: unknown
  readonly rows: { row: number; prediction: string; scores: number[]; values: number[]; interactions?: number[][] }[]
  readonly counterfactuals?: CounterfactualAnswer[]
  readonly surrogate?: Surrogate
}
