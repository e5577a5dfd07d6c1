import type BetterSqlite3 from 'better-sqlite3'

export interface SlotRow {
  readonly id: number
  readonly modelId: string
  readonly model: string
  readonly slot: string
  readonly versionId: string
  readonly version: number
  readonly kind: 'deploy' | 'rollback'
  readonly actor: string
  readonly startedAt: string
}

const columns = `d.id, d.model_id AS modelId, m.name AS model, d.slot, d.version_id AS versionId, v.version, d.kind, d.actor,
  d.started_at AS startedAt`
const tables = 'deployment d JOIN model_version v ON v.id = d.version_id JOIN registered_model m ON m.id = d.model_id'

/** The statements of slots. */
export function createDeploymentRows(sqlite: BetterSqlite3.Database) {
  const select = (rest: string) => sqlite.prepare<unknown[], SlotRow>(`SELECT ${columns} FROM ${tables} WHERE ${rest}`)
  const current = select(
    'd.model_id = (SELECT model_id FROM model_version WHERE id = ?) AND d.slot = ? AND d.ended_at IS NULL',
  )
  const inSlot = select('d.slot = ? AND d.ended_at IS NULL AND m.deleted_at IS NULL ORDER BY m.name')
  const isSlot = sqlite.prepare<[string]>('SELECT 1 FROM deployment WHERE slot = ? LIMIT 1')
  const all = select(
    'd.ended_at IS NULL AND m.deleted_at IS NULL AND (? IS NULL OR m.name = ?) ORDER BY m.name, d.slot',
  )
  const history = select('d.model_id = ? AND d.slot = ? ORDER BY d.id')

  return {
    /** What is in a slot of the model that a version belongs to. */
    current: (versionId: string, slot: string) => current.get(versionId, slot),
    inSlot: (slot: string) => inSlot.all(slot),
    /** Whether any version of any model is or was in a slot of this name. */
    isSlot: (slot: string) => isSlot.get(slot) !== undefined,
    all: (model: string | undefined) => all.all(model ?? null, model ?? null),
    /** What a slot had before what it has: each deployment lays one on the pile, each rollback takes one away. */
    before({ modelId, slot }: SlotRow): SlotRow | undefined {
      const pile: SlotRow[] = []
      for (const row of history.all(modelId, slot)) {
        if (row.kind === 'deploy') pile.push(row)
        else pile.pop()
      }
      return pile.at(-2)
    },
    end: (id: number, now: string) =>
      void sqlite.prepare('UPDATE deployment SET ended_at = ? WHERE id = ?').run(now, id),
    insert(
      row: Pick<SlotRow, 'slot' | 'versionId' | 'kind' | 'actor'> & { readonly approvalId: string | null },
      now: string,
    ): void {
      sqlite
        .prepare(
          `INSERT INTO deployment (model_id, slot, version_id, approval_id, kind, actor, started_at)
           VALUES ((SELECT model_id FROM model_version WHERE id = ?), ?, ?, ?, ?, ?, ?)`,
        )
        .run(row.versionId, row.slot, row.versionId, row.approvalId, row.kind, row.actor, now)
    },
  }
}
