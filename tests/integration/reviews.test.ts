import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import { createAuditRecorder } from '../../core/audit/audit-recorder.ts'
import { createAuditRows } from '../../core/audit/audit-rows.ts'
import type { AuditSlice } from '../../core/audit/audit-slice.ts'
import { readSlice } from '../../core/audit/audit-slice.ts'
import type { PackageEntry } from '../../core/packages/package-file.ts'
import { openPackage, writePackage } from '../../core/packages/package-file.ts'
import { createKeyStore } from '../../core/secrets/key-store.ts'
import type { AuditEvent } from '../../core/services/approvals/approval-people.ts'
import { createApprovalsService } from '../../core/services/approvals/approvals-service.ts'
import { makeDecisionStatement } from '../../core/services/approvals/decision-statement.ts'
import { recordInAudit } from '../../core/services/approvals/record-in-audit.ts'
import type { AuditSlices } from '../../core/services/audit/audit-slices.ts'
import { createAuditSlices } from '../../core/services/audit/audit-slices.ts'
import { createLogKey } from '../../core/services/audit/log-key.ts'
import { createPolicyService } from '../../core/services/policy/policy-service.ts'
import { createReviewsService } from '../../core/services/reviews/reviews-service.ts'
import { newId } from '../../core/storage/ids.ts'
import { publicKeyPem } from '../../core/trust/signing-keys.ts'
import { entryUrl } from '../../core/workers/entries.ts'
import { peopleInMemory } from '../fixtures/approval-people.ts'
import { foreignModel, stumpModel } from '../fixtures/foreign-models.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { memoryKeychain, openTestApp } from '../fixtures/test-app.ts'

const cast = { ada: 'engineer', bob: 'approver', eve: 'approver', rex: 'reviewer', sam: 'superadmin' } as const
const folk = peopleInMemory(cast)
const folder = mkdtempSync(join(tmpdir(), 'maestro-reviews-'))
const keychain = memoryKeychain()

/** A workspace with its services, and the people whom it knows. */
function site(app: App, people: ReturnType<typeof folk.elsewhere>) {
  const { models, datasets, cards, quarantine, context } = app
  const record = recordInAudit(context.audit, { actorOf: folk.actor })
  const folkHere = {
    ...people.people,
    record(event: AuditEvent) {
      people.people.record(event)
      record(event)
    },
  }
  const { sqlite, transaction } = context.database
  const rows = createAuditRows(sqlite)
  const slices = createAuditSlices(
    {
      rows,
      recorder: createAuditRecorder(rows, transaction),
      logKey: createLogKey(
        sqlite,
        createKeyStore(() => Promise.resolve(keychain)),
      ),
    },
    { logger: context.logger, canWrite: () => true },
  )
  const policies = createPolicyService(context)
  const approvals = createApprovalsService(context, models, policies, folkHere)
  const reviewsWith = (of: AuditSlices) =>
    createReviewsService(context, { models, datasets, cards, quarantine, approvals, slices: of }, folkHere)
  return { app, policies, approvals, reviews: reviewsWith(slices), reviewsWith, slices, people }
}

const opened: TestApp[] = []
/** Where it is submitted: everybody is known. */
let home: ReturnType<typeof site>
/** The reviewer's install, which has never heard of ada. */
let away: ReturnType<typeof site>
beforeAll(async () => {
  // Rows of a package are imported by the real job.
  const jobEntry = entryUrl('job-process')
  opened.push(await openTestApp({ jobEntry }), await openTestApp({ jobEntry }))
  const [first, second] = opened as [TestApp, TestApp]
  home = site(first.app, folk.elsewhere(Object.keys(cast)))
  away = site(second.app, folk.elsewhere(['bob', 'rex']))
  home.policies.set(
    JSON.stringify({ version: 1, defaultTier: 'only', tiers: { only: { evidence: ['parity'] } } }),
    'sam',
  )
})
afterAll(async () => {
  for (const each of opened) await each.close()
  rmSync(folder, { recursive: true })
})

let name: string
let number = 0
beforeEach(() => {
  name = `model ${++number}`
})

const actor = (who: keyof typeof cast) => folk.actor(who)
const path = (file: string) => join(folder, file)
const refused = (code: string, message?: string): unknown =>
  expect.objectContaining({ code, ...(message === undefined ? {} : { message: expect.stringContaining(message) }) })

