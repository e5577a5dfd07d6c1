import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { openApp } from '../../core/app.ts'
import { createBlobStore } from '../../core/blobs/blob-store.ts'
import { newId } from '../../core/storage/ids.ts'
import { applyMigrations, shippedMigrations } from '../../core/storage/migrations.ts'
import { owner } from '../fixtures/test-app.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-upgrade-'))
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 }))

const shipped = shippedMigrations()

test.each(shipped.slice(0, -1).map(({ name }, at) => [name, at + 1] as const))(
  'a workspace as it was after %s opens with all it holds, and a backup of it is kept',
  async (name, count) => {
    const workspace = join(folder, name)
    mkdirSync(workspace)
    const { digest, bytes } = createBlobStore(join(workspace, 'blobs')).put('a model of a run')
    const sqlite = new Database(join(workspace, 'workspace.db'))
    applyMigrations(sqlite, shipped.slice(0, count), () => undefined)
    const [experiment, run] = [newId(), newId()]
    const now = new Date().toISOString()
    sqlite
      .prepare('INSERT INTO experiment (id, name, created_at, updated_at) VALUES (?, ?, ?, ?)')
      .run(experiment, 'churn', now, now)
    sqlite
      .prepare('INSERT INTO run (id, experiment_id, name, status, started_at) VALUES (?, ?, ?, ?, ?)')
      .run(run, experiment, 'first', 'FINISHED', now)
    sqlite
      .prepare('INSERT INTO run_artifact (run_id, path, digest, bytes, created_at) VALUES (?, ?, ?, ?, ?)')
      .run(run, 'model.onnx', digest, bytes, now)
    sqlite.close()

    const holdsAll = { readOnly: false, counts: { experiments: 1, runs: 1 }, bytes: { blobs: bytes } }
    const upgraded = await openApp(workspace)
    expect(upgraded.workspace.status(owner)).toMatchObject(holdsAll)
    const [backup, ...others] = upgraded.backups.list().backups
    expect(others).toEqual([])
    const file = backup?.name ?? ''
    expect(upgraded.backups.verify(file)).toMatchObject({ problems: [] })
    upgraded.backups.restore(file)
    await upgraded.close()

    const restored = await openApp(workspace)
    expect(restored.workspace.status(owner)).toMatchObject(holdsAll)
    await restored.close()
  },
)
