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

/** Versions that an approval or a slot holds, in a workspace that has them. */
function heldVersions(sqlite: BetterSqlite3.Database): Map<string, string> {
  const has = (table: string) =>
    sqlite.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined
  const held = new Map<string, string>()
  const hold = (sql: string, reason: string) => {
    for (const { id } of sqlite.prepare<[], { id: string }>(sql).iterate()) held.set(id, reason)
  }
  if (has('approval'))
    hold("SELECT version_id AS id FROM approval WHERE closed IS NULL AND state <> 'rejected'", 'has an open approval')
  if (has('deployment')) hold('SELECT version_id AS id FROM deployment WHERE ended_at IS NULL', 'is deployed')
  return held
}
