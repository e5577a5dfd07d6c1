import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { PackageEntry } from '../../../../core/packages/package-file.ts'
import { openPackage, writePackage } from '../../../../core/packages/package-file.ts'
import { randomStream } from '../../../../engine/random.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-package-'))
afterAll(() => rmSync(folder, { recursive: true }))

const entries: PackageEntry[] = [
  { name: 'package.json', content: Buffer.from('{"a":1}') },
  { name: 'items/model.onnx', content: Buffer.from(Uint8Array.from({ length: 5000 }, (_, at) => at % 251)) },
  { name: 'items/evidence/parity.json', content: Buffer.alloc(0) },
]
const path = join(folder, 'good.maestro')
writePackage(path, entries)
const good = readFileSync(path)

function open(bytes: Uint8Array) {
  const at = join(folder, 'other.maestro')
  writeFileSync(at, bytes)
  return openPackage(at)
}

function contents(bytes: Uint8Array): PackageEntry[] {
  const reader = open(bytes)
  try {
    return reader.names.map((name) => ({ name, content: reader.read(name) }))
  } finally {
    reader.close()
  }
}

const refused: unknown = expect.objectContaining({ code: 'PACKAGE_INVALID' })

test('what was written is read again, and the same content gives the same bytes', () => {
  expect(contents(good)).toEqual(entries)
  writePackage(path, entries)
  expect(readFileSync(path).equals(good)).toBe(true)
})

test('other tools open it', (context) => {
  const listed = spawnSync('python3', ['-m', 'zipfile', '-t', path], { encoding: 'utf8' })
  if (listed.error) context.skip('there is no python3 here')
  expect(listed.stdout + listed.stderr).toContain('Done testing')
})

test.each(['../x', '/x', 'a/../b', 'C:/x', 'a\\b', '.x', 'A', 'a//b', 'a/', 'a\0b', 'a'.repeat(101), 'nul\n'])(
  'the name %j is neither written nor read',
  (name) => {
    expect(() => writePackage(join(folder, 'never'), [{ name, content: Buffer.from('x') }])).toThrow(RangeError)
    const length = Buffer.from(name, 'latin1').byteLength
    if (length > 100) return
    // A package of a file with a name of the same length, its name then changed in both places.
    const plain = 'a'.repeat(length)
    writePackage(join(folder, 'named'), [{ name: plain, content: Buffer.from('x') }])
    const bytes = readFileSync(join(folder, 'named'))
    for (const at of [30, bytes.byteLength - 22 - length]) bytes.write(name, at, 'latin1')
    expect(() => contents(bytes)).toThrow(refused)
  },
)

test('a name that stands there twice is refused', () => {
  writePackage(join(folder, 'twice'), [entries[0] as PackageEntry, entries[0] as PackageEntry])
  expect(() => contents(readFileSync(join(folder, 'twice')))).toThrow(refused)
})

test('something before, behind or cut off is refused', () => {
  for (const bytes of [
    Buffer.concat([Buffer.from('x'), good]),
    Buffer.concat([good, Buffer.from('x')]),
    good.subarray(0, -1),
    good.subarray(1),
    Buffer.alloc(0),
    Buffer.alloc(100),
  ]) {
    expect(() => contents(bytes)).toThrow(refused)
  }
})

test('whatever byte is changed, it is refused', () => {
  const random = randomStream(7)
  for (let round = 0; round < 700; round++) {
    const bytes = Buffer.from(good)
    const at = random.nextBelow(bytes.byteLength)
    bytes[at] = (bytes[at] as number) ^ (1 + random.nextBelow(255))
    expect(() => contents(bytes), `byte ${at}`).toThrow(refused)
  }
})
