import type { AuditSlice } from '../../audit/audit-slice.ts'
import { writeSlice } from '../../audit/audit-slice.ts'
import { digestOfBytes } from '../../blobs/blob-store.ts'
import type { PackageEntry } from '../../packages/package-file.ts'
import { decisionFiles, jsonFile, keyFiles, noteFiles, sumsFile } from './decision-files.ts'
import type { PackedApproval, VersionPack } from './pack-content.ts'
import { versionReadMe } from './read-me.ts'

/** The files of an evidence pack, in a fixed order: the same evidence gives the same bytes. */
export function versionPackFiles(pack: VersionPack): PackageEntry[] {
  const files: PackageEntry[] = [
    { name: 'card/card.html', content: bytesOf(pack.card.html) },
    { name: 'card/card.pdf', content: bytesOf(pack.card.pdf) },
    { name: 'card/card.json', content: bytesOf(pack.card.json) },
    ...pack.items.map(({ name, content }) => ({ name: `items/${name}`, content })),
    ...pack.approvals.flatMap((each, index) => approvalFiles(`approvals/${index + 1}/`, each)),
    { name: 'policy-now.json', content: pack.policyInForce },
    { name: 'lineage.json', content: jsonFile(pack.lineage) },
    ...keyFiles(pack.signers, pack.slice.keys),
    ...auditFiles(pack.slice),
  ]
  const readMe = { name: 'readme.md', content: Buffer.from(versionReadMe(pack, files), 'utf8') }
  return withSums([readMe, ...files])
}

/** The audit slice as it is verified, as it is read, and its notes for openssl. */
export function auditFiles(slice: AuditSlice): PackageEntry[] {
  const words = new Map(slice.disclosures.map(({ sequence, field, value }) => [`${sequence} ${field}`, value]))
  const readable = slice.entries.map(({ text }) => {
    const { hidden, ...open } = JSON.parse(text) as { sequence: number; hidden: Record<string, string> }
    const clear = Object.keys(hidden).map((field) => [field, words.get(`${open.sequence} ${field}`) ?? null])
    return { ...open, ...Object.fromEntries(clear) } as Record<string, unknown>
  })
  return [
    { name: 'audit/slice.json', content: Buffer.from(writeSlice(slice), 'utf8') },
    { name: 'audit/events.json', content: jsonFile(readable) },
    ...noteFiles('audit/tree', slice.tree),
    ...noteFiles('audit/checkpoint', slice.checkpoint),
  ]
}

/** Adds the list of all digests, for `sha256sum -c`. */
export function withSums(files: readonly PackageEntry[]): PackageEntry[] {
  const sums = files.map(({ name, content }) => ({ name, digest: digestOfBytes(content) }))
  return [...files, { name: 'sha256sums.txt', content: sumsFile(sums) }]
}

function approvalFiles(folder: string, { approval, manifest, policy, envelopes }: PackedApproval): PackageEntry[] {
  return [
    { name: `${folder}approval.json`, content: jsonFile(approval) },
    ...(manifest === null
      ? []
      : [
          { name: `${folder}manifest.json`, content: manifest },
          {
            name: `${folder}manifest.sha256`,
            content: sumsFile(approval.manifest.map(({ name, digest }) => ({ name: `items/${name}`, digest }))),
          },
        ]),
    ...(policy === null ? [] : [{ name: `${folder}policy.json`, content: policy }]),
    ...envelopes.flatMap((envelope, index) => decisionFiles(`${folder}decisions/${index + 1}`, envelope)),
  ]
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content, 'utf8') : content
}