function register(model: Uint8Array = stumpModel(), datasetVersionId: string | null = null): string {
  const { blobs } = home.app.context
  const parity = {
    rows: 10,
    labelFlips: 0,
    maxAbsDiff: 0,
    tolerance: 1e-6,
    passed: true,
    cases: {},
    engineVersion: '1',
    runtimeVersion: '1',
    modelDigest: blobs.put(model).digest,
    worst: [],
  }
  const version = home.app.models.createVersion({
    name,
    description: '',
    onnx: blobs.put(model),
    pipelineDigest: null,
    task: 'regression',
    learner: 'tree',
    signature: {
      task: 'regression',
      target: 'y',
      classes: [],
      inputs: [],
      outputs: [],
    },
    params: {},
    metric: null,
    score: null,
    source: { kind: 'file', file: 'model.onnx' },
    datasetVersionId,
    evidence: [
      {
        kind: 'parity',
        ...blobs.put(JSON.stringify({ ...parity, createdAt: new Date(++number * 1000).toISOString() })),
      },
    ],
    actor: 'ada',
  })
  return `${name}/${version.version}`
}

async function send(): Promise<{ id: string; file: string }> {
  const { id } = home.approvals.submit({ model: register(), message: 'please look' }, actor('ada'))
  const file = path(`${id}.maestro`)
  await home.reviews.export(id, { out: file, rows: 0 }, actor('ada'))
  return { id, file }
}

async function answer(file: string, who: keyof typeof cast = 'bob', decision: 'approved' | 'rejected' = 'approved') {
  const out = path(`${newId()}.json`)
  await away.reviews.decide({ path: file }, { decision, reason: 'looked at it', out }, actor(who))
  return out
}

function edit(file: string, change: (entries: PackageEntry[]) => PackageEntry[]): string {
  const reader = openPackage(file)
  const entries = reader.names.map((each) => ({ name: each, content: reader.read(each) }))
  reader.close()
  const out = path(`${newId()}.maestro`)
  writePackage(out, change(entries))
  return out
}

const errors = (findings: readonly { readonly code: string; readonly severity: string }[]) =>
  findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)

