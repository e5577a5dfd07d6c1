import type { Identity } from '../../../shared/domain/identities.ts'
import type { AuditSlice } from '../../audit/audit-slice.ts'
import type { PackageEntry } from '../../packages/package-file.ts'
import { jsonFile, keyFiles } from './decision-files.ts'
import type { PersonRecords } from './person-rows.ts'
import { auditFiles, withSums } from './version-pack.ts'

export interface PersonPack {
  readonly name: string
  /** Null for somebody who only stands in records. */
  readonly identity: Identity | null
  readonly records: readonly PersonRecords[]
  readonly slice: AuditSlice
}

/** The files of a person's pack, in a fixed order. */
export function personPackFiles({ name, identity, records, slice }: PersonPack): PackageEntry[] {
  const signers = (identity?.keys ?? []).map(({ fingerprint, publicKey, createdAt, revokedAt }) => ({
    name,
    role: identity?.role ?? 'none',
    fingerprint,
    publicKey,
    validFrom: createdAt,
    validUntil: revokedAt,
  }))
  const found = records.filter(({ rows }) => rows.length > 0)
  return withSums([
    { name: 'readme.md', content: Buffer.from(readMe(name, found, slice.entries.length), 'utf8') },
    { name: 'person.json', content: jsonFile({ name, identity }) },
    ...found.map(({ what, rows }) => ({
      name: `records/${what.replaceAll(' ', '-').replaceAll(',', '')}.json`,
      content: jsonFile(rows),
    })),
    ...keyFiles(signers, slice.keys),
    ...auditFiles(slice),
  ])
}

function readMe(name: string, found: readonly PersonRecords[], entries: number): string {
  return [
    `# What this workspace keeps about ${name}`,
    '',
    'person.json is the identity with its public keys; the private ones are never given out.',
    '',
    '| what | how many | when the person is erased |',
    '|---|---|---|',
    ...found.map(({ what, rows, erasable }) => `| ${what} | ${rows.length} | ${erasable} |`),
    `| entries of the audit log (audit/) | ${entries} | names and words are erased; what was committed to in their stead stays and verifies |`,
    '',
    'audit/events.json is to be read; audit/slice.json is verified by: maestro audit verify audit/slice.json',
    '',
  ].join('\n')
}
