import type BetterSqlite3 from 'better-sqlite3'
import type { DestinationOptions } from '../../../shared/domain/egress.ts'
import { destinationOptions } from '../../../shared/domain/egress.ts'
import type { StoredKey } from '../../secrets/key-store.ts'

/** A destination as it is stored; its secret is elsewhere, or sealed. */
export interface DestinationRow {
  readonly id: string
  readonly name: string
  readonly kind: DestinationOptions['kind']
  readonly enabled: boolean
  readonly host: string
  readonly port: number
  readonly options: DestinationOptions
  readonly secret: StoredKey | null
}

interface StoredRow {
  id: string
  name: string
  kind: DestinationOptions['kind']
  enabled: number
  host: string
  port: number
  options: string
  store: StoredKey['store'] | null
  sealed: string | null
}

const columns = 'id, name, kind, enabled, host, port, options, store, sealed'

/** The statements of destinations. */
export function createDestinationRows(sqlite: BetterSqlite3.Database) {
  const all = sqlite.prepare<[], StoredRow>(`SELECT ${columns} FROM egress_destination ORDER BY name`)
  const byName = sqlite.prepare<[string], StoredRow>(`SELECT ${columns} FROM egress_destination WHERE name = ?`)
  const byId = sqlite.prepare<[string], StoredRow>(`SELECT ${columns} FROM egress_destination WHERE id = ?`)
  const upsert = sqlite.prepare<[StoredRow & { actor: string; now: string }]>(
    `INSERT INTO egress_destination (id, name, kind, enabled, host, port, options, store, sealed, actor, created_at, updated_at)
     VALUES (@id, @name, @kind, @enabled, @host, @port, @options, @store, @sealed, @actor, @now, @now)
     ON CONFLICT (id) DO UPDATE SET enabled = @enabled, kind = @kind, host = @host, port = @port, options = @options,
       store = @store, sealed = @sealed, actor = @actor, updated_at = @now`,
  )
  const remove = sqlite.prepare<[string]>('DELETE FROM egress_destination WHERE id = ?')

  return {
    all: () => all.all().map(fromRow),
    byName(name: string): DestinationRow | undefined {
      const row = byName.get(name)
      return row && fromRow(row)
    },
    byId(id: string): DestinationRow | undefined {
      const row = byId.get(id)
      return row && fromRow(row)
    },
    save({ secret, options, enabled, ...row }: DestinationRow, actor: string): void {
      upsert.run({
        ...row,
        enabled: Number(enabled),
        options: JSON.stringify(options),
        store: secret?.store ?? null,
        sealed: secret?.sealed ?? null,
        actor,
        now: new Date().toISOString(),
      })
    },
    remove: (id: string) => void remove.run(id),
  }
}

function fromRow({ store, sealed, enabled, options, ...row }: StoredRow): DestinationRow {
  return {
    ...row,
    enabled: enabled === 1,
    options: destinationOptions.parse(JSON.parse(options)),
    secret: store === null ? null : { store, sealed },
  }
}
