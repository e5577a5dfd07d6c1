import { expect, test } from 'vitest'
import type { AuditSlice } from '../../../../core/audit/audit-slice.ts'
import { cutSlice, isSlice, readSlice, verifySlice, writeSlice } from '../../../../core/audit/audit-slice.ts'
import { isAbout } from '../../../../core/audit/entries-about.ts'
import type { AuditEntry } from '../../../../core/audit/entry.ts'
import { signTree } from '../../../../core/audit/tree-note.ts'
import type { MadeLog } from '../../../fixtures/random-audit-log.ts'
import { makeLog, newLogKey, seeded } from '../../../fixtures/random-audit-log.ts'

const signer = newLogKey()
const stranger = newLogKey()
const trust = { keys: [signer.publicKey], mustBeSigned: true }

function cut(log: MadeLog, isWanted: (sequence: number) => boolean, by: typeof signer | null = signer) {
  const [checkpoint = null] = log.checkpoints.slice(-1)
  return cutSlice(
    {
      origin: log.origin,
      keys: log.keys,
      entries: log.entries,
      checkpoint,
      disclosuresOf: (sequences) => log.disclosures.filter(({ sequence }) => sequences.includes(sequence)),
      signTree: (tree) => Promise.resolve(by ? signTree({ origin: log.origin, ...tree }, by) : null),
    },
    (_text, sequence) => isWanted(sequence),
  )
}

/** Each gives a slice that says something else than the log did. */
const tamperings: Readonly<Record<string, (slice: AuditSlice) => AuditSlice>> = {
  'another word': (slice) => withEntry(slice, 1, (text) => text.replace('"role":"engineer"', '"role":"approver"')),
  'white space': (slice) => withEntry(slice, 1, (text) => text.replace(',', ', ')),
  'two entries exchanged': (slice) => ({ ...slice, entries: [...slice.entries].reverse() }),
  'an entry twice': (slice) => ({ ...slice, entries: [...slice.entries.slice(0, 1), ...slice.entries] }),
  'another name': (slice) => ({
    ...slice,
    disclosures: slice.disclosures.map((each) => ({ ...each, value: `${each.value}!` })),
  }),
  'a name without an entry': (slice) => ({
    ...slice,
    disclosures: [...slice.disclosures, { sequence: slice.size + 1, field: 'actor', salt: '00', value: 'nora' }],
  }),
  'another root': (slice) => ({ ...slice, root: 'ab'.repeat(32) }),
  'another size': (slice) => ({ ...slice, size: slice.size + 1 }),
  'another origin': (slice) => ({ ...slice, origin: 'maestro/other' }),
  'no signature': (slice) => ({ ...slice, tree: null }),
  'a checkpoint as the tree': (slice) => ({ ...slice, tree: slice.checkpoint }),
}

function withEntry(slice: AuditSlice, at: number, change: (text: string) => string): AuditSlice {
  return {
    ...slice,
    entries: slice.entries.map((each, index) => (index === at ? { ...each, text: change(each.text) } : each)),
  }
}

test('a slice of every size verifies, without what it leaves out', async () => {
  for (let size = 1; size <= 40; size++) {
    const log = makeLog(size, signer, seeded(size))
    const slice = readSlice(writeSlice(await cut(log, (sequence) => sequence % 3 === size % 3)))
    expect(verifySlice(slice, trust)).toMatchObject({ ok: true, firstBad: null, entries: slice.entries.length })
    const left = log.entries.filter((_, index) => (index + 1) % 3 !== size % 3)
    expect(left.some((text) => writeSlice(slice).includes(JSON.stringify(text)))).toBe(false)
  }
})

test('every tampering is found', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const log = makeLog(12, signer, seeded(seed))
    const slice = await cut(log, (sequence) => sequence > 1 && sequence % 2 === 0)
    for (const [what, tamper] of Object.entries(tamperings)) {
      const changed = tamper(slice)
      if (JSON.stringify(changed) === JSON.stringify(slice)) continue
      expect(verifySlice(changed, trust).ok, what).toBe(false)
    }
  }
})

test('a log that was written anew needs the key: its own tree, signed by another, is refused', async () => {
  const log = makeLog(9, stranger, seeded(3))
  const forged = await cut(log, () => true, stranger)
  expect(verifySlice(forged, trust)).toMatchObject({ ok: false, firstBad: { sequence: 0 } })
  const mixed = await cut(makeLog(9, signer, seeded(4)), () => true)
  expect(verifySlice({ ...mixed, tree: forged.tree }, trust).ok).toBe(false)
})

test('without a key of the log a slice says that nobody signed it, and is refused where a signature is asked for', async () => {
  const slice = await cut({ ...makeLog(5, signer, seeded(5)), checkpoints: [] }, () => true, null)
  const found = verifySlice(slice, { keys: [] })
  expect(found.ok).toBe(true)
  expect(found.findings.join(' ')).toContain('Nobody signed')
  expect(verifySlice(slice, trust).ok).toBe(false)
})

test('a file that is no slice is refused', () => {
  expect(isSlice('{"format":"maestro-audit/1"}')).toBe(false)
  expect(() => readSlice('{}')).toThrow(/not a whole slice/)
})

test('an entry is about a version when it names it, its submission, its file or its model, and not when another', () => {
  const about = isAbout({ model: 'titanic', version: 3, versionId: 'v3', approvals: ['a1'], digests: ['sha256:aa'] })
  const entry = (action: string, details: AuditEntry['details']) => about({ action, details } as AuditEntry)
  for (const details of [
    { model: 'titanic/3' },
    { model: 'titanic', version: 3 },
    { subject: 'approval:a1' },
    { subject: 'version:v3' },
    { id: 'a1' },
    { model: 'titanic@production', slot: 'production' },
    { manifest: 'sha256:aa' },
  ])
    expect(entry('models.tag', details), JSON.stringify(details)).toBe(true)
  for (const details of [{ model: 'titanic/4' }, { model: 'titanic', version: 4 }, { model: 'titanic2' }, { id: 'a2' }])
    expect(entry('models.tag', details), JSON.stringify(details)).toBe(false)
  expect(entry('policy.set', {})).toBe(true)
})