describe('a package', () => {
  test('tells who sent what, and that the key is not known here', async () => {
    const { id, file } = await send()
    const seen = await away.reviews.open({ path: file }, { keep: false }, actor('rex'))
    expect(seen.verified).toBe(true)
    expect(seen.package?.approval).toMatchObject({
      id,
      model: name,
      version: 1,
      submitter: 'ada',
      message: 'please look',
    })
    expect(seen.findings.map(({ code }) => code)).toEqual(['SIGNER_UNKNOWN', 'INTACT', 'AUDIT'])
    expect(seen.history.map(({ action, actor: by }) => `${action} by ${by}`)).toContain('approval.submitted by ada')
    expect(seen.manifest.map((item) => item.name)).toEqual(['evidence/parity.json', 'model.onnx', 'version.json'])
    expect((await home.reviews.open({ path: file }, { keep: false }, actor('rex'))).findings).toMatchObject([
      { code: 'INTACT', severity: 'note' },
      { code: 'AUDIT', severity: 'note' },
    ])
  })

  test('does not verify when its slice of the audit log was changed, though the sender signed it so', async () => {
    const slice = async (change: (slice: AuditSlice) => AuditSlice) => {
      const { id } = home.approvals.submit({ model: register(), message: 'please look' }, actor('ada'))
      const file = path(`${id}.maestro`)
      // Whoever holds a key may put what he likes into a package; the log must not follow him.
      const lying = {
        ...home.slices,
        cut: async (...asked: Parameters<typeof home.slices.cut>) => change(await home.slices.cut(...asked)),
      }
      await home.reviewsWith(lying).export(id, { out: file, rows: 0 }, actor('ada'))
      const opened = await away.reviews.open({ path: file }, { keep: true }, actor('rex'))
      expect(opened.kept === null).toBe(errors(opened.findings).length > 0)
      return errors(opened.findings)
    }
    expect(await slice((each) => each)).toEqual([])
    const edited = (from: string, to: string) => (each: AuditSlice) => ({
      ...each,
      entries: each.entries.map((entry) => ({ ...entry, text: entry.text.replace(from, to) })),
    })
    const without = (part: string) => (each: AuditSlice) => {
      const entries = each.entries.filter(({ text }) => !text.includes(part))
      const left = new Set(entries.map(({ text }) => (JSON.parse(text) as { sequence: number }).sequence))
      return { ...each, entries, disclosures: each.disclosures.filter(({ sequence }) => left.has(sequence)) }
    }
    for (const change of [
      edited('"tier":"only"', '"tier":"free"'),
      edited('approval.submitted', 'approval.withdrawn'),
      without('approval.submitted'),
      (each: AuditSlice) => ({
        ...each,
        disclosures: each.disclosures.map((one) => (one.field === 'actor' ? { ...one, value: 'sam' } : one)),
      }),
      (each: AuditSlice) => ({ ...each, size: each.size + 5 }),
      (each: AuditSlice) => ({ ...each, entries: [] }),
    ])
      expect(await slice(change)).toEqual(['AUDIT'])
  })

  test('has to be of the log that this workspace keeps checkpoints of, if it keeps any', async () => {
    const { file } = await send()
    const reader = openPackage(file)
    const { origin } = readSlice(reader.read('audit.json').toString())
    reader.close()
    const stranger = publicKeyPem(generateKeyPairSync('ed25519').publicKey)
    const open = (keys: readonly string[]) => {
      const pinned = { ...away.slices, witnessedKeys: (of: string) => (of === origin ? [...keys] : []) }
      return away.reviewsWith(pinned).open({ path: file }, { keep: false }, actor('rex'))
    }
    expect(errors((await open([])).findings)).toEqual([])
    expect(errors((await open([stranger])).findings)).toEqual(['AUDIT'])
  })

  test('does not verify when a byte of a file, its list, its policy or its signature is another one', async () => {
    const { file } = await send()
    const other = await send()
    const otherOnes = new Map<string, Buffer>()
    const reader = openPackage(other.file)
    for (const each of reader.names) otherOnes.set(each, reader.read(each))
    reader.close()
    const swapped = (entry: string) =>
      edit(file, (entries) =>
        entries.map((each) => (each.name === entry ? { ...each, content: otherOnes.get(entry) as Buffer } : each)),
      )
    const grown = (entry: string) =>
      edit(file, (entries) =>
        entries.map((each) =>
          each.name === entry ? { ...each, content: Buffer.concat([each.content, Buffer.from(' ')]) } : each,
        ),
      )
    const codes = async (changed: string) =>
      errors((await away.reviews.open({ path: changed }, { keep: true }, actor('rex'))).findings)
    expect(await codes(grown('items/model.onnx'))).toContain('DIGEST')
    expect(await codes(swapped('items/evidence/parity.json'))).toContain('DIGEST')
    expect(await codes(grown('package.json'))).toContain('SIGNATURE')
    expect(await codes(swapped('package.json'))).toContain('SIGNATURE')
    expect(await codes(swapped('signature.json'))).toEqual(['SIGNATURE'])
    expect(await codes(grown('policy.json'))).toContain('MANIFEST')
    expect(await codes(edit(file, (all) => all.filter((each) => each.name !== 'policy.json')))).toContain('DIGEST')
    expect(await codes(edit(file, (all) => [...all, { name: 'extra', content: Buffer.from('x') }]))).toContain('DIGEST')
    await expect(answer(grown('items/model.onnx'))).rejects.toEqual(refused('PACKAGE_INVALID'))
  })

  test('that is no package at all is refused', async () => {
    writeFileSync(path('nothing.maestro'), 'nothing')
    await expect(away.reviews.open({ path: path('nothing.maestro') }, { keep: true }, actor('rex'))).rejects.toEqual(
      refused('PACKAGE_INVALID'),
    )
  })

  test('brings its model here, through quarantine, once', async () => {
    const { file } = await send()
    const first = await away.reviews.open({ path: file }, { keep: true }, actor('rex'))
    expect(first.kept).toEqual({ model: `${name} (review)`, version: 1, replaces: null })
    expect((await away.reviews.open({ path: file }, { keep: true }, actor('rex'))).kept).toEqual(first.kept)
    const version = away.app.models.version(`${name} (review)/1`)
    expect(version.evidence.map(({ kind }) => kind).sort()).toEqual(['parity', 'quarantine'])
    expect(version.digest).toBe(home.app.models.version(`${name}/1`).digest)
  })
})

