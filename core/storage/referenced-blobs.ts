import type BetterSqlite3 from 'better-sqlite3'

/** Columns that hold the digest of a blob that the workspace cannot do without. */
export const digestColumns = [
  ['dataset_version', 'source_blob'],
  ['dataset_version', 'columns_blob'],
  ['dataset_version', 'profile_blob'],
  ['run_artifact', 'digest'],
  ['model_version', 'digest'],
  ['model_version', 'pipeline_digest'],
  ['evidence', 'digest'],
  ['model_card', 'digest'],
  ['approval', 'manifest_digest'],
  ['approval', 'policy_digest'],
] as const

/** Texts in which digests stand: what jobs finished, what they gave as downloads, and what those that are open work on. */
const textsWithDigests = `SELECT value AS text FROM job_checkpoint
  UNION ALL SELECT result FROM job WHERE result IS NOT NULL
  UNION ALL SELECT specification FROM job WHERE state IN ('queued', 'running')
  UNION ALL SELECT digest FROM explanation_cache`

/**
 * Digests, as sha256:<hex>, of the blobs without which a table, run or model of the workspace is incomplete. Files of an
 * earlier Maestro, which are backed up before they are brought up to date, need not have all the tables.
 */
export function requiredBlobs(sqlite: BetterSqlite3.Database): Set<string> {
  const holds = sqlite.prepare<[string, string], unknown>('SELECT 1 FROM pragma_table_info(?) WHERE name = ?')
  const columns = digestColumns
    .filter(([table, column]) => holds.get(table, column) !== undefined)
    .map(([table, column]) => `SELECT ${column} AS digest FROM ${table} WHERE ${column} IS NOT NULL`)
    .join(' UNION ')
  return new Set(
    sqlite
      .prepare<[], { digest: string }>(columns)
      .all()
      .map(({ digest }) => digest),
  )
}

/**
 * The required blobs and those that something would be glad to find again: checkpoints, downloads, cached explanations.
 * Digests of other things than blobs may be among them.
 */
export function referencedBlobs(sqlite: BetterSqlite3.Database): Set<string> {
  const digests = requiredBlobs(sqlite)
  for (const { text } of sqlite.prepare<[], { text: string }>(textsWithDigests).iterate()) {
    for (const [hex] of text.matchAll(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)) digests.add(`sha256:${hex}`)
  }
  return digests
}
