import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import type { Actor } from '../../core/services/service-context.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { openTestApp } from '../fixtures/test-app.ts'

const hour = 3_600_000
const cast = { ada: 'engineer', bob: 'approver', rex: 'reviewer', amy: 'admin' } as const

let opened: TestApp
let app: App
let owner: string
beforeAll(async () => {
  opened = await openTestApp()
  app = opened.app
  const first = app.identities.actorOf(undefined)
  owner = first.name
  for (const [name, role] of Object.entries(cast)) {
    await app.identities.create({ name, role, keep: { store: 'keychain' } }, first)
  }
  app.policies.set('{version: 1, defaultTier: t, tiers: {t: {evidence: []}}}', owner)
})
afterAll(() => opened.close())

const actor = (name: keyof typeof cast): Actor => app.identities.actorOf(name)
const titles = (name: string) =>
  app.notifications
    .list(app.identities.actorOf(name), { unread: true, limit: 100 })
    .notifications.map((each) => each.title)

let number = 0
function submit(): { id: string; model: string } {
  const { blobs } = app.context
  const model = `model ${++number}`
  app.models.createVersion({
    name: model,
    description: '',
    onnx: blobs.put(`onnx ${model}`),
    pipelineDigest: blobs.put(`pipeline ${model}`).digest,
    task: 'binary',
    learner: 'gradient-boosting',
    signature: { task: 'binary', target: 'y', classes: ['no', 'yes'], inputs: [], outputs: [] },
    params: {},
    metric: 'roc_auc',
    score: { value: 0.8, low: 0.7, high: 0.9 },
    source: { kind: 'file', file: 'model.onnx' },
    datasetVersionId: null,
    evidence: [],
    actor: 'ada',
  })
  return { id: app.approvals.submit({ model: `${model}/1` }, actor('ada')).id, model }
}

/** As if it had been submitted earlier. */
function age(id: string, hours: number): void {
  const { submittedAt } = app.approvals.get(id)
  const at = (ms: number) => new Date(ms).toISOString()
  const then = Date.parse(submittedAt) - hours * hour
  app.context.database.sqlite
    .prepare('UPDATE approval SET submitted_at = ?, due_at = ? WHERE id = ?')
    .run(at(then), at(then + 24 * hour), id)
}

function readAll(): void {
  for (const name of [owner, ...Object.keys(cast)]) app.notifications.read(app.identities.actorOf(name), undefined)
}

describe('what happens to an approval', () => {
  test('is told to whoever can do something about it, and to nobody of their own doing', async () => {
    const { id, model } = submit()
    for (const name of ['bob', 'rex', 'amy', owner])
      expect(titles(name)).toEqual([`${model} / 1 waits for your approval`])
    expect(titles('ada')).toEqual([])

    readAll()
    app.approvals.comment(id, { text: 'Why so deep?', kind: 'changes-requested' }, actor('rex'))
    expect(titles('ada')).toEqual([`rex asks for changes to ${model} / 1`])
    expect(titles('rex')).toEqual([])
    app.approvals.comment(id, { text: 'Now it is', kind: 'changes-settled' }, actor('rex'))

    readAll()
    app.approvals.advance(id, 'review', actor('rex'))
    app.approvals.advance(id, 'testing', actor('rex'))
    await app.approvals.decide(id, 'approved', 'looked at it', actor('bob'))
    expect(titles('ada')).toEqual([`${model} / 1 was approved by bob`])
    expect(titles('bob')).toEqual([])
    const [told] = app.notifications.list(actor('ada'), { unread: true, limit: 1 }).notifications
    expect(told).toMatchObject({
      kind: 'approval-decided',
      text: 'looked at it',
      href: `/approvals/${id}`,
      actor: 'bob',
    })
  })

  test('that fails is told to nobody: it is stored with what it is about, or not at all', () => {
    readAll()
    const { id } = submit()
    readAll()
    const { transaction } = app.context.database
    expect(() =>
      transaction(() => {
        app.approvals.comment(id, { text: 'half', kind: 'commented' }, actor('rex'))
        throw new Error('the disk is gone')
      }),
    ).toThrow('the disk is gone')
    expect(titles('ada')).toEqual([])
    expect(app.approvals.get(id).history.map(({ kind }) => kind)).toEqual(['submitted'])
  })
})