describe('a package with rows', () => {
  const evilModel = () =>
    foreignModel({ nodes: [{ operator: 'Run', domain: 'com.evil', inputs: ['x'], outputs: ['y'] }] })
  const rowsOf = async () => {
    const table = path(`${newId()}.csv`)
    writeFileSync(table, `x,y\n${Array.from({ length: 20 }, (_, row) => `${row},${number + row}`).join('\n')}\n`)
    const { job } = home.app.datasets.import({ source: { path: table }, name, types: {}, reading: {} })
    const ended = await home.app.jobs.wait(job.id)
    expect(ended.state).toBe('succeeded')
    return ended.result?.versionId as string
  }
  const sendWith = async (model: Uint8Array) => {
    const dataset = await rowsOf()
    home.app.context.database.sqlite
      .prepare(
        `INSERT INTO deployment (model_id, slot, version_id, kind, actor, started_at)
         SELECT model_id, 'production', id, 'deploy', 'ada', created_at FROM model_version WHERE id = ?`,
      )
      .run(home.app.models.version(register(stumpModel(), dataset)).id)
    const { id } = home.approvals.submit({ model: register(model, dataset), message: 'please look' }, actor('ada'))
    const file = path(`${id}.maestro`)
    await home.reviews.export(id, { out: file, rows: 5 }, actor('ada'))
    return file
  }
  const leftAt = (there: App) => ({
    models: there.models.list({ deleted: false, search: name }).models.map((each) => each.name),
    datasets: there.datasets.list(false).datasets.filter((each) => each.name.startsWith(name)).length,
    jobs: there.jobs.list().length,
  })

  test('brings them here with its models, the one in use too, and only once', async () => {
    const file = await sendWith(
      stumpModel({ nodes_values_as_tensor: { tensor: { type: 'float', shape: [3], values: [0.25, 0, 0] } } }),
    )
    const open = () => away.reviews.open({ path: file }, { keep: true }, actor('rex'))
    const { kept, findings } = await open()
    expect(findings.map(({ code }) => code)).not.toContain('ROWS')
    expect(kept).toEqual({ model: `${name} (review)`, version: 2, replaces: 1 })
    const { dataset } = away.app.models.version(`${name} (review)/2`)
    expect(dataset?.name).toBe(`${name} (review) rows`)
    expect((await open()).kept).toEqual(kept)
    expect(leftAt(away.app)).toMatchObject({ models: [`${name} (review)`], datasets: 1 })
  })

  test('leaves nothing behind when one of its models does not pass quarantine', async () => {
    const file = await sendWith(evilModel())
    const before = leftAt(away.app)
    const seen = await away.reviews.open({ path: file }, { keep: true }, actor('rex'))
    expect(errors(seen.findings)).toEqual(['QUARANTINE'])
    expect(seen.kept).toBeNull()
    expect(leftAt(away.app)).toEqual(before)
  })
})

describe('a decision elsewhere', () => {
  test('comes back and counts, along the whole way of states', async () => {
    const { id, file } = await send()
    const reply = await answer(file)
    const taken = home.reviews.import({ path: reply }, actor('ada'))
    expect(taken).toMatchObject({ verified: true, approval: { state: 'approved', approvedBy: ['bob'] } })
    expect(home.approvals.get(id).decisions).toMatchObject([{ person: 'bob', origin: 'reply', verified: true }])
    expect(home.approvals.get(id).history.flatMap(({ kind, to }) => (kind === 'moved' ? [to] : []))).toEqual([
      'review',
      'testing',
      'approved',
    ])
  })

  test('may be a rejection', async () => {
    const { file } = await send()
    const taken = home.reviews.import({ path: await answer(file, 'bob', 'rejected') }, actor('ada'))
    expect(taken).toMatchObject({ verified: true, approval: { state: 'rejected' } })
  })

  test('is not signed by who has submitted, or whose role is not enough', async () => {
    const { file } = await send()
    const mine = path('mine.json')
    await expect(
      home.reviews.decide({ path: file }, { decision: 'approved', reason: 'mine', out: mine }, actor('ada')),
    ).rejects.toEqual(refused('POLICY_REFUSED', 'four eyes'))
    await expect(answer(file, 'rex')).rejects.toEqual(refused('POLICY_REFUSED', 'role'))
  })
})

