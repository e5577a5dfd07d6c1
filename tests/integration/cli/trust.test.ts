import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { maestroJson } from '../../fixtures/run-maestro.ts'

const root = mkdtempSync(join(tmpdir(), 'maestro-trust-'))
const workspace = join(root, 'workspace')
const passphrase = 'correct horse battery'
beforeAll(() => {
  process.env.MAESTRO_PASSPHRASE = passphrase
})
afterAll(() => {
  delete process.env.MAESTRO_PASSPHRASE
  rmSync(root, { recursive: true, force: true })
})

async function run(...args: string[]) {
  const { exitCode, json } = await maestroJson(workspace, ...args)
  return { exitCode, json: json as Record<string, never> & { identity: { publicKey: string; fingerprint: string } } }
}

test('people, signatures and the audit log, by the command line alone', { timeout: 120_000 }, async () => {
  expect((await run('keys', 'show')).json).toMatchObject({ error: { code: 'KEY_MISSING' } })
  expect(await run('identity', 'create', 'nora', '--role', 'viewer', '--keep', 'passphrase')).toMatchObject({
    exitCode: 0,
    json: { identity: { name: 'nora', role: 'viewer', keys: [{ store: 'passphrase' }] } },
  })
  const shown = await run('keys', 'show', '--as', 'nora')
  const key = join(root, 'nora.pub')
  writeFileSync(key, shown.json.identity.publicKey)

  const folder = join(root, 'model')
  const bundle = join(root, 'model.sig')
  mkdirSync(folder)
  writeFileSync(join(folder, 'model.onnx'), 'weights')
  expect(await run('sign', folder, '--out', bundle, '--as', 'nora')).toMatchObject({
    exitCode: 0,
    json: { verified: true, files: 1, fingerprint: shown.json.identity.fingerprint },
  })
  expect(await run('verify', bundle, folder, '--key', key)).toMatchObject({ exitCode: 0, json: { verified: true } })
  writeFileSync(join(folder, 'model.onnx'), 'Weights')
  expect(await run('verify', bundle, folder, '--key', key)).toMatchObject({
    exitCode: 5,
    json: { verified: false, findings: [{ code: 'CONTENT', where: 'model.onnx' }] },
  })

  expect(await run('backup', 'create', '--as', 'nora')).toMatchObject({
    exitCode: 4,
    json: { error: { code: 'FORBIDDEN' } },
  })
  expect(await run('identity', 'revoke', 'nora', '--reason', 'left')).toMatchObject({ exitCode: 0 })
  expect(await run('sign', folder, '--out', bundle, '--as', 'nora')).toMatchObject({ exitCode: 4 })

  const { json: signed } = await run('audit', 'checkpoint', '--keep', 'passphrase')
  expect(signed).toMatchObject({ ok: true, firstBad: null })
  const { note, publicKey } = signed.lastCheckpoint as unknown as { note: string; publicKey: string }
  const [witness, logKey, log] = [join(root, 'kept.note'), join(root, 'log.pub'), join(root, 'log.jsonl')]
  writeFileSync(witness, note)
  writeFileSync(logKey, publicKey)
  expect(await run('audit', 'export', '--out', log)).toMatchObject({ exitCode: 0, json: { ok: true } })
  const { json: listed } = await run('audit', 'list', '--outcome', 'refused')
  expect(listed.events).toMatchObject([{ action: 'backups.create', actor: 'nora', code: 'FORBIDDEN' }])
  const verify = () => run('audit', 'verify', log, '--key', logKey, '--checkpoint', witness)
  expect(await verify()).toMatchObject({ exitCode: 0, json: { ok: true, firstBad: null } })
  writeFileSync(log, readFileSync(log, 'utf8').replace('"outcome":"refused"', '"outcome":"done"'))
  expect(await verify()).toMatchObject({ exitCode: 5, json: { ok: false } })
  expect(readFileSync(log, 'utf8')).not.toContain(passphrase)
})
