import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from '../../core/app.ts'
import { openApp } from '../../core/app.ts'
import { loadPlugInLearners } from '../../core/automl/plug-in-learners.ts'
import { automlSpecification } from '../../shared/domain/training.ts'

const root = resolve(import.meta.dirname, '../..')
let folder = ''
let app: App

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-plug-in-'))
  process.env.MAESTRO_LEARNERS = join(root, 'examples/learners')
  app = await openApp(join(folder, 'workspace'))
}, 120_000)

afterAll(async () => {
  delete process.env.MAESTRO_LEARNERS
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a learner from outside', () => {
  it('is listed, searched, exported and certified like any other', { timeout: 120_000 }, async () => {
    expect(app.automl.learners().map(({ name }) => name)).toContain('linear-discriminant')
    const imported = app.datasets.import({
      source: { path: join(root, 'resources/samples/iris.csv') },
      name: 'iris',
      types: {},
      reading: {},
    })
    expect((await app.jobs.wait(imported.job.id)).error).toBeNull()
    const { job } = await app.automl.start(
      automlSpecification.parse({
        dataset: 'iris',
        target: 'species',
        learners: ['linear-discriminant'],
        threads: 1,
        budgetSeconds: 30,
        trials: 2,
      }),
    )
    const ended = await app.jobs.wait(job.id)
    expect(ended.error).toBeNull()
    const state = app.automl.state(job.id)
    expect(state.trials.map(({ learner }) => learner)).toContain('linear-discriminant')
    expect(state.parity?.labelFlips).toBe(0)
    // Fisher's own table: his method errs on 3 of its 150 rows.
    expect(state.best?.score.value ?? 1).toBeLessThan(0.2)
  })
})

describe('what is no learner is refused with the name of its file', () => {
  it.each([
    ['export const learner = 3', 'exports nothing named learner'],
    ["export const learner = { name: 'Not This' }", 'small letters'],
    ["export const learner = { name: 'a', title: 'A', tasks: ['poems'] }", 'tasks must be'],
    ["export const learner = { name: 'a', title: 'A', tasks: ['binary'], encoding: 'odd' }", 'encoding must be'],
    ['export const = 1', 'cannot be used'],
  ])('%s', async (source, reason) => {
    const file = join(folder, `wrong-${Math.abs(source.length * 7919)}.mjs`)
    writeFileSync(file, source)
    await expect(loadPlugInLearners({ MAESTRO_LEARNERS: file })).rejects.toThrow(reason)
    await expect(loadPlugInLearners({ MAESTRO_LEARNERS: file })).rejects.toThrow(file)
  })

  it('a name that is taken, and a file that is not there', async () => {
    const file = join(folder, 'taken.mjs')
    const fields = "title: 'A', tasks: ['binary'], encoding: 'scaled', space: {}, cost: () => 1, fit: () => ({})"
    writeFileSync(file, `export const learner = { name: 'random-forest', ${fields} }`)
    await expect(loadPlugInLearners({ MAESTRO_LEARNERS: file })).rejects.toThrow('already')
    const nowhere = join(folder, 'nowhere.mjs')
    await expect(loadPlugInLearners({ MAESTRO_LEARNERS: `${delimiter}${nowhere}` })).rejects.toThrow('no such file')
  })
})
