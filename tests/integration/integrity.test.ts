import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBlobStore } from '../../core/blobs/blob-store.ts'
import { nodeProcesses } from '../../core/processes/processes.ts'
import { openWorkspaceDatabase } from '../../core/storage/database.ts'
import { checkIntegrity, findDamage } from '../../core/storage/integrity.ts'
import { salvage } from '../../core/storage/salvage.ts'
import { randomStream } from '../../engine/random.ts'
import { addDatasetVersion, fillDatasets, fillRuns } from '../fixtures/storage-samples.ts'

const root = mkdtempSync(join(tmpdir(), 'maestro-integrity-'))
afterAll(() => rmSync(root, { recursive: true }))

const pageSize = 4096
let sound: Buffer
let folder: string
let path: string

beforeAll(async () => {
  const made = join(root, 'sound.db')
  const database = await openWorkspaceDatabase(made)
  fillDatasets(database, 300)
  fillRuns(database, 300)
  database.sqlite.pragma('wal_checkpoint(TRUNCATE)')
  await database.close()
  sound = readFileSync(made)
})
beforeEach(() => {
  folder = mkdtempSync(join(root, 'each-'))
  path = join(folder, 'workspace.db')
})

function write(change: (bytes: Buffer) => void): void {
  const bytes = Buffer.from(sound)
  change(bytes)
  writeFileSync(path, bytes)
}

/** Numbers of the pages of a table's own tree, as the sound file has them. */
function pagesOf(table: string): number[] {
  writeFileSync(path, sound)
  const sqlite = new Database(path, { readonly: true })
  const pages = sqlite
    .prepare<[string], { pageno: number }>(
      "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path",
    )
    .all(table)
    .map(({ pageno }) => pageno)
  sqlite.close()
  return pages
}

const destroy = (bytes: Buffer, page: number) => bytes.fill(0xff, (page - 1) * pageSize, page * pageSize)

describe('the full check', () => {
  test('finds nothing in a sound file, in a process of its own too', async () => {
    write(() => undefined)
    expect(findDamage(path)).toEqual([])
    expect(await checkIntegrity(nodeProcesses, path)).toEqual([])
  })

  test('finds a damaged header of any page', () => {
    const pages = sound.length / pageSize
    for (let page = 1; page <= pages; page += 7) {
      // The kind of the page; the first one has the file's header before it.
      write((bytes) => bytes.writeUInt8(0x3f, (page - 1) * pageSize + (page === 1 ? 100 : 0)))
      expect([page, findDamage(path).length > 0]).toEqual([page, true])
    }
  })

  test('finds a file that was cut off', () => {
    for (const share of [0.99, 0.5, 0.1]) {
      writeFileSync(path, sound.subarray(0, Math.floor((sound.length / pageSize) * share) * pageSize))
      expect([share, findDamage(path).length > 0]).toEqual([share, true])
    }
  })

  test('finds most of random flipped bits: those in trees, keys and indexed values, several times more than quick_check', () => {
    const random = randomStream(7)
    let full = 0
    let quick = 0
    const flips = 150
    for (let flip = 0; flip < flips; flip++) {
      const at = random.nextBelow(sound.length)
      write((bytes) => bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << random.nextBelow(8)), at))
      if (findDamage(path).length > 0) full++
      if (!quickCheck(path)) quick++
    }
    // Measured: 0.55 and 0.08. Bits within values that no index has cannot be seen by SQLite: it keeps no checksums.
    expect(full / flips).toBeGreaterThan(0.4)
    expect(full).toBeGreaterThan(3 * quick)
  })

  test('finds references that lead nowhere', () => {
    write(() => undefined)
    const sqlite = new Database(path)
    sqlite.pragma('foreign_keys = 0')
    sqlite.exec('DELETE FROM experiment')
    sqlite.close()
    expect(findDamage(path)[0]).toMatch(/A row of run points to a row of experiment/)
  })

  test('says what it finds in a process as it does here, and ends at once when it is no longer wanted', async () => {
    write((bytes) => destroy(bytes, pagesOf('dataset')[3] ?? 0))
    const found = findDamage(path)
    expect(found).not.toEqual([])
    expect(await checkIntegrity(nodeProcesses, path)).toEqual(found)
    const wanted = new AbortController()
    const check = checkIntegrity(nodeProcesses, path, wanted.signal)
    wanted.abort()
    expect([[], found]).toContainEqual(await check)
    expect(await checkIntegrity(nodeProcesses, path, wanted.signal)).toEqual([])
  })
})

