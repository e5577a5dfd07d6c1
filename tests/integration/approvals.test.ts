import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import { createApprovalsService } from '../../core/services/approvals/approvals-service.ts'
import { createDeploymentsService } from '../../core/services/deployments/deployments-service.ts'
import type { PolicyService } from '../../core/services/policy/policy-service.ts'
import { createPolicyService } from '../../core/services/policy/policy-service.ts'
import { newId } from '../../core/storage/ids.ts'
import type { ApprovalState } from '../../shared/domain/approval-states.ts'
import type { Policy } from '../../shared/domain/policy.ts'
import { MaestroError } from '../../shared/errors.ts'
import { peopleInMemory } from '../fixtures/approval-people.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { openTestApp } from '../fixtures/test-app.ts'

const cast = { ada: 'engineer', bob: 'approver', eve: 'approver', rex: 'reviewer', sam: 'superadmin' } as const

let opened: TestApp
let app: App
let folk: ReturnType<typeof peopleInMemory>
let policies: PolicyService
let approvals: ReturnType<typeof createApprovalsService>
let deployments: ReturnType<typeof createDeploymentsService>
beforeAll(async () => {
  opened = await openTestApp()
  app = opened.app
  folk = peopleInMemory(cast)
  policies = createPolicyService(app.context)
  approvals = createApprovalsService(app.context, app.models, policies, folk.people)
  deployments = createDeploymentsService(app.context, app.models, policies, approvals, folk.people)
})
afterAll(() => opened.close())

let name: string
let number = 0
beforeEach(() => {
  name = `model ${++number}`
  setPolicy({})
})

const actor = (who: keyof typeof cast) => folk.actor(who)
const refused = (code: string, message?: string): unknown =>
  expect.objectContaining({ code, ...(message === undefined ? {} : { message: expect.stringContaining(message) }) })

function setPolicy(tier: Partial<Policy['tiers'][string]>, more: Partial<Policy> = {}): void {
  const only = { evidence: ['parity'], ...tier }
  policies.set(JSON.stringify({ version: 1, defaultTier: 'only', tiers: { only }, ...more }), 'sam')
}

function register(evidence: readonly string[] = ['parity', 'performance']): string {
  const { blobs } = app.context
  const content = newId()
  const version = app.models.createVersion({
    name,
    description: '',
    onnx: blobs.put(`onnx ${content}`),
    pipelineDigest: blobs.put(`pipeline ${content}`).digest,
    task: 'binary',
    learner: 'gradient-boosting',
    signature: { task: 'binary', target: 'y', classes: ['no', 'yes'], inputs: [], outputs: [] },
    params: { depth: '3' },
    metric: 'roc_auc',
    score: { value: 0.8, low: 0.7, high: 0.9 },
    source: { kind: 'file', file: 'model.onnx' },
    datasetVersionId: null,
    evidence: evidence.map((kind) => ({ kind, ...blobs.put(JSON.stringify({ kind, content })) })),
    actor: 'ada',
  })
  return `${name}/${version.version}`
}

function submit(model = register()): string {
  return approvals.submit({ model }, actor('ada')).id
}

/** Takes a submission along the way as far as `to`. */
async function bring(id: string, to: ApprovalState): Promise<string> {
  for (const state of ['review', 'testing'] as const) {
    approvals.advance(id, state, actor('rex'))
    if (state === to) return id
  }
  await approvals.decide(id, to === 'rejected' ? 'rejected' : 'approved', 'looked at it', actor('bob'))
  if (to === 'deployed') deployments.deploy(approvals.get(id).versionId, 'production', actor('ada'))
  return id
}

const approved = async (model = register()) => bring(submit(model), 'approved')

