import { closeSync, copyFileSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { BlobStore } from '../blobs/blob-store.ts'
import { digestOfFile } from '../blobs/blob-store.ts'
import { requiredBlobs } from './referenced-blobs.ts'

export interface Salvaged {
  readonly folder: string
  /** Rows saved of each table, as JSON lines. */
  readonly tables: Record<string, number>
  /** Blobs that still have their digest. */
  readonly blobs: number
  /** What could not be saved, in words. */
  readonly lost: string[]
}

/**
 * Copies everything that can still be read of a workspace into a folder: `tables/NAME.jsonl`, row by row up to the damage
 * and then from the other end; every intact blob as `blobs/HEX`; and `salvage.json`, which says what was lost. Changes
 * nothing in the workspace.
 */
export async function salvage(databasePath: string, blobs: BlobStore, folder: string): Promise<Salvaged> {
  mkdirSync(join(folder, 'tables'), { recursive: true })
  mkdirSync(join(folder, 'blobs'), { recursive: true })
  const lost: string[] = []
  const tables: Record<string, number> = {}
  for (const table of readTables(databasePath, lost)) {
    tables[table.name] = saveTable(databasePath, table, join(folder, 'tables', `${table.name}.jsonl`), lost)
    await breathe()
  }
  let saved = 0
  for (const { digest } of blobs.list()) {
    const problem = saveBlob(blobs.path(digest), digest, join(folder, 'blobs'))
    if (problem === null) saved += 1
    else lost.push(`File ${digest}: ${problem}`)
    await breathe()
  }
  lost.push(...missingBlobs(databasePath, blobs))
  const result: Salvaged = { folder, tables, blobs: saved, lost }
  writeFileSync(
    join(folder, 'salvage.json'),
    `${JSON.stringify({ at: new Date().toISOString(), ...result }, null, 2)}\n`,
  )
  return result
}

interface Table {
  readonly name: string
  /** Columns of its own key, for reading from both ends; `rowid` where it has one. */
  readonly key: readonly string[]
}

function readTables(path: string, lost: string[]): Table[] {
  try {
    return withDatabase(path, (sqlite) =>
      sqlite
        .prepare<[], { name: string; sql: string }>(
          "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .all()
        // A damaged schema could give any text for a name, and names become files.
        .filter(({ name }) => /^\w+$/.test(name))
        .map(({ name, sql }) => {
          const columns = sqlite.pragma(`table_info("${name}")`) as { name: string; pk: number }[]
          const primary = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
          const key = /\)\s*WITHOUT\s+ROWID\s*$/i.test(sql) ? primary.map((column) => `"${column.name}"`) : ['rowid']
          return { name, key }
        }),
    )
  } catch (error) {
    lost.push(`The list of tables: ${messageOf(error)}`)
    return []
  }
}

/** Rows in the order of the key until the end or the damage; then from the last one back to the damage. */
function saveTable(path: string, { name, key }: Table, out: string, lost: string[]): number {
  const file = openSync(out, 'w')
  let rows = 0
  let last: string | undefined
  const keep = (line: string) => {
    writeSync(file, `${line}\n`)
    rows += 1
  }
  const order = (direction: string) =>
    `SELECT * FROM "${name}" NOT INDEXED ORDER BY ${key.map((column) => `${column} ${direction}`).join(', ')}`
  try {
    const problem = readRows(path, order('ASC'), (line) => {
      last = line
      keep(line)
      return true
    })
    if (problem === null) return rows
    let lastBack: string | undefined
    readRows(path, order('DESC'), (line) => {
      lastBack = line
      if (line !== last) keep(line)
      return line !== last
    })
    // Both readings met: an index or a free page is damaged, no row is lost.
    if (last === undefined || lastBack !== last)
      lost.push(`Table ${name}: ${rows} rows saved, those between could not be read (${problem}).`)
    return rows
  } finally {
    closeSync(file)
  }
}

/** Gives what went wrong, null when all went well; `take` says whether to go on. */
function readRows(path: string, sql: string, take: (line: string) => boolean): string | null {
  try {
    return withDatabase(path, (sqlite) => {
      for (const row of sqlite.prepare(sql).iterate()) if (!take(JSON.stringify(row))) break
      return null
    })
  } catch (error) {
    return messageOf(error)
  }
}

function saveBlob(path: string, digest: string, folder: string): string | null {
  try {
    if (digestOfFile(path).digest !== digest) return 'its content has changed'
    copyFileSync(path, join(folder, digest.slice('sha256:'.length)))
    return null
  } catch (error) {
    return messageOf(error)
  }
}

/** Blobs that the tables still name, but that are not in the store. */
function missingBlobs(path: string, blobs: BlobStore): string[] {
  try {
    const digests = withDatabase(path, requiredBlobs)
    return [...digests].filter((digest) => !blobs.has(digest)).map((digest) => `File ${digest}: it is missing`)
  } catch {
    // Which ones are named can no longer be read; that the tables cannot be is said already.
    return []
  }
}

function withDatabase<Result>(path: string, work: (sqlite: Database.Database) => Result): Result {
  const sqlite = new Database(path, { readonly: true, fileMustExist: true })
  try {
    return work(sqlite)
  } finally {
    sqlite.close()
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
