import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import { newId } from '../../core/storage/ids.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { openTestApp } from '../fixtures/test-app.ts'

let opened: TestApp
let app: App
beforeAll(async () => {
  opened = await openTestApp()
  app = opened.app
})
afterAll(() => opened.close())

const everything = { experimentIds: [], filter: '', order: '', limit: 100, page: null, deleted: false }

function newRun(experimentId: string, params: Record<string, string> = {}, startedAt?: string): string {
  return app.runs.createRun({ experimentId, name: 'a run', params, ...(startedAt ? { startedAt } : {}) })
}

describe('experiments', () => {
  test('get a number where their name is taken, and lose it to none', () => {
    const [first, second] = [app.experiments.createExperiment('twin'), app.experiments.createExperiment('twin')]
    expect([first.name, second.name]).toEqual(['twin', 'twin (2)'])
    expect(() => app.experiments.rename(second.id, 'twin')).toThrow(expect.objectContaining({ code: 'NAME_TAKEN' }))
    expect(app.experiments.rename(first.id, 'twin').name).toBe('twin')
  })

  test('in the trash hide their runs and free their name; restored they are as before, or numbered', () => {
    const { id } = app.experiments.createExperiment('to the trash')
    const run = newRun(id)
    const listed = () => app.runs.list({ ...everything, experimentIds: [id] }).runs.map((each) => each.id)
    expect(listed()).toEqual([run])
    expect(app.experiments.delete(id).deletedAt).not.toBeNull()
    expect(app.experiments.delete(id).deletedAt).not.toBeNull()
    expect(listed()).toEqual([])
    expect(app.experiments.list(true).map((each) => each.id)).toContain(id)
    const other = app.experiments.createExperiment('to the trash')
    expect(other.name).toBe('to the trash')
    expect(app.experiments.restore(id)).toMatchObject({ name: 'to the trash (2)', deletedAt: null, runs: 1 })
    expect(app.experiments.restore(id).name).toBe('to the trash (2)')
    expect(listed()).toEqual([run])
  })

  test('that are not there are said so', () => {
    expect(() => app.experiments.get(newId())).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })
})

describe('a run', () => {
  test('comes back as it was recorded, whatever its keys are called', () => {
    const { id: experimentId } = app.experiments.createExperiment('keys')
    const params = JSON.parse('{"__proto__": "p", "constructor": "c", "a b": "1", "größe": "2"}') as Record<
      string,
      string
    >
    const id = app.runs.createRun({ experimentId, name: 'odd', params, tags: { 'mlflow.note': 'x' } })
    const run = app.runs.get(id)
    expect(Object.entries(run.params).sort()).toEqual(Object.entries(params).sort())
    expect(run).toMatchObject({
      status: 'RUNNING',
      endedAt: null,
      tags: { 'mlflow.note': 'x' },
      experimentName: 'keys',
    })
    app.runs.finishRun(id, 'FINISHED')
    expect(app.runs.get(id).endedAt).not.toBeNull()
    const plain = newRun(experimentId)
    const compared = app.runs.compare([id, plain])
    expect(compared.params.find(({ key }) => key === 'constructor')).toEqual({
      key: 'constructor',
      values: ['c', null],
      differs: true,
    })
  })

  test('keeps every point of a metric, and knows the newest: of the highest step, then of the latest time', () => {
    const id = newRun(app.experiments.createExperiment('metrics').id)
    const at = (second: number) => new Date(1_767_225_600_000 + second * 1_000).toISOString()
    app.runs.logMetrics(id, [
      { key: 'loss', value: 3, step: 2, timestamp: at(0) },
      { key: 'loss', value: 1, step: 0, timestamp: at(9) },
      { key: 'loss', value: 2, step: 1, timestamp: at(5) },
    ])
    expect(app.runs.get(id).metrics.loss).toBe(3)
    app.runs.logMetrics(id, [{ key: 'loss', value: 4, step: 2, timestamp: at(1) }])
    app.runs.logMetrics(id, [{ key: 'loss', value: 5, step: 2, timestamp: at(0) }])
    expect(app.runs.get(id).metrics.loss).toBe(4)
    // Logged again, as a client does that got no answer.
    app.runs.logMetrics(id, [{ key: 'loss', value: 1, step: 0, timestamp: at(9) }])
    expect(app.runs.metricHistory(id, 'loss').points.map(({ step, value }) => [step, value])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [2, 5],
      [2, 4],
    ])
  })

  test('takes numbers that JSON does not have', () => {
    const id = newRun(app.experiments.createExperiment('numbers').id)
    app.runs.logMetrics(id, [
      { key: 'nan', value: Number.NaN, step: 0 },
      { key: 'infinite', value: Number.POSITIVE_INFINITY, step: 0 },
      { key: 'negative', value: Number.NEGATIVE_INFINITY, step: 0 },
    ])
    expect(app.runs.get(id).metrics).toEqual({ infinite: Number.MAX_VALUE, negative: -Number.MAX_VALUE })
    expect(app.runs.metricHistory(id, 'nan').points).toEqual([])
    app.runs.logMetrics(id, [{ key: 'nan', value: 0.5, step: 1 }])
    expect(app.runs.get(id).metrics.nan).toBe(0.5)
  })

  test('is recorded whole or not at all', () => {
    const { id: experimentId } = app.experiments.createExperiment('whole')
    const before = app.runs.list(everything).total
    expect(() =>
      app.context.database.transaction(() => {
        newRun(experimentId, { a: '1' })
        throw new Error('the power went')
      }),
    ).toThrow('the power went')
    expect(() => newRun(newId())).toThrow(/FOREIGN KEY/)
    expect(app.runs.list(everything).total).toBe(before)
  })

  test('is tagged, renamed, deleted and restored', () => {
    const { id: experimentId } = app.experiments.createExperiment('changes')
    const id = newRun(experimentId)
    expect(app.runs.tag(id, 'stage', 'draft').tags).toEqual({ stage: 'draft' })
    expect(app.runs.tag(id, 'stage', 'final').tags).toEqual({ stage: 'final' })
    expect(app.runs.tag(id, 'stage', null).tags).toEqual({})
    expect(app.runs.rename(id, 'better').name).toBe('better')
    const listed = (deleted: boolean) =>
      app.runs.list({ ...everything, experimentIds: [experimentId], deleted }).runs.map((run) => run.id)
    app.runs.delete([id])
    expect([listed(false), listed(true)]).toEqual([[], [id]])
    app.runs.restore([id])
    expect([listed(false), listed(true)]).toEqual([[id], []])
    expect(() => app.runs.delete([id, newId()])).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(listed(false)).toEqual([id])
  })
})