describe('a submission', () => {
  test('freezes every item of the version under one digest', () => {
    const { manifest, manifestDigest, state, submitter, dueAt, submittedAt } = approvals.get(submit())
    expect({ state, submitter }).toEqual({ state: 'submitted', submitter: 'ada' })
    expect(manifest.map((item) => [item.name, item.intact])).toEqual([
      ['evidence/parity.json', true],
      ['evidence/performance.json', true],
      ['model.onnx', true],
      ['pipeline.json', true],
      ['version.json', true],
    ])
    expect(app.context.blobs.read(manifestDigest, { verify: true }).toString()).toContain(manifest[0]?.digest)
    expect(Date.parse(dueAt) - Date.parse(submittedAt)).toBe(24 * 3_600_000)
    expect(app.models.version(`${name}/1`).state).toBe('submitted')
  })

  test('is refused without its evidence, naming all that is missing', () => {
    setPolicy({ evidence: ['parity', 'card', 'explanation'] })
    const model = register()
    expect(() => approvals.submit({ model }, actor('ada'))).toThrow(refused('POLICY_REFUSED', 'has no card'))
    expect(() => approvals.submit({ model }, actor('ada'))).toThrow(refused('POLICY_REFUSED', 'has no explanation'))
    expect(() => approvals.submit({ model, tier: 'none' }, actor('ada'))).toThrow(refused('POLICY_REFUSED', 'no tier'))
    expect(approvals.list().approvals.filter((each) => each.model === name)).toEqual([])
    expect(folk.events.at(-1)).toMatchObject({ action: 'approval.refused', actor: 'ada' })
  })

  test('is one at a time; after it was withdrawn or rejected there may be another', async () => {
    const model = register()
    const first = submit(model)
    expect(() => submit(model)).toThrow(refused('STATE_REFUSED', 'already'))
    approvals.withdraw(first, actor('ada'))
    const second = submit(model)
    await bring(second, 'rejected')
    expect(approvals.get(submit(model)).state).toBe('submitted')
    expect(approvals.get(first).closed).toBe('withdrawn')
  })

  test('that is closed does not push one that stands off the end of the list', () => {
    const id = submit()
    approvals.withdraw(submit(), actor('ada'))
    const standing = approvals.list().approvals.filter(({ closed }) => closed === null)
    const first = approvals.rows.all(standing.length)
    expect(first.every(({ closed }) => closed === null)).toBe(true)
    expect(first.map((row) => row.id)).toContain(id)
    const times = approvals.list().approvals.map(({ submittedAt }) => submittedAt)
    expect(times).toEqual(times.toSorted().reverse())
  })

  test('is found by its id, its first digits, and its version', () => {
    const model = register()
    const id = submit(model)
    expect(approvals.get(id.slice(0, 30)).id).toBe(id)
    expect(approvals.get(model).id).toBe(id)
    expect(() => approvals.get('0000000')).toThrow(refused('NOT_FOUND'))
  })
})

describe('any later change voids it, visibly', () => {
  test('evidence that is replaced, added or taken away', () => {
    const { blobs, database } = app.context
    const changes: ((versionId: string) => void)[] = [
      (id) => app.models.putEvidence(id, { kind: 'performance', ...blobs.put(newId()) }),
      (id) => app.models.putEvidence(id, { kind: 'card', ...blobs.put(newId()) }),
      (id) => void database.sqlite.prepare("DELETE FROM evidence WHERE version_id = ? AND kind = 'parity'").run(id),
      (id) => void database.sqlite.prepare('UPDATE model_version SET score = 0.99 WHERE id = ?').run(id),
    ]
    const names = ['evidence/performance.json', 'evidence/card.json', 'evidence/parity.json', 'version.json']
    for (const [at, change] of changes.entries()) {
      const id = submit(register())
      change(approvals.get(id).versionId)
      const after = approvals.get(id)
      expect(after.closed).toBe('voided')
      const text: unknown = expect.stringContaining(names[at] as string)
      expect(after.history.at(-1)).toMatchObject({ kind: 'voided', actor: 'maestro', text })
      expect(() => approvals.advance(id, 'review', actor('rex'))).toThrow(refused('STATE_REFUSED', 'voided'))
    }
  })

  test('bytes of a file that are not what they were, when it is decided on and when it is deployed', async () => {
    const { blobs } = app.context
    const waiting = await bring(submit(register()), 'testing')
    const ready = await approved()
    for (const id of [waiting, ready]) {
      const { digest } = approvals.get(id)
      writeFileSync(blobs.path(digest), 'another model')
    }
    await expect(approvals.decide(waiting, 'approved', 'fine', actor('bob'))).rejects.toEqual(
      refused('POLICY_REFUSED', 'changed: model.onnx'),
    )
    expect(() => deployments.deploy(approvals.get(ready).versionId, 'production', actor('ada'))).toThrow(
      refused('POLICY_REFUSED', 'changed: model.onnx'),
    )
  })
})

