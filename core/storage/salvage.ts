import { copyFileSync, createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import Database from 'better-sqlite3'
import type { BlobStore } from '../blobs/blob-store.ts'
import { digestOfFile } from '../blobs/blob-store.ts'

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
 * Copies everything that can still be read of a workspace into a folder: each table as JSON lines, row by row until the
 * damage, then from the other end; every intact blob. Changes nothing in the workspace.
 */
export async function salvage(databasePath: string, blobs: BlobStore, folder: string): Promise<Salvaged> {
  mkdirSync(join(folder, 'tables'), { recursive: true })
  mkdirSync(join(folder, 'blobs'), { recursive: true })
  const lost: string[] = []
  const tables: Record<string, number> = {}
  for (const name of tableNames(databasePath, lost)) {
    tables[name] = await saveTable(databasePath, name, join(folder, 'tables', `${name}.jsonl`), lost)
  }
  let saved = 0
  for (const { digest } of blobs.list()) {
    try {
      const path = blobs.path(digest)
      if (digestOfFile(path).digest !== digest) throw new Error('its content has changed')
      copyFileSync(path, join(folder, 'blobs', digest.slice('sha256:'.length)))
      saved += 1
    } catch (error) {
      lost.push(`File ${digest}: ${messageOf(error)}`)
    }
  }
  return { folder, tables, blobs: saved, lost }
}

function tableNames(path: string, lost: string[]): string[] {
  try {
    const sqlite = new Database(path, { readonly: true })
    try {
      return sqlite
        .prepare<[], { name: string }>(
          "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .all()
        .map(({ name }) => name)
    } finally {
      sqlite.close()
    }
  } catch (error) {
    lost.push(`The list of tables: ${messageOf(error)}`)
    return []
  }
}

async function saveTable(path: string, name: string, out: string, lost: string[]): Promise<number> {
  const file = createWriteStream(out)
  const seen = new Set<string>()
  const problems: string[] = []
  for (const order of ['', ' ORDER BY rowid DESC', ` ORDER BY 1 DESC`]) {
    const problem = readRows(path, `SELECT * FROM "${name}"${order}`, (line) => {
      if (seen.has(line)) return
      seen.add(line)
      file.write(`${line}\n`)
    })
    if (!problem) break
    problems.push(problem)
  }
  file.end()
  await finished(file)
  // Once through without a problem is all there is.
  if (problems.length > 0) lost.push(`Table ${name}: saved ${seen.size} rows; then ${problems[0]}`)
  return seen.size
}

function readRows(path: string, sql: string, take: (line: string) => void): string | null {
  const sqlite = new Database(path, { readonly: true })
  try {
    for (const row of sqlite.prepare(sql).iterate()) take(JSON.stringify(row))
    return null
  } catch (error) {
    return messageOf(error)
  } finally {
    sqlite.close()
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
