import type BetterSqlite3 from 'better-sqlite3'

/** What a place keeps about a person. */
export interface PersonRecords {
  /** In words, for the list. */
  readonly what: string
  /** Whether erasing takes the name away; if not, why. */
  readonly erasable: string
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

const signed = 'stays: it is signed, or what is signed names it; without it nobody could say who decided'
const unchanging = 'stays: it is a record that is only added to'
const renamed = 'the name is replaced by a pseudonym'
const forgotten = 'is deleted'

const places = [
  {
    what: 'submissions',
    erasable: signed,
    sql: `SELECT a.id, m.name AS model, v.version, a.tier, a.state, a.message, a.submitted_at AS time FROM approval a
      JOIN model_version v ON v.id = a.version_id JOIN registered_model m ON m.id = v.model_id
      WHERE a.submitter = ? ORDER BY a.submitted_at, a.id`,
  },
  {
    what: 'signed decisions',
    erasable: signed,
    sql: `SELECT approval_id AS approval, role, fingerprint, decision, reason, envelope, decided_at AS time
      FROM approval_decision WHERE person = ? ORDER BY decided_at, id`,
  },
  {
    what: 'comments and steps of approvals',
    erasable: unchanging,
    sql: `SELECT approval_id AS approval, kind, text, item, created_at AS time FROM approval_event
      WHERE actor = ? ORDER BY id`,
  },
  {
    what: 'revisions of model cards',
    erasable: unchanging,
    sql: `SELECT version_id AS version, revision, digest, what, created_at AS time FROM model_card
      WHERE author = ? ORDER BY created_at, revision`,
  },
  {
    what: 'deployments',
    erasable: renamed,
    sql: `SELECT slot, version_id AS version, kind, started_at AS time FROM deployment WHERE actor = ? ORDER BY id`,
  },
  {
    what: 'policies',
    erasable: renamed,
    sql: `SELECT digest, created_at AS time FROM policy_version WHERE actor = ? ORDER BY id`,
  },
  {
    what: 'activity of models, data and runs',
    erasable: renamed,
    sql: `SELECT subject_type AS about, subject_id AS id, what, created_at AS time FROM activity WHERE actor = ? ORDER BY id`,
  },
  {
    what: 'jobs',
    erasable: renamed,
    sql: `SELECT id, kind, title, created_at AS time FROM job WHERE actor = ? ORDER BY created_at, id`,
  },
  {
    what: 'hosts and destinations of notifications',
    erasable: renamed,
    sql: `SELECT host, port, created_at AS time FROM (SELECT host, port, created_at, actor FROM egress_host
      UNION ALL SELECT host, port, created_at, actor FROM egress_destination) WHERE actor = ? ORDER BY created_at`,
  },
  {
    what: 'notifications',
    erasable: forgotten,
    sql: `SELECT kind, actor, title, text, href, created_at AS time, read_at AS readAt FROM notification
      WHERE ? IN (recipient, actor) ORDER BY id`,
  },
] as const

/** Every place in which the name of a person stands, outside the audit log. */
export function createPersonRows(sqlite: BetterSqlite3.Database) {
  const statements = places.map((place) => ({
    ...place,
    select: sqlite.prepare<[string], Record<string, unknown>>(place.sql),
  }))
  const sequences = sqlite.prepare<[{ name: string }], { sequence: number }>(
    'SELECT DISTINCT sequence FROM audit_disclosure WHERE person = @name OR value = @name ORDER BY sequence',
  )
  const renames = ['deployment', 'policy_version', 'activity', 'job', 'egress_host', 'egress_destination'].map(
    (table) => sqlite.prepare<[string, string]>(`UPDATE ${table} SET actor = ? WHERE actor = ?`),
  )
  return {
    about: (name: string): PersonRecords[] =>
      statements.map(({ what, erasable, select }) => ({ what, erasable, rows: select.all(name) })),
    /** Entries of the audit log that the person made, or that name them. */
    sequences: (name: string) => sequences.all({ name }).map(({ sequence }) => sequence),
    /** Replaces the name where nothing is signed over it. Inside a transaction. The number of rows. */
    rename: (name: string, pseudonym: string) =>
      renames.reduce((sum, statement) => sum + statement.run(pseudonym, name).changes, 0),
    /** What keeps the name after an erasure, and why. */
    remaining: (name: string) =>
      statements.flatMap(({ what, erasable, select }) => {
        const { length } = erasable === renamed ? [] : select.all(name)
        return length === 0 ? [] : [{ what, count: length, why: erasable }]
      }),
  }
}

export type PersonRows = ReturnType<typeof createPersonRows>
