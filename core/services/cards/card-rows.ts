import type BetterSqlite3 from 'better-sqlite3'
import type { CardState, ModelCard } from '../../../shared/domain/model-card.ts'

type Revision = CardState['revisions'][number]

/** The statements of cards. */
export function createCardRows(sqlite: BetterSqlite3.Database) {
  const ofVersion = sqlite.prepare<[string], Revision>(
    'SELECT revision, digest, author, what, created_at AS createdAt FROM model_card WHERE version_id = ? ORDER BY revision',
  )
  const insert = sqlite.prepare(
    'INSERT INTO model_card (version_id, revision, digest, author, what, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const decisions = sqlite.prepare<[string], ModelCard['approvals'][number]>(
    `SELECT d.decided_at AS time, d.person AS actor, d.role, d.decision, d.reason FROM approval_decision d
     JOIN approval a ON a.id = d.approval_id WHERE a.version_id = ? ORDER BY d.decided_at, d.id`,
  )
  return {
    /** Signed decisions on a version, oldest first. */
    decisions: (versionId: string): ModelCard['approvals'] => decisions.all(versionId),
    /** Oldest first. */
    revisions: (versionId: string): Revision[] => ofVersion.all(versionId),
    add: (versionId: string, { revision, digest, author, what, createdAt }: Revision): void =>
      void insert.run(versionId, revision, digest, author, what, createdAt),
  }
}
