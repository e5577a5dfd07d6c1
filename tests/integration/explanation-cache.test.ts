import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import { openApp } from '../../core/app.ts'
import { randomStream } from '../../engine/random.ts'
import type { Dependence } from '../../shared/domain/explanations.ts'
import type { ColumnInteractions, LocalEffects, PairDependence, Surrogate } from '../../shared/domain/inspections.ts'
import { maestroJson } from '../fixtures/run-maestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-kept-'))
const workspace = join(folder, 'workspace')
let app: App

function houses(rows: number, seed: number): string {
  const random = randomStream(seed)
  const lines = ['area,rooms,town,price']
  for (let row = 0; row < rows; row++) {
    const area = Math.round(40 + 100 * random.nextFloat())
    const town = random.nextBelow(2) === 0 ? 'Aachen' : 'Celle'
    const price = area * (town === 'Celle' ? 3 : 2) + 10 * random.nextNormal()
    lines.push(`${area},${Math.round(area / 25)},${town},${price.toFixed(1)}`)
  }
  return lines.join('\n')
}

beforeAll(async () => {
  const [table, other] = [join(folder, 'houses.csv'), join(folder, 'others.csv')]
  writeFileSync(table, houses(300, 1))
  writeFileSync(other, houses(200, 2))
  const search = [
    '--target',
    'price',
    '--trials',
    '2',
    '--budget',
    '60',
    '--learners',
    'gradient-boosting',
    '--register',
    'houses',
  ]
  await maestroJson(workspace, 'automl', table, ...search)
  await maestroJson(workspace, 'data', 'import', other)
  app = await openApp(workspace)
}, 120_000)
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 })
})

const kept = () =>
  (app.context.database.sqlite.prepare('SELECT COUNT(*) AS n FROM explanation_cache').get() as { n: number }).n
const evidence = (kind: string) => app.models.evidence(app.models.version('houses/1').id, kind)

test('registration stores numbers and pictures of all that explains the version', () => {
  const stored = evidence('inspections') as {
    dependence: Dependence[]
    interactions: ColumnInteractions
    surrogate: Surrogate
    effects: LocalEffects[]
    pair: PairDependence
  }
  expect(stored.dependence.map(({ feature }) => feature)).toEqual(expect.arrayContaining(['area', 'town']))
  expect(stored.interactions.features).toEqual(expect.arrayContaining(['area', 'town']))
  expect(stored.effects.map(({ feature }) => feature)).toContain('area')
  expect([...stored.pair.features].sort()).toEqual(['area', 'town'])
  expect(stored.surrogate.fidelity.r2).toBeGreaterThan(0.5)
  const { pictures } = evidence('pictures') as { pictures: { name: string; svg: string; title: string }[] }
  expect(pictures.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'beeswarm',
      'importance',
      'dependence-0',
      'effects-0',
      'interactions',
      'pair',
      'surrogate',
    ]),
  )
  for (const { svg, title } of pictures) {
    expect(svg).toMatch(/^<svg[\s\S]+<\/svg>\s*$/)
    expect(title).not.toBe('')
  }
  expect(pictures.find(({ name }) => name === 'beeswarm')?.svg).toContain('town')
})

test('what was stored is not worked out again, by the version’s name or by its table’s', async () => {
  const before = kept()
  const [first] = (evidence('inspections') as { dependence: Dependence[] }).dependence
  expect(await app.explain.dependence('houses', undefined, first?.feature ?? '', false)).toEqual(first)
  expect(await app.explain.dependence('houses/1', 'houses', first?.feature ?? '', false)).toEqual(first)
  expect(await app.explain.global('houses', 'houses')).toEqual(evidence('explanation'))
  await app.explain.interactions('houses', undefined)
  await app.explain.redundancy('houses', undefined)
  const { effects, pair } = evidence('inspections') as { effects: LocalEffects[]; pair: PairDependence }
  expect(await app.explain.effects('houses', undefined, 'area')).toEqual(
    effects.find(({ feature }) => feature === 'area'),
  )
  expect(await app.explain.pair('houses', undefined, pair.features)).toEqual(pair)
  await app.explain.surrogate({ model: 'houses', leaves: 6 })
  expect(kept()).toBe(before)
})

test('another table, another parameter or another method is another answer', async () => {
  const before = kept()
  const own = await app.explain.surrogate({ model: 'houses', leaves: 6 })
  const other = await app.explain.surrogate({ model: 'houses', data: 'others', leaves: 6 })
  expect(other.fidelity).not.toEqual(own.fidelity)
  expect(kept()).toBe(before + 1)
  await app.explain.surrogate({ model: 'houses', leaves: 3 })
  expect(kept()).toBe(before + 2)
  const ask = { model: 'houses', rows: [1], output: 'raw' as const }
  const exact = await app.explain.rows({ ...ask, method: 'exact' })
  const lime = await app.explain.rows({ ...ask, method: 'lime' })
  expect([exact.method, lime.method]).toEqual(['exact', 'lime'])
  expect(kept()).toBe(before + 4)
  expect(await app.explain.rows({ ...ask, method: 'exact' })).toEqual(exact)
  expect(kept()).toBe(before + 4)
})