describe('time that passes', () => {
  test('reminds once, then says that it is late, then hands it up; each is in the history and in the audit log', () => {
    const { id, model } = submit()
    readAll()
    age(id, 19)
    expect(app.reminders.runDue()).toEqual([{ approvalId: id, kind: 'reminder' }])
    expect(app.reminders.runDue()).toEqual([])
    expect(titles('bob')).toEqual([`${model} / 1 is to be decided soon`])
    expect(titles('rex')).toEqual([])
    expect(titles('ada')).toEqual([])

    readAll()
    age(id, 6)
    // The list catches up by itself.
    expect(titles('ada')).toEqual([`${model} / 1 should have been decided by now`])
    expect(titles('bob')).toEqual([`${model} / 1 should have been decided by now`])

    readAll()
    age(id, 20)
    expect(app.reminders.runDue()).toEqual([{ approvalId: id, kind: 'escalated' }])
    expect(titles('amy')).toEqual([`${model} / 1 is late and was handed up`])
    expect(titles('bob')).toEqual([])
    expect(app.approvals.get(id).history.map(({ kind, actor: who }) => `${kind} by ${who}`)).toEqual([
      'submitted by ada',
      'reminder by maestro',
      'overdue by maestro',
      'escalated by maestro',
    ])
    const { events } = app.audit.list({ action: 'approval', limit: 10 })
    expect(events.slice(0, 3).map(({ action }) => action)).toEqual([
      'approval.escalated',
      'approval.overdue',
      'approval.reminder',
    ])
    expect(events[0]?.details).toMatchObject({ role: 'admin', subject: `approval:${id}` })
  })

  test('ends what is over, without that anybody looks at it', () => {
    const { id } = submit()
    readAll()
    age(id, 31 * 24)
    expect(app.reminders.runDue()).toContainEqual({ approvalId: id, kind: 'ended' })
    expect(app.reminders.runDue()).toEqual([])
    expect(titles('ada').some((title) => title.endsWith('has expired'))).toBe(true)
  })
})

describe('a list', () => {
  test('is one’s own: what another reads stays unread', () => {
    readAll()
    submit()
    const [mine] = app.notifications.list(actor('bob'), { unread: true, limit: 1 }).notifications
    expect(app.notifications.read(actor('rex'), [mine?.id ?? 0])).toEqual({ read: 0, unread: 1 })
    expect(app.notifications.read(actor('bob'), [mine?.id ?? 0])).toEqual({ read: 1, unread: 0 })
    expect(app.notifications.read(actor('bob'), [mine?.id ?? 0])).toEqual({ read: 0, unread: 0 })
    expect(titles('rex')).toHaveLength(1)
  })

  test('says nothing of somebody who was erased', async () => {
    const first = app.identities.actorOf(undefined)
    await app.identities.create({ name: 'tom', role: 'reviewer', keep: { store: 'keychain' } }, first)
    const { id } = submit()
    app.approvals.comment(id, { text: 'Tom was here', kind: 'commented' }, app.identities.actorOf('tom'))
    const count = () =>
      app.context.database.sqlite
        .prepare<[], { n: number }>(
          "SELECT count(*) AS n FROM notification WHERE recipient = 'tom' OR title LIKE '%tom%'",
        )
        .get()?.n
    expect(count()).toBe(2)
    app.audit.erase('tom', first)
    expect(count()).toBe(0)
  })
})

const about = { title: 'A check', subject: { type: 'dataset', id: '1', name: 'one' } } as const

test('a job that fails is told to who started it', async () => {
  readAll()
  const job = await app.recorder.during(
    { action: 'jobs.test', actor: 'ada', role: 'engineer', outcome: 'done', details: {}, hidden: {} },
    () => Promise.resolve(app.jobs.start('check', { steps: [{ do: 'throw' }] }, about)),
  )
  await app.jobs.wait(job.id)
  expect(titles('ada')).toEqual(['Failed: A check'])
  expect(titles('bob')).toEqual([])
})
