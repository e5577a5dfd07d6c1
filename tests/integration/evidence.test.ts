import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSlice, verifySlice } from '../../core/audit/audit-slice.ts'
import { readLogKey } from '../../core/audit/export-format.ts'
import { openPackage } from '../../core/packages/package-file.ts'
import { router } from '../../core/rpc/router.ts'
import type { Actor } from '../../core/services/service-context.ts'
import { registerStump } from '../fixtures/registered-stump.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { openTestApp } from '../fixtures/test-app.ts'

const python = process.env.MAESTRO_PYTHON ?? 'python3'
const hasPython = spawnSync(python, ['--version']).status === 0
const hasTools = spawnSync('sh', ['-c', 'openssl version && sha256sum --version']).status === 0

let test1: TestApp
let boss: Actor
let reference: string
beforeAll(async () => {
  test1 = await openTestApp()
  const { app } = test1
  boss = app.identities.actorOf(undefined)
  await app.identities.create({ name: 'ada', role: 'engineer', keep: { store: 'keychain' } }, boss)
  await app.identities.create({ name: 'bob', role: 'approver', keep: { store: 'keychain' } }, boss)
  app.policies.set(
    JSON.stringify({ version: 1, defaultTier: 'only', tiers: { only: { evidence: ['parity'] } } }),
    boss.name,
  )
  reference = registerStump(app, 'titanic', 'ada')
  registerStump(app, 'secret project', 'ada', 3)
  const ada = as('ada')
  const { id } = (await ada.approvals.submit({ model: reference, message: 'please look' })).approval
  const bob = as('bob')
  await bob.approvals.advance({ id, to: 'review' })
  await bob.approvals.advance({ id, to: 'testing' })
  await bob.approvals.decide({ id, decision: 'approved', reason: 'looked at it' })
  await ada.models.tag({ model: 'secret project/1', key: 'a', value: 'b' })
  await ada.deployments.deploy({ model: reference, slot: 'production' })
})
afterAll(() => test1.close())

function as(name: string) {
  const { app } = test1
  return createRouterClient(router, {
    context: { app, actor: app.identities.actorOf(name), correlationId: '' },
  })
}

/** The files of a pack on disk, as who gets it unpacks them. */
function unpack(path: string, to: string): Map<string, Buffer> {
  const reader = openPackage(path)
  const files = new Map(reader.names.map((name) => [name, reader.read(name)]))
  reader.close()
  for (const [name, content] of files) {
    mkdirSync(dirname(join(to, name)), { recursive: true })
    writeFileSync(join(to, name), content)
  }
  return files
}