describe('a decision', () => {
  test('is signed over the manifest, and takes the version to approved', async () => {
    const id = await approved()
    const after = approvals.get(id)
    expect(after).toMatchObject({ state: 'approved', approvedBy: ['bob'], allowed: true })
    expect(after.decisions).toMatchObject([
      { person: 'bob', role: 'approver', decision: 'approved', verified: true, problem: null },
    ])
    expect(after.history.map(({ kind, to }) => to ?? kind)).toEqual([
      'submitted',
      'review',
      'testing',
      'signed',
      'approved',
    ])
    expect(app.models.version(`${name}/1`).state).toBe('approved')
  })

  test('is never the submitter’s, whatever his role, and never of a role that the policy does not ask for', async () => {
    const id = approvals.submit({ model: register() }, actor('sam')).id
    await bring(id, 'testing')
    await expect(approvals.decide(id, 'approved', 'mine', actor('sam'))).rejects.toEqual(
      refused('POLICY_REFUSED', 'four eyes'),
    )
    await expect(approvals.decide(id, 'approved', 'ok', actor('rex'))).rejects.toEqual(
      refused('POLICY_REFUSED', 'role'),
    )
    await expect(approvals.decide(id, 'rejected', 'no', actor('sam'))).rejects.toEqual(
      refused('POLICY_REFUSED', 'four eyes'),
    )
    expect(approvals.get(id).history.filter(({ kind }) => kind === 'refused')).toHaveLength(3)
    expect(folk.events.filter(({ action }) => action === 'approval.refused').at(-1)).toMatchObject({
      subject: `approval:${id}`,
    })
  })

  test('comes only after testing; a rejection after review too, with a reason', async () => {
    const id = submit()
    const decide = (what: 'approved' | 'rejected', why: string) => approvals.decide(id, what, why, actor('bob'))
    await expect(decide('approved', 'fine')).rejects.toEqual(refused('STATE_REFUSED'))
    await expect(decide('rejected', 'bad')).rejects.toEqual(refused('STATE_REFUSED'))
    approvals.advance(id, 'review', actor('rex'))
    await expect(decide('approved', 'fine')).rejects.toEqual(refused('STATE_REFUSED'))
    await expect(decide('rejected', ' ')).rejects.toEqual(refused('STATE_REFUSED', 'needs a reason'))
    expect((await decide('rejected', 'drifts')).state).toBe('rejected')
    await expect(decide('approved', 'fine')).rejects.toEqual(refused('STATE_REFUSED'))
  })

  test('of a quorum waits for the others, each counted once', async () => {
    setPolicy({ quorum: 2 })
    const id = await bring(submit(), 'testing')
    expect((await approvals.decide(id, 'approved', 'yes', actor('bob'))).state).toBe('testing')
    await expect(approvals.decide(id, 'approved', 'again', actor('bob'))).rejects.toEqual(
      refused('POLICY_REFUSED', 'one signature each'),
    )
    expect((await approvals.decide(id, 'approved', 'yes', actor('eve'))).state).toBe('approved')
  })

  test('does not count when its record was changed, or its key revoked', async () => {
    const { sqlite } = app.context.database
    const id = await approved()
    const { versionId } = approvals.get(id)
    expect(() => sqlite.prepare("UPDATE approval_decision SET reason = 'x' WHERE approval_id = ?").run(id)).toThrow(
      /only added/,
    )
    sqlite.exec('DROP TRIGGER approval_decision_unchanged')
    sqlite.prepare("UPDATE approval_decision SET person = 'eve' WHERE approval_id = ?").run(id)
    expect(approvals.get(id).decisions[0]?.problem).toMatch(/something else/)
    expect(() => deployments.deploy(versionId, 'production', actor('ada'))).toThrow(refused('POLICY_REFUSED', 'quorum'))
    sqlite.prepare("UPDATE approval_decision SET person = 'bob' WHERE approval_id = ?").run(id)
    expect(approvals.get(id).allowed).toBe(true)
    // Its envelope put under another submission is about another one.
    const other = await bring(submit(register()), 'testing')
    const stolen = sqlite
      .prepare<[string], { envelope: string }>('SELECT envelope FROM approval_decision WHERE approval_id = ?')
      .get(id) as { envelope: string }
    sqlite
      .prepare(
        `INSERT INTO approval_decision SELECT 'copy' || id, ?, person, role, fingerprint, decision, reason, ?, origin, decided_at, recorded_at FROM approval_decision WHERE approval_id = ?`,
      )
      .run(other, stolen.envelope, id)
    expect(approvals.get(other).decisions[0]?.problem).toMatch(/another submission/)
    sqlite.prepare("UPDATE approval SET state = 'approved', approved_at = submitted_at WHERE id = ?").run(other)
    expect(() => deployments.deploy(approvals.get(other).versionId, 'production', actor('ada'))).toThrow(
      refused('POLICY_REFUSED', 'another submission'),
    )
  })

  test('stands back while changes are asked for', async () => {
    const id = await bring(submit(), 'testing')
    const say = (kind: 'commented' | 'changes-requested' | 'changes-settled', item?: string) =>
      approvals.comment(id, { text: 'slices?', kind, item }, actor('rex'))
    expect(() => say('commented', 'no such item')).toThrow(refused('INPUT_INVALID'))
    say('commented', 'row 12')
    say('changes-requested', 'evidence/performance.json')
    await expect(approvals.decide(id, 'approved', 'ok', actor('bob'))).rejects.toEqual(
      refused('POLICY_REFUSED', 'request for changes'),
    )
    say('changes-settled')
    expect((await approvals.decide(id, 'approved', 'ok', actor('bob'))).state).toBe('approved')
  })
})

