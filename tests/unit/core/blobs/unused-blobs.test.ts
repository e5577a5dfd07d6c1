import { mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { BlobStore } from '../../../../core/blobs/blob-store.ts'
import { createBlobStore } from '../../../../core/blobs/blob-store.ts'
import { releaseBlobs, removeUnusedBlobs } from '../../../../core/blobs/unused-blobs.ts'
import { shippedMigrations } from '../../../../core/storage/migrations.ts'
import { digestColumns, referencedBlobs, requiredBlobs } from '../../../../core/storage/referenced-blobs.ts'

const root = mkdtempSync(join(tmpdir(), 'maestro-unused-'))
afterAll(() => rmSync(root, { recursive: true }))

let sqlite: Database.Database
let blobs: BlobStore
beforeEach(() => {
  sqlite = new Database(':memory:')
  for (const { sql } of shippedMigrations()) sqlite.exec(sql)
  blobs = createBlobStore(mkdtempSync(join(root, 'each-')))
})

const hex = (digest: string) => digest.slice('sha256:'.length)

function addJob(state: string, specification: unknown, result: unknown): void {
  sqlite
    .prepare(
      `INSERT INTO job (id, kind, state, title, specification, progress, result, subject_type, subject_id, subject_name, resumable, created_at)
       VALUES (?, 'predict', ?, '', ?, '{}', ?, '', '', '', 0, '')`,
    )
    .run(`${state} ${Math.random()}`, state, JSON.stringify(specification), JSON.stringify(result))
}

function cache(key: string, digest: string): void {
  sqlite.prepare("INSERT INTO explanation_cache (key, digest, created_at) VALUES (?, ?, '')").run(key, digest)
}

test('every column with a digest is either known as one of a blob, or known not to be', () => {
  const tables = sqlite.prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  const columns = tables.flatMap(({ name }) =>
    (sqlite.pragma(`table_info(${name})`) as { name: string }[])
      .filter((column) => /digest|blob/.test(column.name))
      .map((column) => `${name}.${column.name}`),
  )
  // These name content that is not in the store: of a table's rows, of a client's data, of a policy that is a row.
  const others = ['dataset_version.digest', 'run_input.digest', 'policy_version.digest']
  const known = [...digestColumns.map(([table, column]) => `${table}.${column}`), 'explanation_cache.digest']
  expect(columns.sort()).toEqual([...others, ...known].sort())
})

test('what jobs finished, gave as downloads or still work on is referenced; what ended jobs worked on is not', () => {
  const [download, model, ended, checkpoint] = ['download', 'model', 'ended', 'checkpoint'].map(
    (content) => blobs.put(content).digest,
  ) as [string, string, string, string]
  addJob('succeeded', { onnxPath: blobs.path(ended) }, { href: `/files/${hex(download)}/table.csv` })
  addJob('queued', { onnxPath: blobs.path(model) }, null)
  sqlite
    .prepare("INSERT INTO job_checkpoint (job_id, key, value) SELECT id, 'trial', ? FROM job LIMIT 1")
    .run(JSON.stringify({ predictions: checkpoint }))
  expect(referencedBlobs(sqlite)).toEqual(new Set([download, model, checkpoint]))
  expect(requiredBlobs(sqlite)).toEqual(new Set())
})

describe('giving something up', () => {
  test('frees what only it used, and nothing that another still uses or that nobody used before', () => {
    const [own, shared, download] = [blobs.put('own'), blobs.put('shared'), blobs.put('a download')] as const
    cache('gone', own.digest)
    cache('gone too', shared.digest)
    cache('stays', shared.digest)
    const freed = releaseBlobs({ sqlite, blobs, busy: false }, () =>
      sqlite.exec("DELETE FROM explanation_cache WHERE key LIKE 'gone%'"),
    )
    expect(freed).toBe(own.bytes)
    expect([own, shared, download].map(({ digest }) => blobs.has(digest))).toEqual([false, true, true])
  })

  test('frees nothing while a job runs, or when it fails', () => {
    const { digest } = blobs.put('own')
    cache('gone', digest)
    expect(() =>
      releaseBlobs({ sqlite, blobs, busy: false }, () => {
        throw new Error('refused')
      }),
    ).toThrow('refused')
    const freed = releaseBlobs({ sqlite, blobs, busy: true }, () => sqlite.exec('DELETE FROM explanation_cache'))
    expect([freed, blobs.has(digest)]).toEqual([0, true])
  })
})

describe('upkeep', () => {
  const age = (digest: string, hours: number) => {
    const time = new Date(Date.now() - hours * 3_600_000)
    utimesSync(blobs.path(digest), time, time)
  }

  test('removes what nothing has pointed to for a day', () => {
    const [used, fresh, old, wantedAgain] = ['used', 'fresh', 'old', 'again'].map((text) => blobs.put(text)) as [
      { digest: string; bytes: number },
      { digest: string },
      { digest: string; bytes: number },
      { digest: string },
    ]
    cache('used', used.digest)
    for (const { digest } of [used, old, wantedAgain]) age(digest, 25)
    age(fresh.digest, 23)
    blobs.put('again')
    expect(removeUnusedBlobs({ sqlite, blobs, busy: true })).toBe(0)
    expect(removeUnusedBlobs({ sqlite, blobs, busy: false })).toBe(old.bytes)
    expect([used, fresh, old, wantedAgain].map(({ digest }) => blobs.has(digest))).toEqual([true, true, false, true])
  })
})
