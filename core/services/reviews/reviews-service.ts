import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isUndecided } from '../../../shared/domain/approval-states.ts'
import type { Approval } from '../../../shared/domain/approvals.ts'
import { checkPolicy } from '../../../shared/domain/check-policy.ts'
import type { OpenedReview, ReviewFinding, ReviewIndex, ReviewReply } from '../../../shared/domain/reviews.ts'
import { reviewReply } from '../../../shared/domain/reviews.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { AuditSlice } from '../../audit/audit-slice.ts'
import { writeSlice } from '../../audit/audit-slice.ts'
import { isAbout } from '../../audit/entries-about.ts'
import { digestOfBytes, digestOfFile } from '../../blobs/blob-store.ts'
import { downloadHref } from '../../blobs/download-href.ts'
import { plainName } from '../../documents/plain-name.ts'
import type { PackageEntry } from '../../packages/package-file.ts'
import { openPackage, writePackage } from '../../packages/package-file.ts'
import { newId } from '../../storage/ids.ts'
import type { ApprovalPeople, SignerKey } from '../approvals/approval-people.ts'
import type { ApprovalRow } from '../approvals/approval-rows.ts'
import type { ApprovalsService } from '../approvals/approvals-service.ts'
import { makeDecisionStatement } from '../approvals/decision-statement.ts'
import { refuseByPolicy } from '../approvals/refuse-by-policy.ts'
import type { AuditSlices } from '../audit/audit-slices.ts'
import type { CardsService } from '../cards/cards-service.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { ForeignFile, QuarantineService } from '../quarantine/quarantine-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import { importReply } from './import-reply.ts'
import { keepForReview } from './keep-for-review.ts'
import type { CheckedPackage } from './review-package.ts'
import {
  auditName,
  checkPackage,
  itemsFolder,
  packageEntries,
  packageStatementOf,
  packageTexts,
  productionFolder,
} from './review-package.ts'
import { packRows } from './sample-rows.ts'

/** For how long a package may be decided on where the policy sets no end. */
const defaultDays = 90
const dayMs = 86_400_000
/** A reply is one signed statement. */
const largestReply = 100_000