describe('time', () => {
  const age = (id: string, column: string, days: number) =>
    app.context.database.sqlite
      .prepare(`UPDATE approval SET ${column} = ? WHERE id = ?`)
      .run(new Date(Date.now() - days * 86_400_000).toISOString(), id)

  test('a submission that nobody decides is late after its hours and expires after its days', () => {
    const id = submit()
    expect(approvals.get(id).isLate).toBe(false)
    age(id, 'due_at', 0.01)
    expect(approvals.get(id)).toMatchObject({ isLate: true, closed: null })
    age(id, 'submitted_at', 31)
    expect(approvals.get(id)).toMatchObject({ isLate: false, closed: 'expired' })
  })

  test('an approval holds for its days; what is deployed with it is refused then', async () => {
    setPolicy({ approvalMaxDays: 10 })
    const id = await bring(submit(), 'deployed')
    deployments.assertServable(`${name}@production`)
    age(id, 'approved_at', 11)
    expect(() => deployments.assertServable(`${name}@production`)).toThrow(refused('POLICY_REFUSED', 'expired'))
  })
})

describe('slots', () => {
  test('take what is approved only, and say what is missing', async () => {
    const model = register()
    expect(() => deployments.deploy(model, 'production', actor('ada'))).toThrow(refused('POLICY_REFUSED', 'never sent'))
    const id = await bring(submit(model), 'testing')
    expect(() => deployments.deploy(model, 'production', actor('ada'))).toThrow(
      refused('POLICY_REFUSED', 'it is testing'),
    )
    expect(approvals.get(id).history.at(-1)).toMatchObject({ kind: 'refused', actor: 'ada' })
    await approvals.decide(id, 'approved', 'ok', actor('bob'))
    expect(deployments.deploy(model, 'production', actor('ada'))).toEqual({
      slot: 'production',
      version: model,
      previous: null,
    })
    expect(approvals.get(id)).toMatchObject({ state: 'deployed', slots: ['production'] })
    expect(app.models.resolve(`${name}@production`).version).toBe(1)
    expect(() => deployments.deploy(model, 'production', actor('ada'))).toThrow(refused('STATE_REFUSED', 'already'))
  })

  test('are superseded and rolled back, as a pile', async () => {
    for (let version = 1; version <= 3; version++) {
      await approved(register())
      deployments.deploy(`${name}/${version}`, 'production', actor('ada'))
    }
    const roll = () => deployments.rollback('production', name, actor('ada'))
    expect(approvals.get(`${name}/2`).history.at(-1)).toMatchObject({ kind: 'superseded' })
    expect(roll()).toEqual({ slot: 'production', version: `${name}/2`, previous: `${name}/3` })
    expect(approvals.get(`${name}/3`).history.at(-1)).toMatchObject({ kind: 'rolled-back' })
    expect(roll()).toMatchObject({ version: `${name}/1`, previous: `${name}/2` })
    expect(app.models.resolve(`${name}@production`).version).toBe(1)
    expect(roll).toThrow(refused('STATE_REFUSED', 'first'))
    expect(deployments.list(name).slots).toMatchObject([
      { slot: 'production', version: 1, previous: null, problems: [] },
    ])
  })

  test('a rollback to what may not be used any more is refused, and nothing moves', async () => {
    for (let version = 1; version <= 2; version++) {
      await approved(register())
      deployments.deploy(`${name}/${version}`, 'production', actor('ada'))
    }
    approvals.revoke(`${name}/1`, 'wrong labels', actor('bob'))
    expect(() => deployments.rollback('production', name, actor('ada'))).toThrow(refused('POLICY_REFUSED', 'revoked'))
    expect(app.models.resolve(`${name}@production`).version).toBe(2)
  })

  test('what is in one is refused to whoever serves it once its approval is gone, and shows why', async () => {
    const id = await bring(submit(), 'deployed')
    approvals.revoke(id, 'wrong labels', actor('bob'))
    expect(() => deployments.assertServable(`${name}@production`)).toThrow(refused('POLICY_REFUSED', 'revoked'))
    expect(() => deployments.assertServable(`${name}/1`)).not.toThrow()
    expect(deployments.list(name).slots[0]?.problems.join()).toContain('revoked')
  })

  test('name aliases that nobody moves by hand; and what is in one is not deleted', async () => {
    await bring(submit(), 'deployed')
    const other = register()
    expect(() => deployments.setAlias(other, 'production', actor('ada'))).toThrow(refused('POLICY_REFUSED', 'slot'))
    expect(() => deployments.removeAlias(name, 'production', actor('ada'))).toThrow(refused('POLICY_REFUSED', 'slot'))
    app.models.setAlias(other, 'production', 'somebody who writes to the file')
    expect(() => deployments.assertServable(`${name}@production`)).toThrow(refused('POLICY_REFUSED', 'does not lead'))
    expect(() => app.models.delete(`${name}/1`, 'ada')).toThrow(refused('STATE_REFUSED', 'deployed to production'))
    expect(() => app.models.delete(name, 'ada')).toThrow(refused('STATE_REFUSED'))
  })

  test('are none of another model that never had its approval, from the first deployment of any on', async () => {
    const other = register()
    const alias = `slot-${number}`
    deployments.setAlias(other, alias, actor('ada'))
    expect(() => deployments.assertServable(`${name}@${alias}`)).not.toThrow()
    name = `${name} deployed`
    await approved()
    deployments.deploy(`${name}/1`, alias, actor('ada'))
    expect(() => deployments.assertServable(`${name}@${alias}`)).not.toThrow()
    const reference = other.replace('/1', `@${alias}`)
    expect(() => deployments.assertServable(reference)).toThrow(refused('POLICY_REFUSED', 'never sent'))
    expect(() => deployments.setAlias(other, alias, actor('ada'))).toThrow(refused('POLICY_REFUSED', 'never sent'))
    setPolicy({}, { openSlots: [alias] })
    expect(() => deployments.assertServable(reference)).not.toThrow()
  })

  test('and a protected alias is asked about each time it is served', async () => {
    setPolicy({}, { protectedAliases: ['champion'] })
    const id = await approved()
    deployments.setAlias(`${name}/1`, 'champion', actor('ada'))
    expect(() => deployments.assertServable(`${name}@champion`)).not.toThrow()
    approvals.revoke(id, 'wrong labels', actor('bob'))
    expect(() => deployments.assertServable(`${name}@champion`)).toThrow(refused('POLICY_REFUSED', 'revoked'))
  })

  test('open ones need no approval; protected aliases do', () => {
    setPolicy({}, { openSlots: ['trial'], protectedAliases: ['champion'] })
    const model = register([])
    expect(deployments.deploy(model, 'trial', actor('ada')).version).toBe(model)
    deployments.assertServable(`${name}@trial`)
    expect(() => deployments.setAlias(model, 'champion', actor('ada'))).toThrow(refused('POLICY_REFUSED', 'alias'))
    expect(() => deployments.setAlias(model, 'other', actor('ada'))).not.toThrow()
  })
})