function quickCheck(file: string): boolean {
  try {
    const sqlite = new Database(file, { readonly: true })
    try {
      return (sqlite.pragma('quick_check') as { quick_check: string }[])[0]?.quick_check === 'ok'
    } finally {
      sqlite.close()
    }
  } catch {
    return false
  }
}

describe('salvage', () => {
  const saved = (table: string): unknown[] =>
    readFileSync(join(folder, 'out', 'tables', `${table}.jsonl`), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown)

  function rowsOfSound(table: string): unknown[] {
    const file = join(root, 'sound.db')
    const sqlite = new Database(file, { readonly: true })
    try {
      return sqlite.prepare(`SELECT * FROM ${table}`).all()
    } finally {
      sqlite.close()
    }
  }

  test('saves everything of a sound workspace and changes nothing in it', async () => {
    write(() => undefined)
    const result = await salvage(path, createBlobStore(join(folder, 'blobs')), join(folder, 'out'))
    expect(result.lost).toEqual([])
    for (const table of ['dataset', 'run', 'run_param', 'run_latest_metric', 'experiment']) {
      expect(
        saved(table)
          .map((row) => JSON.stringify(row))
          .sort(),
      ).toEqual(
        rowsOfSound(table)
          .map((row) => JSON.stringify(row))
          .sort(),
      )
    }
    expect(readFileSync(path).equals(sound)).toBe(true)
    expect(JSON.parse(readFileSync(join(folder, 'out', 'salvage.json'), 'utf8'))).toMatchObject({
      tables: result.tables,
      lost: [],
    })
  })

  // Both kinds of table: with a row number, and kept in the order of its key.
  test.each(['dataset', 'run_param'])(
    'saves what lies on both sides of a destroyed page of %s, once',
    async (table) => {
      const pages = pagesOf(table)
      const page = pages[pages.length >> 1] ?? 0
      write((bytes) => destroy(bytes, page))
      const result = await salvage(path, createBlobStore(join(folder, 'blobs')), join(folder, 'out'))
      const all = rowsOfSound(table)
      const rows = saved(table)
      expect(result.lost).toEqual([expect.stringMatching(`^Table ${table}: ${rows.length} rows saved`)])
      expect(rows.length).toBeLessThan(all.length)
      expect(rows.length).toBeGreaterThan(all.length * (1 - 3 / pages.length))
      expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(rows.length)
      const known = new Set(all.map((row) => JSON.stringify(row)))
      expect(rows.filter((row) => !known.has(JSON.stringify(row)))).toEqual([])
    },
  )

  test('says that the tables cannot be listed when the first page is gone, and still saves the blobs', async () => {
    write((bytes) => destroy(bytes, 1))
    const blobs = createBlobStore(join(folder, 'blobs'))
    const { digest } = blobs.put('good')
    const result = await salvage(path, blobs, join(folder, 'out'))
    expect(result).toMatchObject({ tables: {}, blobs: 1 })
    expect(result.lost).toEqual([expect.stringMatching(/^The list of tables: /)])
    expect(existsSync(join(folder, 'out', 'blobs', digest.slice(7)))).toBe(true)
  })

  test('saves intact blobs, and names those that have changed or are missing', async () => {
    write(() => undefined)
    const database = await openWorkspaceDatabase(path)
    const blobs = createBlobStore(join(folder, 'blobs'))
    const [good, changed, missing] = [blobs.put('good'), blobs.put('changed'), blobs.put('missing')] as const
    for (const { digest } of [good, changed, missing]) addDatasetVersion(database, digest)
    writeFileSync(blobs.path(changed.digest), 'CHANGED')
    blobs.remove(missing.digest)
    await database.close()
    const result = await salvage(path, blobs, join(folder, 'out'))
    expect(readdirSync(join(folder, 'out', 'blobs'))).toEqual([good.digest.slice(7)])
    expect(result.lost).toEqual([
      `File ${changed.digest}: its content has changed`,
      `File ${missing.digest}: it is missing`,
    ])
  })
})
