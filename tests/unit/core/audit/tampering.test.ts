import { expect, test } from 'vitest'
import { signCheckpoint } from '../../../../core/audit/checkpoint.ts'
import type { AuditEntry } from '../../../../core/audit/entry.ts'
import { beforeFirst, writeEntry } from '../../../../core/audit/entry.ts'
import { readExport, writeExport } from '../../../../core/audit/export-format.ts'
import type { Verification } from '../../../../core/audit/verify-log.ts'
import { verifyLog } from '../../../../core/audit/verify-log.ts'
import { publicKeyPem } from '../../../../core/trust/signing-keys.ts'
import type { MadeLog } from '../../../fixtures/random-audit-log.ts'
import { makeLog, newLogKey, seeded } from '../../../fixtures/random-audit-log.ts'

const signer = newLogKey()
const stranger = newLogKey()

/** What somebody might do to a log, who holds the file but not the key. Gives the first entry that is not as it was. */
type Tampering = (log: MadeLog, at: number, random: () => number) => number

const tamperings: Readonly<Record<string, Tampering>> = {
  edit(log, at) {
    log.entries[at] = (log.entries[at] ?? '').replace('"role":"engineer"', '"role":"approver"')
    return at + 2
  },
  'edit, with everything after written anew': (log, at) => {
    rewrite(log, at, (entry) => ({ ...entry, role: 'approver' }))
    return at + 1
  },
  'one bit': (log, at, random) => {
    const bytes = Buffer.from(log.entries[at] ?? '')
    const byte = Math.floor(random() * bytes.length)
    // Never the eighth bit, which would only be replaced when the bytes are read as text.
    bytes[byte] = (bytes[byte] ?? 0) ^ (1 << Math.floor(random() * 7))
    log.entries[at] = bytes.toString('utf8')
    return at + 2
  },
  'white space': (log, at) => {
    log.entries[at] = (log.entries[at] ?? '').replace(',', ', ')
    return at + 1
  },
  delete(log, at) {
    log.entries.splice(at, 1)
    return at + 1
  },
  insert(log, at) {
    log.entries.splice(at, 0, log.entries[at] ?? '')
    return at + 2
  },
  swap(log, at) {
    const next = (at + 1) % log.entries.length
    const [a = '', b = ''] = [log.entries[at], log.entries[next]]
    log.entries[at] = b
    log.entries[next] = a
    return Math.min(at, next) + 1
  },
  'cut the tail': (log, at) => {
    log.entries.length = at
    log.disclosures.splice(0, log.disclosures.length, ...log.disclosures.filter(({ sequence }) => sequence <= at))
    return at + 1
  },
  'cut the tail, and the checkpoints with it: an older copy': (log, at) => {
    log.entries.length = at
    keep(log.checkpoints, (note) => Number(note.split('\n')[1]) <= at)
    keep(log.disclosures, ({ sequence }) => sequence <= at)
    return at + 1
  },
  'replay an entry at the end': (log, at) => {
    log.entries.push(log.entries[at] ?? '')
    return log.entries.length
  },
  'write anew and sign with another key': (log, at) => {
    rewrite(log, at, (entry) => ({ ...entry, role: 'approver' }))
    resign(log, stranger)
    return 0
  },
  'another log of the same key in its place': (log, _at, random) => {
    Object.assign(log, makeLog(log.entries.length, signer, random, 'maestro/clone'))
    return 0
  },
  'another history under the same name, signed by another key': (log, _at, random) => {
    Object.assign(log, makeLog(log.entries.length, stranger, random))
    return 0
  },
  'take all signatures away': (log, at) => {
    rewrite(log, at, (entry) => ({ ...entry, role: 'approver' }))
    log.checkpoints.length = 0
    return at + 1
  },
  'disclose another name': (log) => {
    const [first] = log.disclosures
    if (!first) return -1
    log.disclosures[0] = { ...first, value: 'somebody else' }
    return first.sequence
  },
}

function keep<Item>(items: Item[], isKept: (item: Item) => boolean): void {
  items.splice(0, items.length, ...items.filter(isKept))
}

/** As who can compute hashes would do it. */
function rewrite(log: MadeLog, from: number, change: (entry: AuditEntry) => AuditEntry): void {
  let previous = beforeFirst
  log.entries.forEach((text, index) => {
    const entry = { ...(JSON.parse(text) as AuditEntry), previous }
    const written = writeEntry(index === from ? change(entry) : entry)
    log.entries[index] = written.text
    previous = written.hash
  })
}

function resign(log: MadeLog, key: typeof signer): void {
  const { hash } = writeEntry(JSON.parse(log.entries[log.entries.length - 1] ?? '') as AuditEntry)
  log.checkpoints.splice(
    0,
    log.checkpoints.length,
    signCheckpoint({ origin: log.origin, size: log.entries.length, hash }, key),
  )
}

/** The whole way: written to a file, read again, verified with the key that is known and the checkpoint kept elsewhere. */
function verify(log: MadeLog, witness: string): Verification {
  const content = [...writeExport({ ...log, keys: [publicKeyPem(signer.publicKey)] })].join('')
  return verifyLog(readExport(content), { keys: [signer.publicKey], witnesses: [witness], mustBeSigned: true })
}

/** Made once, since signing is slow; each tampering gets a copy. */
const logs = Array.from({ length: 24 }, (_, at) => makeLog(5 + 2 * at, signer, seeded(1000 + at)))

test('logs that were left alone verify', () => {
  for (const log of logs)
    expect(verify(log, log.checkpoints[log.checkpoints.length - 1] ?? '')).toMatchObject({
      ok: true,
      entries: log.entries.length,
    })
})

const perKind = Math.ceil(2_000 / Object.keys(tamperings).length)

test.each(Object.entries(tamperings))(`${perKind} times: %s is found, and where`, (_, tamper) => {
  for (let seed = 1; seed <= perKind; seed++) {
    const random = seeded(seed)
    const log = structuredClone(logs[seed % logs.length] as MadeLog)
    const witness = log.checkpoints[log.checkpoints.length - 1] ?? ''
    const before = JSON.stringify(log)
    const firstBad = tamper(log, Math.floor(random() * (log.entries.length - 1)), random)
    expect(JSON.stringify(log)).not.toBe(before)
    const found = verify(log, witness)
    expect([seed, found.ok]).toEqual([seed, false])
    // An edit shows at the entry itself where it breaks its form, else at the next one or at the checkpoint that covers it.
    if (firstBad > 0) {
      expect(found.firstBad?.sequence).toBeGreaterThanOrEqual(Math.max(1, firstBad - 1))
      expect(found.firstBad?.sequence).toBeLessThanOrEqual(log.entries.length + 1)
    }
  }
})

test('what is unsigned is said: nothing tells whether entries after the last checkpoint were taken away', () => {
  const log = makeLog(20, signer, seeded(1))
  log.checkpoints.length = 0
  expect(verifyLog(log, { keys: [] }).findings).toEqual([expect.stringContaining('No checkpoint')])
  expect(verifyLog(log, { keys: [], mustBeSigned: true })).toMatchObject({ ok: false, firstBad: { sequence: 0 } })
})

test('what is erased leaves the log whole', () => {
  const log = makeLog(20, signer, seeded(2))
  log.disclosures.length = 0
  expect(verify(log, log.checkpoints[log.checkpoints.length - 1] ?? '').ok).toBe(true)
})

test.each(['', '{}\n', 'x\n', '{"format":"maestro-audit/2","keys":[],"origin":"x"}\n'])(
  '%j is no export',
  (content) => {
    expect(() => readExport(content)).toThrow(/not a whole export/)
  },
)