test('a key that has to be unlocked first is no refusal, and leaves no trace', async () => {
  const id = await bring(submit(), 'testing')
  const locked = { ...folk.people, sign: () => Promise.reject(new MaestroError('KEY_LOCKED')) }
  const service = createApprovalsService(app.context, app.models, policies, locked)
  const before = approvals.get(id).history
  await expect(service.decide(id, 'approved', 'looked at it', actor('bob'))).rejects.toEqual(refused('KEY_LOCKED'))
  expect(approvals.get(id).history).toEqual(before)
})

describe('what is in the trash', () => {
  test('is neither decided on nor deployed, by whatever reference, but may be withdrawn', async () => {
    const model = register()
    const id = submit(model)
    approvals.advance(id, 'review', actor('rex'))
    approvals.advance(id, 'testing', actor('rex'))
    const { versionId } = approvals.get(id)
    app.models.delete(name, 'ada')
    const inTrash = refused('STATE_REFUSED', 'in the trash')
    await expect(approvals.decide(id, 'approved', 'looked at it', actor('bob'))).rejects.toEqual(inTrash)
    app.models.restore(name, 'ada')
    await approvals.decide(id, 'approved', 'looked at it', actor('bob'))
    app.models.delete(name, 'ada')
    expect(() => deployments.deploy(versionId, 'production', actor('ada'))).toThrow(inTrash)
    app.models.restore(name, 'ada')
    const second = submit(register())
    app.models.delete(`${name}/2`, 'ada')
    expect(approvals.withdraw(second, actor('ada')).closed).toBe('withdrawn')
  })

  test('is not given up for good while it waits for a decision, nor once somebody has signed about it', async () => {
    const id = submit()
    app.models.delete(name, 'ada')
    expect(() => app.models.purge(name)).toThrow(refused('STATE_REFUSED', 'waits for a decision'))
    app.models.restore(name, 'ada')
    await bring(id, 'rejected')
    app.models.delete(`${name}/1`, 'ada')
    const { versionId } = approvals.get(id)
    expect(() => app.models.purge(versionId)).toThrow(refused('STATE_REFUSED', 'decided on'))
    expect(approvals.get(id).decisions).toMatchObject([{ person: 'bob', verified: true }])
    approvals.withdraw(submit(register()), actor('ada'))
    app.models.delete(`${name}/2`, 'ada')
    app.models.purge(`${name}/2`)
    expect(app.models.get(name).versionCount).toBe(0)
  })
})

