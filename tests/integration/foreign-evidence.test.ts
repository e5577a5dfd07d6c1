import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import { openApp } from '../../core/app.ts'
import type { Dependence } from '../../shared/domain/explanations.ts'
import type { ColumnInteractions, LocalEffects, Surrogate } from '../../shared/domain/inspections.ts'
import { foreignModel, stumpModel, textClassifierModel } from '../fixtures/foreign-models.ts'
import { owner } from '../fixtures/test-app.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-foreign-evidence-'))
let app: App
beforeAll(async () => {
  app = await openApp(join(folder, 'workspace'))
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 })
})

function fileOf(name: string, content: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const ended = (job: { readonly id: string }) => app.jobs.wait(job.id)

async function imported(name: string, rows: readonly (readonly (string | number)[])[]): Promise<string> {
  const path = fileOf(`${name}.csv`, `${rows.map((row) => row.join(',')).join('\n')}\n`)
  const { job } = app.datasets.import({ source: { path }, name, types: {}, reading: {} })
  const { state } = await ended(job)
  expect(state).toBe('succeeded')
  return name
}

/** age ≤ 0.5: 1, else 2; fare counts for nothing. */
const rows = Array.from({ length: 40 }, (_, row) => [row / 40, (row * 7) % 11, row / 40 <= 0.5 ? 1 : 2] as const)

/** The same by operators that the engine does not evaluate: y = age · age, by Einsum. */
const byEinsum = foreignModel({
  nodes: [
    {
      operator: 'Einsum',
      inputs: ['x', 'w'],
      outputs: ['y'],
      attributes: { equation: { text: 'ij,jk->ik' } },
    },
  ],
  constants: [['w', { type: 'float', shape: [2, 1], values: [3, -2] }]],
  outputs: [['y', 'float', ['n', 1]]],
})

describe('a foreign model with sample data', () => {
  test('has ranges, explanations, importance and performance as a model of our own', async () => {
    const sample = await imported('people', [['age', 'fare', 'answer'], ...rows])
    const { job } = app.explain.register(
      {
        name: 'stump',
        description: '',
        source: { path: fileOf('stump.onnx', stumpModel()) },
        columns: [],
        sample,
        target: 'answer',
        nativePredictions: { path: fileOf('native.csv', `prediction\n${rows.map((row) => row[2]).join('\n')}\n`) },
      },
      owner,
    )
    expect((await ended(job)).state).toBe('succeeded')
    const version = app.models.version('stump/1')
    expect(version.signature).toMatchObject({
      target: 'answer',
      inputs: [
        { name: 'age', min: 0, max: 0.975 },
        { name: 'fare', min: 0, max: 10 },
      ],
    })
    expect(version.nativeParity).toMatchObject({ passed: true, rows: 40, differing: 0 })
    expect(version.performance?.metrics.find(({ name }) => name === 'rmse')?.estimate.value).toBe(0)
    const global = await app.explain.global('stump/1')
    expect(global).toMatchObject({ method: 'interventional', exact: true })
    expect(global.features.map(({ name, share }) => [name, share])).toEqual([
      ['age', 1],
      ['fare', 0],
    ])
    const importance = await app.explain.importance('stump/1', undefined, 5)
    expect(importance.features[0]?.name).toBe('age')
    expect(importance.features[1]).toMatchObject({ name: 'fare', mean: 0 })
    const { grid, mean } = await app.explain.dependence('stump/1', undefined, 'age', false)
    expect(mean[0]).toEqual(grid.map((age) => (Number(age) <= 0.5 ? 1 : 2)))
  })

  test('stores what else explains it, which is not worked out again', async () => {
    const evidence = (kind: string) => app.models.evidence(app.models.version('stump/1').id, kind)
    const stored = evidence('inspections') as {
      dependence: Dependence[]
      effects: LocalEffects[]
      interactions: ColumnInteractions
      pair: unknown
      surrogate: Surrogate
    }
    expect(stored.dependence.map(({ feature }) => feature)).toEqual(['age', 'fare'])
    // One column does it all, so no two act together.
    expect(stored.pair).toBeNull()
    expect(stored.surrogate.fidelity.r2).toBeCloseTo(1, 12)
    const { pictures } = evidence('pictures') as { pictures: { name: string }[] }
    expect(pictures.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['beeswarm', 'importance', 'dependence-0', 'effects-0', 'interactions', 'surrogate']),
    )
    const kept = () => app.context.database.sqlite.prepare('SELECT COUNT(*) AS n FROM explanation_cache').get()
    const before = kept()
    expect(await app.explain.interactions('stump/1', undefined)).toEqual(stored.interactions)
    expect(await app.explain.effects('stump/1', undefined, 'age')).toEqual(stored.effects[0])
    expect(kept()).toEqual(before)
  })

  test('answers what-ifs', async () => {
    const explained = await app.explain.rows({
      model: 'stump/1',
      records: [{ age: 0.9, fare: 3 }],
      method: 'auto',
      output: 'raw',
    })
    expect(explained.rows[0]).toMatchObject({ prediction: 2, scores: [2] })
    // 21 of 40 rows of the background are at most 0.5.
    expect(explained.baseValues[0]).toBeCloseTo(1 + 19 / 40, 12)
    expect(explained.rows[0]?.values[0]?.[0]).toBeCloseTo(21 / 40, 12)
  })

  test('is told to do something else than its own tool where it does', async () => {
    const wrong = rows.map((row, at) => (at < 5 ? 9 : row[2]))
    const { job } = app.explain.register(
      {
        name: 'lossy',
        description: '',
        source: { path: fileOf('lossy.onnx', stumpModel()) },
        columns: ['age', 'fare'],
        sample: 'people',
        nativePredictions: { path: fileOf('lossy.csv', `value\n${wrong.join('\n')}\n`) },
      },
      owner,
    )
    expect((await ended(job)).state).toBe('succeeded')
    expect(app.models.version('lossy/1').nativeParity).toMatchObject({
      passed: false,
      differing: 5,
      reading: 'This export does not do what the model did: 5 of 40 rows differ.',
      numbers: { worst: { native: 9, onnx: 1 } },
    })
  })

  test('needs the rows that predictions belong to', () => {
    expect(() =>
      app.explain.register(
        { name: 'x', description: '', source: { path: fileOf('x.onnx', stumpModel()) }, columns: [], target: 'answer' },
        owner,
      ),
    ).toThrow(/Without sample data/)
  })
})

