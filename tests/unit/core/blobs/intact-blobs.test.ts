import { chmodSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createBlobStore } from '../../../../core/blobs/blob-store.ts'
import { createIntactCheck } from '../../../../core/blobs/intact-blobs.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-intact-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a blob is refused as soon as its bytes are others, also with its old size and time, and good again once it is', () => {
  const blobs = createBlobStore(folder)
  const assertIntact = createIntactCheck(blobs)
  const { digest } = blobs.put('weights 0.25')
  const path = blobs.path(digest)
  assertIntact(digest)
  const bytes = readFileSync(path)
  const time = new Date('2026-01-01T00:00:00Z')
  utimesSync(path, time, time)
  assertIntact(digest)
  chmodSync(path, 0o600)
  writeFileSync(path, 'weights 0.75')
  utimesSync(path, time, time)
  for (let look = 0; look < 2; look++) {
    expect(() => assertIntact(digest)).toThrow(expect.objectContaining({ code: 'WORKSPACE_DAMAGED' }))
  }
  writeFileSync(path, bytes)
  expect(() => assertIntact(digest)).not.toThrow()
  rmSync(path)
  expect(() => assertIntact(digest)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
})
