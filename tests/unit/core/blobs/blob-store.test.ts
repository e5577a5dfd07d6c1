import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createBlobStore, digestOfBytes } from '../../../../core/blobs/blob-store.ts'

const root = mkdtempSync(join(tmpdir(), 'maestro-blobs-'))
afterAll(() => rmSync(root, { recursive: true }))
const fresh = () => createBlobStore(mkdtempSync(join(root, 'each-')))

test('content comes back under its digest, and the same content is kept once', () => {
  const blobs = fresh()
  const first = blobs.put('hello')
  expect(first).toEqual({ digest: digestOfBytes(Buffer.from('hello')), bytes: 5 })
  expect(blobs.put(Buffer.from('hello'))).toEqual(first)
  expect(blobs.read(first.digest, { verify: true }).toString()).toBe('hello')
  expect(blobs.list()).toEqual([first])
})

test('a file is taken in by copy or by move', () => {
  const blobs = fresh()
  const path = join(root, 'source')
  writeFileSync(path, 'content')
  const copied = blobs.putFile(path)
  expect(blobs.has(copied.digest)).toBe(true)
  blobs.remove(copied.digest)
  expect(blobs.putFile(path, { move: true })).toEqual(copied)
  expect(readdirSync(root)).not.toContain('source')
})

test('no half-written file is ever left under a digest or beside it', () => {
  const blobs = fresh()
  blobs.put('one')
  blobs.put('one')
  expect(readdirSync(blobs.folder).filter((name) => name.startsWith('.'))).toEqual([])
})

test('changed content is found out, and a missing or malformed digest is refused', () => {
  const blobs = fresh()
  const { digest } = blobs.put('hello')
  writeFileSync(blobs.path(digest), 'hullo')
  expect(() => blobs.read(digest, { verify: true })).toThrow(/has changed/)
  expect(() => blobs.path(digestOfBytes(Buffer.from('other')))).toThrow(/not in the workspace/)
  expect(() => blobs.path('sha256:../../etc/passwd')).toThrow(/not a digest/)
})
