import type { Approval, ApprovalDecision, Manifest } from '../../../shared/domain/approvals.ts'
import type { DecisionFact, PolicyFacts } from '../../../shared/domain/check-policy.ts'
import type { BlobStore } from '../../blobs/blob-store.ts'
import type { ApprovalPeople, OpenedStatement } from './approval-people.ts'
import type { ApprovalRow, ApprovalRows, DecisionRow, EventRow } from './approval-rows.ts'
import type { DecisionStatement } from './decision-statement.ts'
import { decisionStatement, mismatch } from './decision-statement.ts'
import type { Manifests } from './manifest.ts'
import { changedItems, damagedItems, parseManifest } from './manifest.ts'

export interface FactSources {
  readonly rows: ApprovalRows
  readonly manifests: Manifests
  readonly blobs: BlobStore
  readonly people: ApprovalPeople
}

/** What the policy is asked about, read anew: rows say what was; digests and signatures whether it still holds. */
export function createApprovalFacts({ rows, manifests, blobs, people }: FactSources) {
  function submitted({ manifestDigest }: ApprovalRow): Manifest {
    return parseManifest(blobs.read(manifestDigest, { verify: true }))
  }

  /** Names of what is not as submitted. With `bytes`, every file is read again; without, digests of rows are compared. */
  function changedSince(row: ApprovalRow, options: { readonly bytes: boolean }): string[] {
    if (!blobs.has(row.manifestDigest)) return ['the manifest is gone']
    const manifest = submitted(row)
    const changed = changedItems(manifest, manifests.read(row.versionId)?.manifest)
    return options.bytes ? [...new Set([...changed, ...damagedItems(blobs, manifest)])] : changed
  }

  function decision(row: ApprovalRow, stored: DecisionRow): ApprovalDecision {
    const { envelope, recordedAt, ...rest } = stored
    const { statement, problem, person, isErased, role, fingerprint } = openDecision(people, envelope, recordedAt)
    // A reply was signed in the role of another workspace, and counts in that of this one.
    const roles: readonly unknown[] = [statement?.predicate.role, ...(stored.origin === 'reply' ? [role] : [])]
    const isOther =
      statement !== null &&
      (statement.predicate.decision !== stored.decision ||
        statement.predicate.person !== stored.person ||
        // Whose name was erased is still bound by the key, which the signed statement names.
        (person !== stored.person && !isErased) ||
        statement.predicate.fingerprint !== fingerprint ||
        fingerprint !== stored.fingerprint ||
        !roles.includes(stored.role))
    const found =
      problem ??
      (statement === null ? 'the statement cannot be read' : mismatch(statement, row)) ??
      (isOther ? 'the record says something else than what was signed' : null)
    return { ...rest, verified: found === null, problem: found }
  }

  function decisions(row: ApprovalRow): ApprovalDecision[] {
    return rows.decisions(row.id).map((stored) => decision(row, stored))
  }

  return {
    submitted,
    changedSince,
    decisions,
    evidence: (versionId: string): PolicyFacts['evidence'] =>
      (manifests.read(versionId)?.items ?? []).flatMap(({ kind, createdAt }) =>
        kind === null ? [] : [{ kind, createdAt: Date.parse(createdAt) }],
      ),
    submission(row: ApprovalRow, options: { readonly bytes: boolean }): NonNullable<PolicyFacts['submission']> {
      return {
        submitter: row.submitter,
        submittedAt: Date.parse(row.submittedAt),
        approvedAt: row.approvedAt === null ? null : Date.parse(row.approvedAt),
        standing: { state: row.state, closed: row.closed },
        changed: changedSince(row, options),
        openRequests: openRequests(rows.events(row.id)),
        decisions: decisions(row).map(
          ({ person, role, decision: what, problem }): DecisionFact => ({ person, role, decision: what, problem }),
        ),
      }
    },
    manifestItems(row: ApprovalRow): Approval['manifest'] {
      if (!blobs.has(row.manifestDigest)) return []
      const now = new Map(manifests.read(row.versionId)?.manifest.items.map(({ name, digest }) => [name, digest]))
      return submitted(row).items.map((item) => ({ ...item, intact: now.get(item.name) === item.digest }))
    },
  }
}

export type ApprovalFacts = ReturnType<typeof createApprovalFacts>

/** Requests for changes are settled by whoever made them. */
function openRequests(events: readonly EventRow[]): number {
  const open = new Map<string, number>()
  for (const { kind, actor } of events) {
    if (kind === 'changes-requested') open.set(actor, (open.get(actor) ?? 0) + 1)
    if (kind === 'changes-settled') open.delete(actor)
  }
  return [...open.values()].reduce((sum, count) => sum + count, 0)
}

/** A decision as it was signed; its statement is null where it is none. */
export function openDecision(
  people: Pick<ApprovalPeople, 'open'>,
  envelope: string,
  at?: string,
): OpenedStatement & { readonly statement: DecisionStatement | null } {
  const opened = people.open(envelope, at)
  const parsed = decisionStatement.safeParse(opened.statement)
  return { ...opened, statement: parsed.data ?? null }
}