/** Reviews without a network: a submission goes out as one signed file, a decision comes back as another. */
export function createReviewsService(
  context: ServiceContext,
  services: {
    readonly models: ModelsService
    readonly datasets: Pick<DatasetService, 'resolve' | 'import'>
    readonly cards: Pick<CardsService, 'takeIn'>
    readonly approvals: ApprovalsService
    readonly quarantine: QuarantineService
    readonly slices: AuditSlices
  },
  people: ApprovalPeople,
) {
  const { approvals, models, datasets } = services
  const { blobs, paths } = context

  function itemEntries(row: ApprovalRow, folder: string): PackageEntry[] {
    return (approvals.manifests.read(row.versionId)?.manifest.items ?? []).map((item) => ({
      name: `${folder}${item.name}`,
      content: approvals.manifests.bytes(row.versionId, item),
    }))
  }

  /** The version in use, so that the reviewer can compare without having it. */
  function productionEntries(row: ApprovalRow, replaces: Approval['replaces']): PackageEntry[] {
    if (replaces === null) return []
    const other = models.versionId(`${row.model}/${replaces.version}`)
    return itemEntries({ ...row, versionId: other }, productionFolder)
  }

  /** Rows of the training table, where whoever submits allows it. */
  async function sampleEntries(
    row: ApprovalRow,
    replaces: Approval['replaces'],
    rows: number,
  ): Promise<{ entries: PackageEntry[]; rows: number }> {
    const { dataset, signature } = models.version(row.versionId)
    if (rows === 0 || dataset === null) return { entries: [], rows: 0 }
    const before = replaces === null ? [] : [models.version(`${row.model}/${replaces.version}`).signature]
    const { columnFilePath } = datasets.resolve(dataset.versionId)
    return packRows(context, columnFilePath, { rows, models: [signature, ...before] })
  }

  function sliceOf(row: ApprovalRow): Promise<AuditSlice> {
    return services.slices.cut(
      isAbout({
        model: row.model,
        version: row.version,
        versionId: row.versionId,
        approvals: approvals.rows.ofVersion(row.versionId).map(({ id }) => id),
        digests: [row.digest, row.manifestDigest, row.policyDigest],
      }),
    )
  }

  function expiryOf(row: ApprovalRow, days: number | null): string {
    return new Date(Date.parse(row.submittedAt) + (days ?? defaultDays) * dayMs).toISOString()
  }

  function check(file: ForeignFile): CheckedPackage {
    const reader = openPackage(services.quarantine.locate(file).path)
    try {
      return checkPackage(reader, people, { now: Date.now(), logKeys: services.slices.witnessedKeys })
    } finally {
      reader.close()
    }
  }

  return {
    /** Writes a submission that waits for a decision into one signed file. Throws STATE_REFUSED, POLICY_REFUSED. */
    async export(
      reference: string,
      request: { readonly out?: string | undefined; readonly rows: number },
      actor: Actor,
    ): Promise<{ path: string | null; href: string | null; bytes: number; digest: string; expiresAt: string }> {
      const row = approvals.row(reference)
      if (row.closed !== null || !isUndecided(row.state)) {
        throw new MaestroError(
          'STATE_REFUSED',
          `${row.model} / ${row.version} is ${row.closed ?? row.state}: there is nothing to decide.`,
          'Send the version for approval again.',
        )
      }
      const policyText = blobs.read(row.policyDigest, { verify: true })
      const { replaces } = approvals.get(row.id)
      const samples = await sampleEntries(row, replaces, request.rows)
      const history = Buffer.from(JSON.stringify(approvals.rows.events(row.id)))
      const files = [
        ...packageTexts(blobs.read(row.manifestDigest, { verify: true }), policyText),
        ...itemEntries(row, itemsFolder),
        ...productionEntries(row, replaces),
        ...samples.entries,
        { name: 'history.json', content: history },
        { name: auditName, content: Buffer.from(writeSlice(await sliceOf(row)), 'utf8') },
      ]
      const tier = approvals.tierOf(row.tier)
      const exportedAt = new Date().toISOString()
      const makeIndex = (key: SignerKey): ReviewIndex => ({
        format: 'maestro-review/1',
        approval: subjectOf(row),
        replaces,
        sampleRows: samples.rows,
        exportedAt,
        expiresAt: expiryOf(row, tier.submissionMaxDays),
        signer: { name: actor.name, role: actor.role, ...key },
        files: files.map(({ name, content }) => ({ name, digest: digestOfBytes(content), bytes: content.byteLength })),
      })
      const signed: { index?: ReviewIndex } = {}
      const envelope = await people.sign(actor, (key) => {
        signed.index = makeIndex(key)
        return packageStatementOf(signed.index)
      })
      const { index } = signed
      if (index === undefined) throw new Error('nothing was signed')
      const target = request.out === undefined ? join(paths.scratch, `${newId()}.maestro`) : resolve(request.out)
      writePackage(target, packageEntries(index, envelope, files))
      const written = digestOfFile(target)
      people.record({
        action: 'review.exported',
        actor: actor.name,
        subject: `approval:${row.id}`,
        details: { manifest: row.manifestDigest, rows: samples.rows },
      })
      const answer = { ...written, expiresAt: index.expiresAt }
      if (request.out !== undefined) return { ...answer, path: target, href: null }
      blobs.putFile(target, { move: true })
      return {
        ...answer,
        path: null,
        href: downloadHref(written.digest, `${plainName(row.model)}-${row.version}.maestro`),
      }
    },

    /**
     * Checks a package that somebody sent, and with `keep` takes the model in, after quarantine, so that it can be looked at,
     * tried and compared here. Throws PACKAGE_INVALID for what is no package.
     */
    async open(file: ForeignFile, options: { readonly keep: boolean }, actor: Actor): Promise<OpenedReview> {
      const { index, manifest, history, findings } = check(file)
      const verified = isVerified(findings)
      const kept =
        verified && options.keep && index !== null && manifest !== null
          ? await keepForReview({ ...services, context }, services.quarantine.locate(file).path, index, actor)
          : { findings: [], kept: null }
      const all = [...findings, ...kept.findings]
      const { files: _, ...head } = index ?? { files: [] }
      return {
        verified: isVerified(all),
        findings: all,
        package: index === null ? null : (head as OpenedReview['package']),
        manifest: manifest?.items ?? [],
        decisions: [],
        history,
        kept: kept.kept,
      }
    },

    /** Signs a decision on a package, into a file that goes back. Throws PACKAGE_INVALID, POLICY_REFUSED. */
    async decide(
      file: ForeignFile,
      request: {
        readonly decision: 'approved' | 'rejected'
        readonly reason: string
        readonly out?: string | undefined
      },
      actor: Actor,
    ): Promise<{ verified: boolean; findings: ReviewFinding[]; reply: string | null; href: string | null }> {
      const { index, policy, findings } = check(file)
      if (!isVerified(findings) || index === null || policy === null) {
        throw new MaestroError(
          'PACKAGE_INVALID',
          findings.find(({ severity }) => severity === 'error')?.message ?? 'The package does not verify.',
          'Nothing was signed. maestro review open FILE tells everything that was found.',
          { findings },
        )
      }
      const { approval } = index
      let key = { fingerprint: '', publicKey: '' }
      const envelope = await people.sign(actor, (own) => {
        key = own
        assertMayDecide(index, policy, actor, own.fingerprint)
        return makeDecisionStatement(approval, {
          decision: request.decision,
          reason: request.reason,
          person: actor.name,
          role: actor.role,
          fingerprint: own.fingerprint,
          decidedAt: new Date().toISOString(),
        })
      })
      const reply: ReviewReply = {
        format: 'maestro-reply/1',
        envelope,
        signer: { name: actor.name, role: actor.role, fingerprint: key.fingerprint, publicKey: key.publicKey },
      }
      const text = `${JSON.stringify(reply, null, 2)}\n`
      const out = request.out === undefined ? null : resolve(request.out)
      if (out !== null) writeFileSync(out, text, { mode: 0o600 })
      people.record({
        action: 'review.signed',
        actor: actor.name,
        subject: `approval:${approval.id}`,
        details: { decision: request.decision, reason: request.reason, manifest: approval.manifestDigest },
      })
      const name = `${plainName(approval.model)}-${approval.version}-reply.json`
      const href = out === null ? downloadHref(blobs.put(text).digest, name) : null
      return { verified: true, findings: [...findings], reply: out, href }
    },

    /** Takes a reply in. What does not count is said, written down, and changes nothing. */
    import(
      file: ForeignFile,
      actor: Actor,
    ): { verified: boolean; findings: ReviewFinding[]; approval: Approval | null } {
      context.assertWritable()
      const { path, name } = services.quarantine.locate(file)
      if (statSync(path).size > largestReply) throw notReply(name, 'it is too large')
      return importReply({ context, approvals, people }, parseReply(readFileSync(path, 'utf8'), name), actor)
    },
  }
}