describe('lists of runs', () => {
  let experimentId: string
  let ids: string[]
  beforeAll(() => {
    experimentId = app.experiments.createExperiment('many').id
    ids = app.context.database.transaction(() =>
      Array.from({ length: 250 }, (_, number) => {
        // Several start at the same moment: pages must not lose or repeat one.
        const id = newRun(
          experimentId,
          { even: String(number % 2 === 0) },
          new Date(number - (number % 10)).toISOString(),
        )
        if (number % 5 > 0) app.runs.logMetrics(id, [{ key: 'auc', value: (number % 7) / 7, step: 0 }])
        return id
      }),
    )
  })

  test.each([
    ['newest first', '', ''],
    ['by a metric that some do not have', '', 'metrics.auc DESC'],
    ['by a parameter, filtered', 'metrics.auc > 0.2', 'params.even, metrics.auc'],
  ])('come in pages that hold each run once: %s', (_, filter, order) => {
    const query = { ...everything, experimentIds: [experimentId], filter, order, limit: 37 }
    const seen: string[] = []
    let page: string | null = null
    do {
      const answer = app.runs.list({ ...query, page })
      seen.push(...answer.runs.map((run) => run.id))
      page = answer.nextPage
      expect(answer.total).toBe(app.runs.list({ ...query, limit: 5_000 }).runs.length)
    } while (page !== null)
    expect(seen).toEqual(app.runs.list({ ...query, limit: 5_000 }).runs.map((run) => run.id))
    expect(new Set(seen).size).toBe(seen.length)
    if (filter === '') expect(seen.toSorted()).toEqual(ids.toSorted())
  })

  test('end after the last page, and refuse a token that is none', () => {
    const query = { ...everything, experimentIds: [experimentId], filter: "params.even = 'true'" }
    expect(app.runs.list({ ...query, page: '1000' })).toEqual({ runs: [], nextPage: null, total: 125 })
    for (const page of ['-1', '1.5', 'x', '1e300']) {
      expect(() => app.runs.list({ ...query, page })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
    }
  })

  test('take more experiments than SQLite takes values', () => {
    const experimentIds = [...Array.from({ length: 40_000 }, () => newId()), experimentId]
    expect(app.runs.list({ ...everything, experimentIds }).total).toBe(250)
  })
})