describe('the evidence of a version', () => {
  test('has card, submission, decision, keys, policy, lineage and audit, and only what concerns the version', async () => {
    const out = join(test1.folder, 'evidence.zip')
    const written = await test1.app.evidence.ofVersion(reference, { out })
    expect(written.auditSigned).toBe(true)
    const files = unpack(out, join(test1.folder, 'evidence'))
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        'readme.md',
        'card/card.html',
        'card/card.pdf',
        'card/card.json',
        'items/model.onnx',
        'items/evidence/parity.json',
        'approvals/1/manifest.json',
        'approvals/1/policy.json',
        'approvals/1/decisions/1.dsse.json',
        'keys/keys.json',
        'policy-now.json',
        'lineage.json',
        'audit/slice.json',
        'audit/tree.note',
        'sha256sums.txt',
      ]),
    )
    const events = JSON.parse(files.get('audit/events.json')?.toString() ?? '') as { action: string; actor: string }[]
    const seen = events.map(({ action, actor }) => `${action} by ${actor}`)
    for (const each of ['approval.submitted by ada', 'approval.signed by bob', 'deployment.deployed by ada'])
      expect(seen).toContain(each)
    for (const content of files.values()) expect(content.includes('secret project')).toBe(false)
    const keys = JSON.parse(files.get('keys/keys.json')?.toString() ?? '') as { signers: object[] }
    expect(keys.signers).toMatchObject([{ name: 'bob', role: 'approver', validUntil: null }])
  })

  test('is the same bytes for the same state', async () => {
    const first = await test1.app.evidence.ofVersion(reference, { out: join(test1.folder, 'a.zip') })
    const second = await test1.app.evidence.ofVersion(reference, { out: join(test1.folder, 'b.zip') })
    expect(second.digest).toBe(first.digest)
  })

  test.skipIf(!hasTools)(
    'verifies by every command of its readme, and no longer when a byte is another one',
    async () => {
      const folder = join(test1.folder, 'by-commands')
      await test1.app.evidence.ofVersion(reference, { out: join(test1.folder, 'c.zip') })
      const files = unpack(join(test1.folder, 'c.zip'), folder)
      const commands = [...(files.get('readme.md')?.toString() ?? '').matchAll(/^(openssl|sha256sum) .*$/gm)]
        .map(([line]) => line)
        .filter((line) => !line.includes('FILE.pem'))
      expect(commands.length).toBeGreaterThanOrEqual(6)
      const run = (line: string) => spawnSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' })
      for (const line of commands) expect([line, run(line).status]).toEqual([line, 0])
      const decision = join(folder, 'approvals/1/decisions/1.signed')
      writeFileSync(decision, readFileSync(decision, 'utf8').replace('"approved"', '"rejected"'))
      const tree = join(folder, 'audit/tree.signed')
      writeFileSync(tree, readFileSync(tree, 'utf8').replace('head ', 'head  '))
      const failed = commands.filter((line) => run(line).status !== 0)
      expect(failed.map((line) => /sha256sums|decisions\/1\.signed|tree\.signed/.exec(line)?.[0])).toEqual([
        'sha256sums',
        'decisions/1.signed',
        'tree.signed',
      ])
    },
  )

  test.skipIf(!hasPython)(
    'has a slice of the log that a verifier in Python accepts, and refuses when tampered with',
    async () => {
      await test1.app.evidence.ofVersion(reference, { out: join(test1.folder, 'd.zip') })
      const text =
        unpack(join(test1.folder, 'd.zip'), join(test1.folder, 'd')).get('audit/slice.json')?.toString() ?? ''
      const slice = readSlice(text)
      const variants = [
        text,
        text.replace('bob', 'eve'),
        JSON.stringify({ ...slice, entries: [...slice.entries].reverse() }),
        JSON.stringify({ ...slice, size: slice.size + 1 }),
        JSON.stringify({ ...slice, root: 'ab'.repeat(32) }),
        ...slice.entries.map((_, at) =>
          JSON.stringify({
            ...slice,
            entries: slice.entries.map((each, index) =>
              index === at ? { ...each, text: each.text.replace('"time":"20', '"time":"19') } : each,
            ),
          }),
        ),
      ]
      const paths = variants.map((content, index) => {
        const path = join(test1.folder, `slice-${index}.json`)
        writeFileSync(path, content)
        return path
      })
      const run = spawnSync(python, ['tests/golden/audit/verify_slice.py', ...paths], { encoding: 'utf8' })
      expect(run.stderr).toBe('')
      const theirs = run.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { ok: boolean }).ok)
      const keys = slice.keys.map(readLogKey)
      expect(theirs).toEqual(variants.map((content) => verifySlice(readSlice(content), { keys }).ok))
      expect(theirs).toEqual(variants.map((_, index) => index === 0))
    },
  )
})

describe('the evidence of a person', () => {
  test('is for the person and for administrators', async () => {
    const out = join(test1.folder, 'ada.zip')
    await expect(as('bob').evidence.person({ name: 'ada', out })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await as('ada').evidence.person({ name: 'ada', out })
    const files = unpack(out, join(test1.folder, 'ada'))
    expect(files.get('person.json')?.toString()).toContain('"engineer"')
    expect(files.get('records/submissions.json')?.toString()).toContain('please look')
    expect(files.has('records/signed-decisions.json')).toBe(false)
    await expect(as(boss.name).evidence.person({ name: 'nobody', out })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('may be erased without voiding what the person has signed', async () => {
    const { app } = test1
    const { id } = await as('bob')
      .approvals.get({ id: reference })
      .then(({ approval }) => approval)
    await as(boss.name).audit.erase({ name: 'bob' })
    expect(app.approvals.get(id).decisions).toMatchObject([{ person: 'bob', verified: true, problem: null }])
    expect(() => app.deployments.assertServable('titanic@production')).not.toThrow()
    // The record must still say what was signed.
    const { sqlite } = app.context.database
    const change = sqlite.prepare('UPDATE approval_decision SET person = ? WHERE approval_id = ?')
    sqlite.exec('DROP TRIGGER approval_decision_unchanged')
    change.run('somebody else', id)
    expect(app.approvals.get(id).decisions).toMatchObject([{ verified: false }])
    change.run('bob', id)
  })

  test('says what is left after an erasure, and the log still verifies', async () => {
    const { app } = test1
    const answer = await as(boss.name).audit.erase({ name: 'ada' })
    expect(answer.kept.map(({ what }) => what)).toEqual(['submissions', 'comments and steps of approvals'])
    expect(answer.renamed).toBeGreaterThan(0)
    expect(app.audit.verify().ok).toBe(true)
    const out = join(test1.folder, 'after.zip')
    await app.evidence.ofVersion(reference, { out })
    const slice = unpack(out, join(test1.folder, 'after')).get('audit/slice.json')?.toString() ?? ''
    expect(slice).not.toContain('"ada"')
    expect(verifySlice(readSlice(slice), { keys: readSlice(slice).keys.map(readLogKey) }).ok).toBe(true)
    expect(app.context.database.sqlite.prepare("SELECT 1 FROM activity WHERE actor = 'ada'").all()).toEqual([])
  })
})
