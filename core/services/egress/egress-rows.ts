import type BetterSqlite3 from 'better-sqlite3'
import type { EgressEntry, EgressHost } from '../../../shared/domain/egress.ts'
import type { EgressRecord } from '../../egress/egress-gate.ts'

const hostColumns = 'host, port, private_allowed AS privateAllowed, actor, created_at AS createdAt'
const entryColumns = 'id, time, destination, host, port, address, kind, message_id AS messageId, bytes, outcome, detail'
/** The switch is a row of its own among the settings: who may change those may not change this. */
const switchKey = 'egress.on'

type HostRow = Omit<EgressHost, 'privateAllowed'> & { readonly privateAllowed: number }

/** The statements of the switch, of the hosts that may be connected to, and of the log of what left. */
export function createEgressRows(sqlite: BetterSqlite3.Database) {
  const readSwitch = sqlite.prepare<[string], { value: string }>('SELECT value FROM setting WHERE key = ?')
  const writeSwitch = sqlite.prepare<[string, string]>(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const hosts = sqlite.prepare<[], HostRow>(`SELECT ${hostColumns} FROM egress_host ORDER BY host, port`)
  const host = sqlite.prepare<[string, number], HostRow>(
    `SELECT ${hostColumns} FROM egress_host WHERE host = ? AND port = ?`,
  )
  const allow = sqlite.prepare<[HostRow]>(
    `INSERT INTO egress_host (host, port, private_allowed, actor, created_at)
     VALUES (@host, @port, @privateAllowed, @actor, @createdAt)
     ON CONFLICT (host, port) DO UPDATE SET private_allowed = excluded.private_allowed, actor = excluded.actor,
       created_at = excluded.created_at`,
  )
  const disallow = sqlite.prepare<[string, number]>('DELETE FROM egress_host WHERE host = ? AND port = ?')
  const insertEntry = sqlite.prepare<[EgressRecord & { time: string }]>(
    `INSERT INTO egress_log (time, destination, host, port, address, kind, message_id, bytes, outcome, detail)
     VALUES (@time, @destination, @host, @port, @address, @kind, @messageId, @bytes, @outcome, @detail)`,
  )
  const entries = sqlite.prepare<[number, number], EgressEntry>(
    `SELECT ${entryColumns} FROM egress_log WHERE id < ? ORDER BY id DESC LIMIT ?`,
  )
  const countEntries = sqlite.prepare<[], { count: number }>('SELECT count(*) AS count FROM egress_log')

  return {
    isOn: () => readSwitch.get(switchKey)?.value === 'true',
    setOn: (on: boolean) => void writeSwitch.run(switchKey, String(on)),
    hosts: () => hosts.all().map(toHost),
    host(name: string, port: number): EgressHost | undefined {
      const row = host.get(name, port)
      return row && toHost(row)
    },
    allow: (row: EgressHost) => void allow.run({ ...row, privateAllowed: Number(row.privateAllowed) }),
    disallow: (name: string, port: number) => disallow.run(name, port).changes > 0,
    insertEntry: (record: EgressRecord, time: string): number =>
      Number(insertEntry.run({ ...record, time }).lastInsertRowid),
    /** Newest first, before a number. */
    entries: (limit: number, before = Number.MAX_SAFE_INTEGER) => entries.all(before, limit),
    countEntries: () => countEntries.get()?.count ?? 0,
  }
}

function toHost(row: HostRow): EgressHost {
  return { ...row, privateAllowed: row.privateAllowed === 1 }
}
