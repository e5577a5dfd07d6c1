import type BetterSqlite3 from 'better-sqlite3'
import type { RetentionPlan } from '../../../shared/domain/models.ts'

interface Row {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly createdAt: string
  readonly rank: number
  readonly state: string
  readonly aliases: string | null
}

/** What a version is kept for, whatever its age: somebody relies on it, or is about to. */
const standing: Readonly<Record<string, string>> = {
  submitted: 'waits for a decision',
  review: 'waits for a decision',
  testing: 'waits for a decision',
  approved: 'is approved',
  deployed: 'is deployed',
}

/**
 * What a rule would move to the trash: all but the newest versions of each model, or of one. Never what has an alias, is
 * deployed or approved, or waits for a decision. Reads only.
 */
export function planRetention(
  sqlite: BetterSqlite3.Database,
  rule: { readonly keep: number; readonly model: string | null },
): RetentionPlan {
  const rows = sqlite
    .prepare<unknown[], Row>(
      `SELECT v.id, m.name, v.version, v.created_at AS createdAt, v.state,
         row_number() OVER (PARTITION BY v.model_id ORDER BY v.version DESC) AS rank,
         (SELECT group_concat('@' || alias, ', ') FROM model_alias WHERE version_id = v.id) AS aliases
       FROM model_version v JOIN registered_model m ON m.id = v.model_id
       WHERE v.deleted_at IS NULL AND m.deleted_at IS NULL AND (? IS NULL OR m.name = ?)
       ORDER BY m.name, v.version DESC`,
    )
    .all(rule.model, rule.model)
  const held = heldVersions(sqlite)
  const plan: RetentionPlan = { trash: [], protected: [], newest: 0 }
  for (const { id, name, version, createdAt, rank, state, aliases } of rows) {
    if (rank <= rule.keep) {
      plan.newest += 1
      continue
    }
    const reason = aliases === null ? (standing[state] ?? held.get(id) ?? null) : `is ${aliases}`
    if (reason === null) plan.trash.push({ id, name, version, createdAt })
    else plan.protected.push({ id, name, version, reason })
  }
  return plan
}

/** Versions that an approval or a slot holds, and how. */
function heldVersions(sqlite: BetterSqlite3.Database): Map<string, string> {
  const rows = sqlite
    .prepare<[], { id: string; reason: string }>(
      `SELECT version_id AS id, 'has an open approval' AS reason FROM approval WHERE closed IS NULL AND state <> 'rejected'
       UNION ALL SELECT version_id, 'is deployed' FROM deployment WHERE ended_at IS NULL`,
    )
    .all()
  return new Map(rows.map(({ id, reason }) => [id, reason]))
}