describe('a model that was trained on texts with spaces around them', () => {
  const people = Array.from({ length: 30 }, (_, row) => {
    const work = [' Private', ' State-gov', ' ?'][row % 3] as string
    return [20 + row, work, work === ' State-gov' ? ' >50K' : ' <=50K'] as const
  })

  test('knows the rows of a table, which is read without them, and says so', async () => {
    const sample = await imported('workers', [['age', 'work', 'income'], ...people])
    const { job } = app.explain.register(
      {
        name: 'spaced',
        description: '',
        source: { path: fileOf('spaced.onnx', textClassifierModel) },
        columns: [],
        sample,
        target: 'income',
        nativePredictions: {
          path: fileOf('spaced.csv', `prediction\n${people.map((row) => row[2]).join('\n')}\n`),
        },
      },
      owner,
    )
    expect(await ended(job)).toMatchObject({ state: 'succeeded' })
    const version = app.models.version('spaced/1')
    expect(version.nativeParity).toMatchObject({ passed: true, rows: 30, differing: 0 })
    expect(version.performance?.metrics.find(({ name }) => name === 'accuracy')?.estimate.value).toBe(1)
    const global = await app.explain.global('spaced/1')
    expect(global.features[0]).toMatchObject({ name: 'work', share: 1 })
    const verdict = app.models.evidence(version.id, 'quarantine') as { findings: unknown[] }
    expect(verdict.findings).toContainEqual({
      code: 'TEXTS',
      severity: 'info',
      where: 'work',
      message:
        '3 texts that it knows have spaces around, which tables are read without. A table’s “Private” is taken for “ Private”, and so on.',
    })
  })

  test('predicts either spelling alike, through the runtime and through the engine', async () => {
    const records = ['State-gov', ' State-gov', 'Private', null].map((work) => ({ age: 30, work }))
    const { rows: predicted } = await app.predict.rows('spaced', records)
    const labels = [' >50K', ' >50K', ' <=50K', ' <=50K']
    expect(predicted.map(({ prediction }) => prediction)).toEqual(labels)
    const explained = await app.explain.rows({ model: 'spaced/1', records, method: 'auto', output: 'probability' })
    expect(explained.rows.map(({ prediction }) => prediction)).toEqual(labels)
  })
})

describe('a foreign file that is not registered', () => {
  test('is explained where it lies, after quarantine', async () => {
    await imported('plain', [['age', 'fare'], ...rows.map(([age, fare]) => [age, fare])])
    const explained = await app.explain.rows({
      model: fileOf('path.onnx', stumpModel()),
      data: 'plain',
      rows: [0, 39],
      method: 'auto',
      output: 'raw',
    })
    expect(explained.method).toBe('interventional')
    expect(explained.features).toEqual(['age', 'fare'])
    expect(explained.rows.map(({ scores }) => scores[0])).toEqual([1, 2])
  })

  test('is explained through ONNX Runtime where the engine does not know its operators', async () => {
    const explained = await app.explain.rows({
      model: fileOf('einsum.onnx', byEinsum),
      data: 'plain',
      rows: [3],
      method: 'auto',
      output: 'raw',
    })
    expect(explained).toMatchObject({ method: 'exact', exact: true })
    const mean = (column: 0 | 1) => rows.reduce((sum, row) => sum + row[column], 0) / rows.length
    // A linear score: weight times the distance from the mean, in float32.
    expect(explained.rows[0]?.values[0]?.[0]).toBeCloseTo(3 * (rows[3]?.[0] as number) - 3 * mean(0), 5)
    expect(explained.rows[0]?.values[0]?.[1]).toBeCloseTo(-2 * (rows[3]?.[1] as number) + 2 * mean(1), 5)
  })

  test('that quarantine rejects is not explained', async () => {
    await expect(
      app.explain.rows({ model: fileOf('no.onnx', 'PK'), data: 'plain', rows: [0], method: 'auto', output: 'raw' }),
    ).rejects.toMatchObject({ code: 'MODEL_REJECTED' })
  })
})