export type ReviewsService = ReturnType<typeof createReviewsService>

/** The policy of the package is the one in force where it was submitted; it is asked there again. */
function assertMayDecide(
  { approval, signer }: ReviewIndex,
  policy: Parameters<typeof checkPolicy>[0],
  actor: Actor,
  fingerprint: string,
): void {
  const what = `Deciding on ${approval.model} / ${approval.version}`
  if (fingerprint === signer.fingerprint || actor.name === approval.submitter) {
    refuseByPolicy(what, [
      { what: 'four eyes', met: false, detail: `${actor.name} has submitted it and cannot decide on it.` },
    ])
  }
  if (!Object.hasOwn(policy.tiers, approval.tier)) {
    refuseByPolicy(what, [{ what: `tier ${approval.tier}`, met: false, detail: 'The policy has no such tier.' }])
  }
  const { requirements } = checkPolicy(policy, approval.tier, 'decide', {
    now: Date.now(),
    evidence: [],
    submission: {
      submitter: approval.submitter,
      submittedAt: Date.parse(approval.submittedAt),
      approvedAt: null,
      standing: { state: 'testing', closed: null },
      changed: [],
      openRequests: 0,
      decisions: [],
    },
    decider: actor,
  })
  // Evidence was checked at the submission, and is checked again where the reply goes.
  refuseByPolicy(
    what,
    requirements.filter((each) => !each.what.startsWith('evidence:')),
  )
}

function subjectOf(row: ApprovalRow): ReviewIndex['approval'] {
  const { id, model, version, tier, message, submitter, submittedAt, digest, manifestDigest, policyDigest } = row
  return { id, model, version, tier, message, submitter, submittedAt, digest, manifestDigest, policyDigest }
}

function isVerified(findings: readonly ReviewFinding[]): boolean {
  return findings.every(({ severity }) => severity !== 'error')
}

function parseReply(text: string, file: string): ReviewReply {
  try {
    return reviewReply.parse(JSON.parse(text))
  } catch {
    throw notReply(file, 'it does not have the form of one')
  }
}

function notReply(file: string, why: string): MaestroError {
  return new MaestroError(
    'PACKAGE_INVALID',
    `${file} is not a reply to a review: ${why}.`,
    'Give the file that maestro review decide has written.',
  )
}
