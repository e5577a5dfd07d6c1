import type BetterSqlite3 from 'better-sqlite3'
import type { Disclosure } from './verify-log.ts'

export interface EventRow {
  readonly sequence: number
  readonly time: string
  readonly action: string
  readonly outcome: string
  readonly entry: string
  readonly hash: string
}

export interface CheckpointRow {
  readonly size: number
  readonly hash: string
  readonly note: string
  readonly createdAt: string
}

export interface WitnessRow {
  readonly origin: string
  readonly size: number
  readonly hash: string
  readonly note: string
  readonly publicKey: string
  readonly receivedAt: string
}

export interface EventFilter {
  readonly before: number | null
  readonly action: string | null
  readonly outcome: string | null
  readonly person: string | null
  readonly text: string | null
  readonly limit: number
}

const matching = `FROM audit_event WHERE (@action IS NULL OR action = @action OR action LIKE @action || '.%')
  AND (@outcome IS NULL OR outcome = @outcome)
  AND (@person IS NULL OR sequence IN (SELECT sequence FROM audit_disclosure WHERE field = 'actor' AND value = @person))
  AND (@text IS NULL OR instr(lower(entry), lower(@text)) > 0)`

/** The rows of the log, its checkpoints and those kept for others. */
export function createAuditRows(sqlite: BetterSqlite3.Database) {
  const last = sqlite.prepare<[], { sequence: number; hash: string }>(
    'SELECT sequence, hash FROM audit_event ORDER BY sequence DESC LIMIT 1',
  )
  const insert = sqlite.prepare<[EventRow]>(
    'INSERT INTO audit_event (sequence, time, action, outcome, entry, hash) VALUES (@sequence, @time, @action, @outcome, @entry, @hash)',
  )
  const insertDisclosure = sqlite.prepare<[Disclosure & { person: string }]>(
    'INSERT INTO audit_disclosure (sequence, field, person, salt, value) VALUES (@sequence, @field, @person, @salt, @value)',
  )
  const entries = sqlite.prepare<[], EventRow>('SELECT * FROM audit_event ORDER BY sequence')
  const first = sqlite.prepare<[], { entry: string }>('SELECT entry FROM audit_event WHERE sequence = 1')
  const disclosures = sqlite.prepare<[], Disclosure>(
    'SELECT sequence, field, salt, value FROM audit_disclosure ORDER BY sequence, field',
  )
  const disclosuresOf = sqlite.prepare<[string], Disclosure>(
    'SELECT sequence, field, salt, value FROM audit_disclosure WHERE sequence IN (SELECT value FROM json_each(?))',
  )
  const list = sqlite.prepare<[EventFilter], EventRow>(
    `SELECT * ${matching} AND (@before IS NULL OR sequence < @before) ORDER BY sequence DESC LIMIT @limit`,
  )
  const count = sqlite.prepare<[EventFilter], { total: number }>(`SELECT count(*) AS total ${matching}`)
  const checkpoints = sqlite.prepare<[], CheckpointRow>(
    'SELECT size, hash, note, created_at AS createdAt FROM audit_checkpoint ORDER BY size',
  )
  const insertCheckpoint = sqlite.prepare<[CheckpointRow]>(
    'INSERT INTO audit_checkpoint (size, hash, note, created_at) VALUES (@size, @hash, @note, @createdAt)',
  )
  const erase = sqlite.prepare<[{ name: string }]>('DELETE FROM audit_disclosure WHERE person = @name OR value = @name')
  const witnessed = sqlite.prepare<[], WitnessRow>(
    `SELECT origin, size, hash, note, public_key AS publicKey, received_at AS receivedAt
     FROM audit_witness ORDER BY origin, size`,
  )
  const insertWitness = sqlite.prepare<[WitnessRow]>(
    `INSERT OR IGNORE INTO audit_witness (origin, size, hash, note, public_key, received_at)
     VALUES (@origin, @size, @hash, @note, @publicKey, @receivedAt)`,
  )

  return {
    last: () => last.get(),
    insert: (row: EventRow) => void insert.run(row),
    insertDisclosure: (row: Disclosure & { person: string }) => void insertDisclosure.run(row),
    entries: () => entries.iterate(),
    firstEntry: () => first.get()?.entry,
    disclosures: () => disclosures.all(),
    disclosuresOf: (sequences: readonly number[]) => disclosuresOf.all(JSON.stringify(sequences)),
    list: (filter: EventFilter) => list.all(filter),
    count: (filter: EventFilter) => count.get(filter)?.total ?? 0,
    checkpoints: () => checkpoints.all(),
    insertCheckpoint: (row: CheckpointRow) => void insertCheckpoint.run(row),
    /** Forgets what was disclosed about a person; the number of values. */
    erase: (name: string) => erase.run({ name }).changes,
    witnessed: () => witnessed.all(),
    insertWitness: (row: WitnessRow) => void insertWitness.run(row),
  }
}

export type AuditRows = ReturnType<typeof createAuditRows>
