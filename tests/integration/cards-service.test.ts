import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import { newId } from '../../core/storage/ids.ts'
import { referencedBlobs } from '../../core/storage/referenced-blobs.ts'
import { goodPerformance, goodSources } from '../fixtures/card-sources.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { openTestApp } from '../fixtures/test-app.ts'

let opened: TestApp
let app: App
beforeAll(async () => {
  opened = await openTestApp()
  app = opened.app
})
afterAll(() => opened.close())

let reference: string
let number = 0
beforeEach(() => {
  const { blobs } = app.context
  const stored = (kind: string, value: unknown) => ({ kind, ...blobs.put(JSON.stringify(value)) })
  const { version, explanation, importance } = goodSources
  const { name, version: made } = app.models.createVersion({
    name: `card ${++number}`,
    description: '',
    onnx: blobs.put(`onnx ${newId()}`),
    pipelineDigest: null,
    task: 'binary',
    learner: 'gradient-boosting',
    signature: version.signature,
    params: version.params,
    metric: 'roc_auc',
    score: version.score,
    source: { kind: 'file', file: 'model.onnx' },
    datasetVersionId: null,
    evidence: [
      stored('performance', goodPerformance),
      stored('explanation', explanation),
      stored('importance', importance),
    ],
    actor: 'ada',
  })
  reference = `${name}/${made}`
})

const edit = (revision: number, change: Record<string, string>) =>
  app.cards.update(reference, change, { revision, actor: 'bob' })

describe('the card of a version', () => {
  test('is stored as its evidence when it is generated', () => {
    app.cards.generate(reference)
    const { card, revision, digest } = app.cards.get(reference)
    expect(card).toMatchObject({ texts: { owner: 'ada' }, performance: { rows: 1000 } })
    expect(card.explanation?.features).toHaveLength(2)
    expect(revision).toBe(1)
    const { evidence, files } = app.models.version(reference)
    expect(evidence).toContainEqual({ kind: 'card', digest, createdAt: expect.any(String) })
    expect(files.map(({ path }) => path)).toContain('card.json')
    expect(Object.keys(card.evidence).sort()).toEqual(['explanation', 'importance', 'performance'])
  })

  test('from before there were cards is made when it is asked for, and kept when it is edited', () => {
    expect(app.cards.get(reference)).toMatchObject({ revision: 0, digest: null, revisions: [] })
    expect(edit(0, { limits: 'Not at night.' })).toMatchObject({
      revision: 2,
      card: { texts: { limits: 'Not at night.' } },
      revisions: [{ author: 'ada' }, { author: 'bob', what: 'changed the limits' }],
    })
  })

  test('keeps every revision, each with its own words', () => {
    app.cards.generate(reference)
    const first = app.cards.get(reference)
    edit(1, { notes: 'one' })
    const last = edit(2, { notes: 'two' })
    expect(last).toMatchObject({ revision: 3, card: { texts: { notes: 'two' } } })
    expect(app.cards.get(reference, 2).card.texts.notes).toBe('one')
    expect(app.cards.get(reference, 1).card).toEqual(first.card)
    expect(() => app.cards.get(reference, 4)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    const kept = referencedBlobs(app.context.database.sqlite)
    for (const { digest } of last.revisions) expect(kept.has(digest)).toBe(true)
  })

  test('cannot be overwritten: neither by who has not read the newest, nor in the database', () => {
    app.cards.generate(reference)
    edit(1, { notes: 'mine' })
    expect(() => edit(1, { notes: 'yours' })).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    expect(app.cards.get(reference).card.texts.notes).toBe('mine')
    expect(() => app.context.database.sqlite.exec("UPDATE model_card SET author = 'eve'")).toThrow(/never changed/)
  })

  test('shows the decisions on its version, which are not part of what is stored', () => {
    app.cards.generate(reference)
    const { sqlite } = app.context.database
    const versionId = app.models.versionId(reference)
    sqlite
      .prepare(
        `INSERT INTO approval (id, version_id, tier, state, submitter, manifest_digest, policy_digest, submitted_at, due_at, updated_at)
         VALUES (?, ?, 'low', 'approved', 'ada', '', '', '2026-01-01', '', '')`,
      )
      .run('a', versionId)
    sqlite
      .prepare(
        `INSERT INTO approval_decision (id, approval_id, person, role, fingerprint, decision, reason, envelope, origin, decided_at, recorded_at)
         VALUES ('d', 'a', 'eve', 'approver', '', 'approved', 'It is sound.', '', 'here', '2026-01-02T10:00:00.000Z', '')`,
      )
      .run()
    const { card, digest } = app.cards.get(reference)
    expect(card.approvals).toEqual([
      {
        time: '2026-01-02T10:00:00.000Z',
        actor: 'eve',
        role: 'approver',
        decision: 'approved',
        reason: 'It is sound.',
      },
    ])
    expect(JSON.parse(app.context.blobs.read(digest ?? '').toString('utf8'))).toMatchObject({ approvals: [] })
  })

  test('is written as a file: the same bytes twice, to a path or as a download', async () => {
    app.cards.generate(reference)
    for (const format of ['html', 'pdf', 'json'] as const) {
      const out = join(opened.folder, `card.${format}`)
      const written = await app.cards.export(reference, format, { out })
      const offered = await app.cards.export(reference, format, {})
      expect(offered.digest).toBe(written.digest)
      expect(readFileSync(out)).toHaveLength(written.bytes)
      expect([written.href, offered.href]).toEqual([null, expect.stringMatching(/^\/files\/[0-9a-f]{64}\//)])
    }
  })

  test('an edit that changes nothing adds nothing', () => {
    app.cards.generate(reference)
    expect(edit(1, { owner: 'ada' }).revision).toBe(1)
  })
})
