import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
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
  expect(blobs.list()).toEqual([{ ...first, storedAt: expect.closeTo(Date.now(), -4) }])
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

test('a file that is read-only is taken in', () => {
  const blobs = fresh()
  const path = join(root, 'read-only')
  writeFileSync(path, 'content', { mode: 0o400 })
  const { digest } = blobs.putFile(path)
  expect(blobs.read(digest, { verify: true }).toString()).toBe('content')
})

test('a file that cannot be taken in stays where it is, and nothing is left of the attempt', () => {
  const blobs = fresh()
  expect(() => blobs.putFile(join(root, 'nowhere'))).toThrow(/ENOENT/)
  // A file where the blob's folder would be made.
  const content = 'content that finds no place'
  const hex = digestOfBytes(Buffer.from(content)).slice('sha256:'.length)
  writeFileSync(join(blobs.folder, hex.slice(0, 2)), '')
  const path = join(root, 'unlucky')
  writeFileSync(path, content)
  expect(() => blobs.putFile(path, { move: true })).toThrow()
  expect(readFileSync(path, 'utf8')).toBe(content)
  expect(readdirSync(blobs.folder).filter((name) => name.startsWith('.'))).toEqual([])
})

test('a blob that the disk cut off is stored anew', () => {
  const blobs = fresh()
  const { digest } = blobs.put('whole')
  writeFileSync(blobs.path(digest), 'who')
  blobs.put('whole')
  expect(blobs.read(digest, { verify: true }).toString()).toBe('whole')
})

test('storing the same again renews it, whatever the time of its file', () => {
  const blobs = fresh()
  const path = join(root, 'old')
  writeFileSync(path, 'old')
  const long = new Date('2020-01-01')
  utimesSync(path, long, long)
  const age = () => Date.now() - (blobs.list()[0]?.storedAt ?? 0)
  const { digest } = blobs.putFile(path)
  expect(age()).toBeLessThan(10_000)
  utimesSync(blobs.path(digest), long, long)
  blobs.put('old')
  expect(age()).toBeLessThan(10_000)
})

test('what a killed process had half written is removed, and foreign files are no blobs', () => {
  const blobs = fresh()
  const kept = blobs.put('kept')
  writeFileSync(join(blobs.folder, '.123-half'), 'half')
  writeFileSync(join(blobs.path(kept.digest), '..', 'notes.txt'), '')
  blobs.removeUnfinished()
  expect(blobs.list().map(({ digest }) => digest)).toEqual([kept.digest])
  expect(readdirSync(blobs.folder).filter((name) => name.startsWith('.'))).toEqual([])
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
