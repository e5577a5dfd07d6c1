import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { MaestroError } from '../../../shared/errors.ts'
import { isAbout } from '../../audit/entries-about.ts'
import type { DeliveredFile } from '../../documents/deliver.ts'
import { deliver } from '../../documents/deliver.ts'
import { plainName } from '../../documents/plain-name.ts'
import type { PackageEntry } from '../../packages/package-file.ts'
import { writePackage } from '../../packages/package-file.ts'
import { newId } from '../../storage/ids.ts'
import { publicKeyPem } from '../../trust/signing-keys.ts'
import type { ApprovalRow } from '../approvals/approval-rows.ts'
import type { ApprovalsService } from '../approvals/approvals-service.ts'
import { serialiseManifest } from '../approvals/manifest.ts'
import type { AuditSlices } from '../audit/audit-slices.ts'
import type { CardsService } from '../cards/cards-service.ts'
import type { IdentitiesService } from '../identities/identities-service.ts'
import type { LineageService } from '../lineage/lineage-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { PolicyService } from '../policy/policy-service.ts'
import { serialisePolicy } from '../policy/policy-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import type { SignerRecord } from './decision-files.ts'
import type { PackedApproval } from './pack-content.ts'
import { personPackFiles } from './person-pack.ts'
import { createPersonRows } from './person-rows.ts'
import { versionPackFiles } from './version-pack.ts'

export interface EvidenceParts {
  readonly models: ModelsService
  readonly cards: CardsService
  readonly approvals: ApprovalsService
  readonly policies: PolicyService
  readonly lineage: LineageService
  readonly identities: IdentitiesService
  readonly slices: AuditSlices
}

export interface EvidenceFile extends DeliveredFile {
  /** How many files are in it. */
  readonly files: number
  /** How many entries of the audit log. */
  readonly entries: number
  /** Whether the log's key signed what the log was. */
  readonly auditSigned: boolean
}

/** Packs for who has to check from outside: one for a version, one for a person. */
export function createEvidenceService(context: ServiceContext, parts: EvidenceParts) {
  const { models, cards, approvals, policies, lineage, identities, slices } = parts
  const { blobs, paths } = context
  const personRows = createPersonRows(context.database.sqlite)

  function blobOrNull(digest: string): Buffer | null {
    return blobs.has(digest) ? blobs.read(digest, { verify: true }) : null
  }

  function packed(row: ApprovalRow): PackedApproval {
    return {
      approval: approvals.get(row.id),
      manifest: blobOrNull(row.manifestDigest),
      policy: blobOrNull(row.policyDigest),
      envelopes: approvals.rows.decisions(row.id).map(({ envelope }) => envelope),
    }
  }

  function itemsOf(versionId: string): PackageEntry[] {
    return (approvals.manifests.read(versionId)?.manifest.items ?? []).map((item) => ({
      name: item.name,
      content: approvals.manifests.bytes(versionId, item),
    }))
  }

  function signersOf(rows: readonly ApprovalRow[]): SignerRecord[] {
    const prints = rows.flatMap(({ id }) => approvals.rows.decisions(id).map(({ fingerprint }) => fingerprint))
    return [...new Set(prints)].flatMap((fingerprint) => {
      const known = identities.knownKey(fingerprint)
      if (known === null) return []
      const { name, role, createdAt, revokedAt, publicKey } = known
      return [
        { name, role, fingerprint, validFrom: createdAt, validUntil: revokedAt, publicKey: publicKeyPem(publicKey) },
      ]
    })
  }

  async function cardOf(reference: string) {
    const [html, pdf, json] = await Promise.all([
      cards.write(reference, 'html'),
      cards.write(reference, 'pdf'),
      cards.write(reference, 'json'),
    ])
    return { html, pdf, json }
  }

  /** Writes by way of a file, as packages are written, so that a pack is whole or not there. */
  function hand(files: readonly PackageEntry[], out: string | undefined, name: string): DeliveredFile {
    const path = join(paths.scratch, `${newId()}.zip`)
    try {
      writePackage(path, files)
      return deliver(blobs, readFileSync(path), out, name)
    } finally {
      rmSync(path, { force: true })
    }
  }

  return {
    /**
     * Everything about a version that an auditor asks for, in one file. The same evidence and log give the same bytes.
     * `passphrase` opens the key of the log where it is kept under one.
     */
    async ofVersion(
      reference: string,
      request: { readonly out?: string | undefined; readonly passphrase?: string | undefined },
    ): Promise<EvidenceFile> {
      const version = models.version(reference)
      const label = `${version.name} / ${version.version}`
      const rows = approvals.rows.ofVersion(version.id)
      const content = approvals.manifests.read(version.id)
      if (!content) throw new MaestroError('NOT_FOUND', `${label} is gone.`)
      const slice = await slices.cut(
        isAbout({
          model: version.name,
          version: version.version,
          versionId: version.id,
          approvals: rows.map(({ id }) => id),
          digests: [version.digest, ...rows.flatMap((row) => [row.manifestDigest, row.policyDigest])],
        }),
        request.passphrase,
      )
      const items = [{ name: 'manifest.json', content: serialiseManifest(content.manifest) }, ...itemsOf(version.id)]
      const files = versionPackFiles({
        label,
        card: await cardOf(version.id),
        items,
        approvals: rows.map(packed),
        policyInForce: Buffer.from(serialisePolicy(policies.inForce().policy), 'utf8'),
        signers: signersOf(rows),
        slice,
        lineage: lineage.ofVersion(version.id),
      })
      const name = `${plainName(version.name)}-${version.version}-evidence.zip`
      return {
        ...hand(files, request.out, name),
        files: files.length,
        entries: slice.entries.length,
        auditSigned: slice.tree !== null,
      }
    },

    /**
     * Everything that the workspace holds about a person, in one file. Asking for somebody else takes the right to manage
     * people. Throws NOT_FOUND, FORBIDDEN.
     */
    async ofPerson(name: string, request: { readonly out?: string | undefined }, actor: Actor): Promise<EvidenceFile> {
      const identity = identities.list().identities.find((each) => each.name === name) ?? null
      if (name !== actor.name && actor.role !== 'admin' && actor.role !== 'superadmin') {
        throw new MaestroError('FORBIDDEN', `Only ${name} and administrators may ask for what is kept about ${name}.`)
      }
      const records = personRows.about(name)
      if (identity === null && records.every(({ rows }) => rows.length === 0)) {
        throw new MaestroError(
          'NOT_FOUND',
          `This workspace knows nothing of "${name}".`,
          'maestro identity list shows who there is.',
        )
      }
      const own = new Set(personRows.sequences(name))
      const slice = await slices.cut(({ sequence }) => own.has(sequence))
      const files = personPackFiles({ name, identity, records, slice })
      if (!context.database.readOnly) {
        context.audit.record({
          action: 'evidence.person',
          actor: actor.name,
          role: actor.role,
          outcome: 'done',
          details: {},
          hidden: { name },
        })
      }
      return {
        ...hand(files, request.out, `${plainName(name)}-personal-data.zip`),
        files: files.length,
        entries: slice.entries.length,
        auditSigned: slice.tree !== null,
      }
    },
  }
}

export type EvidenceService = ReturnType<typeof createEvidenceService>
