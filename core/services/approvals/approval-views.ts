import type BetterSqlite3 from 'better-sqlite3'
import { isGranted, isUndecided } from '../../../shared/domain/approval-states.ts'
import type { Approval, ApprovalSummary } from '../../../shared/domain/approvals.ts'
import { signatureRequirements } from '../../../shared/domain/check-policy.ts'
import type { ApprovalChecks } from './approval-checks.ts'
import type { ApprovalFacts } from './approval-facts.ts'
import type { ApprovalRow, ApprovalRows } from './approval-rows.ts'

interface ViewSources {
  readonly rows: ApprovalRows
  readonly facts: ApprovalFacts
  readonly checks: ApprovalChecks
}

/** What is shown of an approval. */
export function createApprovalViews(
  sqlite: BetterSqlite3.Database,
  { rows, facts, checks: { check, tierNamed } }: ViewSources,
) {
  function summaryOf(row: ApprovalRow): ApprovalSummary {
    return {
      id: row.id,
      model: row.model,
      version: row.version,
      versionId: row.versionId,
      digest: row.digest,
      tier: row.tier,
      state: row.state,
      closed: row.closed,
      submitter: row.submitter,
      manifestDigest: row.manifestDigest,
      submittedAt: row.submittedAt,
      dueAt: row.dueAt,
      isLate: row.closed === null && isUndecided(row.state) && Date.now() > Date.parse(row.dueAt),
      approvedAt: row.approvedAt,
      approvedBy: rows
        .decisions(row.id)
        .filter(({ decision }) => decision === 'approved')
        .map(({ person }) => person),
      slots: rows.slots(row.versionId),
    }
  }

  function detailOf(row: ApprovalRow): Approval {
    const moment = isGranted(row.state) ? 'deploy' : 'decide'
    const verdict = check(row, moment, { bytes: false })
    const tier = tierNamed(row.tier)
    const signatures =
      moment === 'decide' && tier ? signatureRequirements(tier, facts.submission(row, { bytes: false })) : []
    return {
      ...summaryOf(row),
      message: row.message,
      allowed: verdict.allowed && row.state !== 'rejected',
      requirements: [...verdict.requirements, ...signatures],
      decisions: facts.decisions(row),
      history: rows.events(row.id),
      manifest: facts.manifestItems(row),
      replaces: replacedBy(row),
    }
  }

  function replacedBy(row: ApprovalRow): Approval['replaces'] {
    return (
      sqlite
        .prepare<[string, string], { version: number; slot: string }>(
          `SELECT v.version, d.slot FROM deployment d JOIN model_version v ON v.id = d.version_id
           WHERE d.model_id = (SELECT model_id FROM model_version WHERE id = ?) AND d.ended_at IS NULL AND d.version_id <> ?
           ORDER BY d.slot = 'production' DESC, d.started_at DESC LIMIT 1`,
        )
        .get(row.versionId, row.versionId) ?? null
    )
  }

  return { summaryOf, detailOf }
}