describe('a reply is refused, and says why, when it is', () => {
  const take = (reply: string) => home.reviews.import({ path: reply }, actor('ada'))
  function rewrite(reply: string, change: (envelope: Record<string, string>) => void): string {
    const document = JSON.parse(readFileSync(reply, 'utf8')) as { envelope: string }
    const envelope = JSON.parse(document.envelope) as Record<string, string>
    change(envelope)
    const out = path(`${newId()}.json`)
    writeFileSync(out, JSON.stringify({ ...document, envelope: JSON.stringify(envelope) }))
    return out
  }

  test('forged', async () => {
    const { id, file } = await send()
    const reply = await answer(file, 'bob', 'rejected')
    const forged = rewrite(reply, (envelope) => {
      const text = Buffer.from(envelope.payload ?? '', 'base64').toString()
      envelope.payload = Buffer.from(text.replace('"rejected"', '"approved"')).toString('base64')
    })
    expect(errors(take(forged).findings)).toEqual(['SIGNATURE'])
    expect(home.approvals.get(id).state).toBe('submitted')
  })

  /** Signed by somebody who owns the other workspace, whatever the person may do here. */
  async function answerAsOwner(file: string, who: 'bob' | 'rex'): Promise<string> {
    const out = path(`${newId()}.json`)
    const owner = { name: who, role: 'superadmin' } as const
    await away.reviews.decide({ path: file }, { decision: 'approved', reason: 'looked at it', out }, owner)
    return out
  }

  test('counts in the role that the person has here, not in that of the other workspace', async () => {
    const first = await send()
    expect(take(await answerAsOwner(first.file, 'bob')).verified).toBe(true)
    expect(home.approvals.get(first.id)).toMatchObject({
      state: 'approved',
      decisions: [{ person: 'bob', role: 'approver', verified: true }],
    })
    name = `model ${++number}`
    const second = await send()
    expect(errors(take(await answerAsOwner(second.file, 'rex')).findings)).toEqual(['POLICY'])
    expect(home.approvals.get(second.id)).toMatchObject({ state: 'submitted', decisions: [] })
  })

  test('by somebody whom nobody here knows', async () => {
    const { file } = await send()
    const stranger = site((opened[1] as TestApp).app, peopleInMemory({ mallory: 'approver' }))
    const out = path(`${newId()}.json`)
    await stranger.reviews.decide(
      { path: file },
      { decision: 'approved', reason: 'trust me', out },
      { name: 'mallory', role: 'approver' },
    )
    expect(errors(take(out).findings)).toEqual(['SIGNER_UNKNOWN'])
  })

  test('replayed: the same again, or one of another submission of the same version', async () => {
    const { id, file } = await send()
    const reply = await answer(file)
    home.approvals.withdraw(id, actor('ada'))
    const again = home.approvals.submit({ model: `${name}/1` }, actor('ada')).id
    expect(errors(take(reply).findings)).toEqual(['STATE'])
    expect(home.approvals.get(again).state).toBe('submitted')
    const fresh = path(`${again}.maestro`)
    await home.reviews.export(again, { out: fresh, rows: 0 }, actor('ada'))
    const good = await answer(fresh)
    expect(take(good).verified).toBe(true)
    expect(errors(take(good).findings)).toEqual(['REPLAYED'])
    expect(home.approvals.get(again).history.at(-1)).toMatchObject({ kind: 'refused', actor: 'bob' })
  })

  test('about content that has changed since', async () => {
    const { id, file } = await send()
    const reply = await answer(file)
    const { blobs } = home.app.context
    home.app.models.putEvidence(home.approvals.get(id).versionId, { kind: 'card', ...blobs.put('{}') })
    expect(errors(take(reply).findings)).toEqual(['STATE'])
    expect(home.approvals.get(id).closed).toBe('voided')
  })

  test('signed by a key that was revoked', async () => {
    const { file } = await send()
    const reply = await answer(file)
    const known = folk.elsewhere(Object.keys(cast))
    known.revoke('bob')
    const later = site((opened[0] as TestApp).app, known)
    expect(errors(later.reviews.import({ path: reply }, actor('ada')).findings)).toEqual(['KEY_REVOKED'])
  })

  test('of the submitter himself', async () => {
    const row = home.approvals.row(home.approvals.submit({ model: register() }, actor('bob')).id)
    const envelope = await away.people.people.sign(actor('bob'), ({ fingerprint }) =>
      makeDecisionStatement(row, {
        decision: 'approved',
        reason: 'mine',
        person: 'bob',
        role: 'approver',
        fingerprint,
        decidedAt: new Date().toISOString(),
      }),
    )
    const reply = path(`${newId()}.json`)
    const signer = { name: 'bob', role: 'approver', fingerprint: '', publicKey: '' }
    writeFileSync(reply, JSON.stringify({ format: 'maestro-reply/1', envelope, signer }))
    expect(errors(take(reply).findings)).toEqual(['SELF_APPROVAL'])
    expect(home.approvals.get(row.id).state).toBe('submitted')
  })

  test('too late', async () => {
    const { id, file } = await send()
    const reply = await answer(file)
    const long = new Date(Date.now() - 40 * 86_400_000).toISOString()
    home.app.context.database.sqlite.prepare('UPDATE approval SET submitted_at = ? WHERE id = ?').run(long, id)
    expect(errors(take(reply).findings)).toEqual(['EXPIRED'])
  })

  test('no reply at all', async () => {
    const { file } = await send()
    expect(() => take(file)).toThrow(refused('PACKAGE_INVALID'))
  })
})
