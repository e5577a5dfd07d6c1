import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomStream } from '../../../engine/random.ts'
import type { CounterfactualAnswer, Surrogate } from '../../../shared/domain/inspections.ts'
import { maestro, maestroJson } from '../../fixtures/run-maestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-explain-'))
const workspace = join(folder, 'workspace')
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

beforeAll(async () => {
  const table = join(folder, 'loans.csv')
  writeFileSync(table, loans(400))
  const trained = ['automl', table, '--target', 'repaid', '--trials', '2', '--budget', '5', '--register', 'loans']
  await json(...trained, '--seed', '1', '--progress', 'none')
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 }))

describe('explain', () => {
  test('counterfactuals reach the outcome without touching what must stay, and name similar rows', async () => {
    const { rows, counterfactuals } = (await json(
      ...['explain', 'loans', 'loans', '--rows', '0:6', '--counterfactuals', '--keep', 'town,noise'],
    )) as { rows: { row: number; prediction: string }[]; counterfactuals: CounterfactualAnswer[] }
    expect(counterfactuals.map(({ row }) => row)).toEqual(rows.map(({ row }) => row))
    expect(counterfactuals.some(({ answers }) => answers.length > 0)).toBe(true)
    for (const [at, answer] of counterfactuals.entries()) {
      expect(answer.wanted).toBe(rows[at]?.prediction === 'yes' ? 'no' : 'yes')
      for (const { changes, prediction } of answer.answers) {
        expect(prediction).toBe(answer.wanted)
        for (const { feature } of changes) expect(['income', 'debt']).toContain(feature)
      }
      expect(answer.nearest).toHaveLength(5)
      expect(answer.nearest.map(({ row }) => row)).not.toContain(answer.row)
    }
    const unknown = await run('explain', 'loans', 'loans', '--rows', '0', '--counterfactuals', '--wanted', 'maybe')
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringMatching(/INPUT_INVALID.*maybe/)])
  })

  test('a surrogate tree says how far it may stand for the model', async () => {
    const { surrogate } = (await json('explain', 'loans', 'loans', '--rows', '0', '--surrogate')) as {
      surrogate: Surrogate
    }
    expect(surrogate).toMatchObject({ output: 'probability of yes', fidelity: { rows: 120 } })
    expect(['income', 'debt', 'town']).toContain(surrogate.nodes[0]?.feature)
    expect(surrogate.fidelity.agreement).toBeGreaterThan(0.7)
  })
})