test('the submission that stands is the last one, also when the clock was put back after another', async () => {
  const model = register()
  const first = submit(model)
  approvals.withdraw(first, actor('ada'))
  const { sqlite } = app.context.database
  sqlite.prepare("UPDATE approval SET submitted_at = '2099-01-01T00:00:00.000Z' WHERE id = ?").run(first)
  const id = await approved(model)
  expect(approvals.get(model).id).toBe(id)
  deployments.deploy(model, 'production', actor('ada'))
  expect(() => deployments.assertServable(`${name}@production`)).not.toThrow()
})

describe('the policy', () => {
  test('is read from YAML, kept with its history, and refused whole when a word is wrong', () => {
    const yaml = 'version: 1\ndefaultTier: one\ntiers:\n  one:\n    quorum: 2\n    evidence: [parity or quarantine]\n'
    const set = policies.set(yaml, 'sam')
    expect(set).toMatchObject({ setBy: 'sam', policy: { tiers: { one: { quorum: 2, roles: ['approver'] } } } })
    expect(() => policies.set(yaml.replace('quorum', 'quorun'), 'sam')).toThrow(refused('INPUT_INVALID', 'quorun'))
    expect(() => policies.set(`${yaml}version: 1\n`, 'sam')).toThrow(refused('INPUT_INVALID', 'unique'))
    expect(() => policies.set(yaml.replace('parity', 'partiy'), 'sam')).toThrow(refused('INPUT_INVALID', 'parity is'))
    expect(policies.set(yaml.replace('parity', 'audit-report'), 'sam').policy.tiers.one?.evidence).toHaveLength(1)
    policies.set(yaml, 'sam')
    expect(() => policies.set('a: &a [*a]', 'sam')).toThrow(refused('INPUT_INVALID'))
    expect(policies.inForce().digest).toBe(set.digest)
  })

  test('that loses a tier says so of what was submitted under it, and nothing else breaks', async () => {
    const model = register()
    await approved(model)
    deployments.deploy(model, 'production', actor('ada'))
    const waiting = submit(register())
    approvals.advance(waiting, 'review', actor('rex'))
    policies.set(JSON.stringify({ version: 1, defaultTier: 'other', tiers: { other: {} } }), 'sam')
    const missing = { what: 'tier only', met: false, detail: 'The policy has no such tier any more.' }
    expect(approvals.checkVersion(model, undefined)).toEqual({ allowed: false, requirements: [missing] })
    expect(deployments.list(name).slots).toMatchObject([{ problems: [expect.stringContaining('tier only')] }])
    expect(approvals.get(waiting).requirements).toEqual([missing])
    expect(() => deployments.assertServable(`${name}@production`)).toThrow(refused('POLICY_REFUSED', 'tier only'))
    await expect(approvals.decide(waiting, 'rejected', 'no', actor('rex'))).rejects.toEqual(refused('POLICY_REFUSED'))
    expect(() => approvals.checkVersion(model, 'only')).toThrow(refused('POLICY_REFUSED', 'no tier'))
  })

  test('says of any version what is missing', async () => {
    const model = register()
    expect(approvals.checkVersion(model, undefined)).toMatchObject({ allowed: false })
    await approved(model)
    expect(approvals.checkVersion(model, undefined).requirements.filter(({ met }) => !met)).toEqual([])
  })
})
