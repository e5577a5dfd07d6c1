import { statSync } from 'node:fs'
import type BetterSqlite3 from 'better-sqlite3'
import type { Manifest, ManifestItem } from '../../../shared/domain/approvals.ts'
import { manifest as manifestSchema } from '../../../shared/domain/approvals.ts'
import type { BlobStore } from '../../blobs/blob-store.ts'
import { digestOfBytes, digestOfFile } from '../../blobs/blob-store.ts'

interface VersionRecord {
  readonly model: string
  readonly version: number
  readonly digest: string
  readonly onnxBytes: number
  readonly pipelineDigest: string | null
  readonly task: string
  readonly learner: string
  readonly signature: string
  readonly params: string
  readonly metric: string | null
  readonly score: number | null
  readonly scoreLow: number | null
  readonly scoreHigh: number | null
  readonly sourceKind: string
  readonly runId: string | null
  readonly fileName: string | null
  readonly datasetDigest: string | null
  readonly profileDigest: string | null
  readonly createdAt: string
}

/** An item as it is now; `createdAt` of evidence says how fresh it is. */
export interface CurrentItem extends ManifestItem {
  /** Kind of evidence, for the policy; null for what every version has. */
  readonly kind: string | null
  readonly createdAt: string
}

/** Everything that an approval of a version is about, as files with their digests. */
export interface VersionContent {
  readonly manifest: Manifest
  readonly items: readonly CurrentItem[]
}

/** Reads what a version consists of: its file, pipeline, record, the profile of its training data, and all its evidence. */
export function createManifests(sqlite: BetterSqlite3.Database, blobs: BlobStore) {
  const selectVersion = sqlite.prepare<[string], VersionRecord>(
    `SELECT m.name AS model, v.version, v.digest, v.onnx_bytes AS onnxBytes, v.pipeline_digest AS pipelineDigest, v.task,
       v.learner, v.signature, v.params, v.metric, v.score, v.score_low AS scoreLow, v.score_high AS scoreHigh,
       v.source_kind AS sourceKind, v.run_id AS runId, v.file_name AS fileName, d.digest AS datasetDigest,
       d.profile_blob AS profileDigest, v.created_at AS createdAt
     FROM model_version v JOIN registered_model m ON m.id = v.model_id
     LEFT JOIN dataset_version d ON d.id = v.dataset_version_id WHERE v.id = ?`,
  )
  const selectEvidence = sqlite.prepare<[string], { kind: string; digest: string; bytes: number; createdAt: string }>(
    'SELECT kind, digest, bytes, created_at AS createdAt FROM evidence WHERE version_id = ? ORDER BY kind',
  )

  function itemsOf(versionId: string, version: VersionRecord): CurrentItem[] {
    const own = (name: string, digest: string, bytes: number, kind: string | null = null) => ({
      name,
      digest,
      bytes,
      kind,
      createdAt: version.createdAt,
    })
    const record = describeVersion(version)
    return [
      own('model.onnx', version.digest, version.onnxBytes),
      own('version.json', digestOfBytes(record), record.byteLength),
      ...(version.pipelineDigest === null
        ? []
        : [own('pipeline.json', version.pipelineDigest, sizeOf(blobs, version.pipelineDigest))]),
      ...(version.profileDigest === null
        ? []
        : [own('profile.json', version.profileDigest, sizeOf(blobs, version.profileDigest), 'profile')]),
      ...selectEvidence.all(versionId).map(({ kind, digest, bytes, createdAt }) => ({
        name: `evidence/${kind}.json`,
        digest,
        bytes,
        kind,
        createdAt,
      })),
    ].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  return {
    /** What a version consists of now; undefined when it was given up for good. */
    read(versionId: string): VersionContent | undefined {
      const version = selectVersion.get(versionId)
      if (!version) return undefined
      const items = itemsOf(versionId, version)
      return {
        manifest: {
          format: 'maestro-manifest/1',
          model: version.model,
          version: version.version,
          modelDigest: version.digest,
          items: items.map(({ name, digest, bytes }) => ({ name, digest, bytes })),
        },
        items,
      }
    },
    /** The bytes of an item: of the version's record, or of the blob. */
    bytes(versionId: string, { name, digest }: ManifestItem): Buffer {
      if (name !== 'version.json') return blobs.read(digest, { verify: true })
      const version = selectVersion.get(versionId)
      return version ? describeVersion(version) : Buffer.alloc(0)
    },
  }
}

export type Manifests = ReturnType<typeof createManifests>

/** What the row of a version says of it, but for its description, which may be written later. */
function describeVersion(version: VersionRecord): Buffer {
  const { signature, params, onnxBytes: _, pipelineDigest: __, profileDigest: ___, ...rest } = version
  const record = { ...rest, signature: JSON.parse(signature) as unknown, params: JSON.parse(params) as unknown }
  return Buffer.from(JSON.stringify(record), 'utf8')
}

/** The bytes that a manifest is known by: fixed order, no spaces. */
export function serialiseManifest({ format, model, version, modelDigest, items }: Manifest): Buffer {
  const ordered = {
    format,
    model,
    version,
    modelDigest,
    items: items.map(({ name, digest, bytes }) => ({ name, digest, bytes })),
  }
  return Buffer.from(JSON.stringify(ordered), 'utf8')
}

/** Throws ZodError, or SyntaxError where it is no JSON. */
export function parseManifest(bytes: Uint8Array): Manifest {
  return manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
}

/** Names of the items that are not as they were: changed, taken away or added. */
export function changedItems(submitted: Manifest, now: Manifest | undefined): string[] {
  const current = new Map(now?.items.map(({ name, digest }) => [name, digest]))
  const known = new Set(submitted.items.map(({ name }) => name))
  return [
    ...submitted.items.filter(({ name, digest }) => current.get(name) !== digest).map(({ name }) => name),
    ...[...current.keys()].filter((name) => !known.has(name)),
  ]
}

/** Items whose bytes are gone or no longer have their digest, all read again. */
export function damagedItems(blobs: BlobStore, { items }: Manifest): string[] {
  return items
    .filter(({ name }) => name !== 'version.json')
    .filter(({ digest }) => !blobs.has(digest) || digestOfFile(blobs.path(digest)).digest !== digest)
    .map(({ name }) => name)
}

function sizeOf(blobs: BlobStore, digest: string): number {
  return blobs.has(digest) ? statSync(blobs.path(digest)).size : 0
}
