import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readExport, writeExport } from '../../../core/audit/export-format.ts'
import { verifyLog } from '../../../core/audit/verify-log.ts'
import { makeLog, newLogKey, seeded } from '../../fixtures/random-audit-log.ts'

const python = process.env.MAESTRO_PYTHON ?? 'python3'
const hasPython = spawnSync(python, ['--version']).status === 0

test.skipIf(!hasPython)('a verifier in Python agrees on 1,000 random logs, half of them tampered with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-logs-'))
  const signer = newLogKey()
  try {
    const files: string[] = []
    const ours: unknown[] = []
    for (let seed = 1; seed <= 1_000; seed++) {
      const random = seeded(seed)
      const log = makeLog(1 + Math.floor(random() * 12), signer, random)
      const at = Math.floor(random() * log.entries.length)
      const text = log.entries[at] ?? ''
      if (seed % 2 === 0) {
        const tamperings = [
          () => log.entries.splice(at, 1),
          () => log.entries.splice(at, 0, text),
          () => log.entries.splice(at, 1, text.replace('"role":"engineer"', '"role":"admin"')),
          () => log.entries.splice(at, 1, text.replace(':', ': ')),
          () => log.entries.reverse(),
          () => log.disclosures.splice(0, 1, { sequence: 1, field: 'actor', salt: '00', value: 'x' }),
          () => (log.checkpoints.length = 0),
        ]
        tamperings[Math.floor(random() * tamperings.length)]?.()
      }
      const content = [...writeExport(log)].join('')
      const path = join(folder, `${seed}.jsonl`)
      writeFileSync(path, content)
      files.push(path)
      const { ok, entries, firstBad } = verifyLog(readExport(content), { keys: [signer.publicKey] })
      ours.push({ ok, entries, firstBad: firstBad?.sequence ?? null })
    }
    const run = spawnSync(python, ['tests/golden/audit/verify_log.py', ...files], { encoding: 'utf8', maxBuffer: 1e8 })
    expect(run.stderr).toBe('')
    const theirs = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(theirs).toEqual(ours)
    const refused = ours.filter((verdict) => !(verdict as { ok: boolean }).ok).length
    expect(refused).toBeGreaterThan(300)
    expect(refused).toBeLessThanOrEqual(500)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
