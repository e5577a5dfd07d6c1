import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { MaestroError } from '../../shared/errors.ts'
import { asDiskFull } from '../storage/disk-full.ts'

/** A file of a package: its content, or where it lies. */
export interface PackageEntry {
  readonly name: string
  readonly content: Uint8Array
}

/** What a package holds, found without trusting anything that it says of itself. */
export interface PackageReader {
  readonly names: readonly string[]
  /** Size in bytes of a file; undefined where there is none of that name. */
  size(name: string): number | undefined
  /** The content, whose checksum is right. Throws PACKAGE_INVALID. */
  read(name: string): Buffer
  close(): void
}

/** Files in a package; real ones have about twenty. */
const mostEntries = 500
/** Of a single file and of all together: it is read into memory. */
const mostBytes = 1024 ** 3
/**
 * Folders and names as we write them. No capitals, so that no two names fall together on a disk that does not tell them
 * apart; no dots at the start, no backslashes, no drive letters: nothing that leads out of a folder.
 */
const namePattern = /^[a-z0-9][a-z0-9._-]{0,99}(\/[a-z0-9][a-z0-9._-]{0,99}){0,3}$/

const localHeader = 0x04034b50
const centralHeader = 0x02014b50
const endRecord = 0x06054b50
/** 1 January 1980, the first day of the format: the same content gives the same bytes. */
const dosDate = 0x21

/**
 * Writes a ZIP file without compression, byte for byte determined by its content, which any tool opens. It appears whole or
 * not at all.
 */
export function writePackage(path: string, entries: readonly PackageEntry[]): void {
  const partial = `${path}.partial`
  let file: number | null = null
  try {
    file = openSync(partial, 'w', 0o600)
    const central: Buffer[] = []
    let at = 0
    for (const { name, content } of entries) {
      if (!namePattern.test(name)) throw new RangeError(`${name} is no name for a file of a package`)
      const sum = crc32(content)
      const head = header(localHeader, name, content.byteLength, sum, null)
      central.push(header(centralHeader, name, content.byteLength, sum, at))
      for (const part of [head, content]) at += writeAll(file, part)
    }
    const directory = Buffer.concat(central)
    writeAll(file, directory)
    writeAll(file, end(entries.length, directory.byteLength, at))
    fsyncSync(file)
    closeSync(file)
    file = null
    renameSync(partial, path)
  } catch (error) {
    if (file !== null) closeSync(file)
    rmSync(partial, { force: true })
    throw asDiskFull(error)
  }
}

/**
 * Opens a package that somebody sent. Only what `writePackage` writes is taken: files one after another from the first byte
 * to the directory, not compressed, not encrypted, each name once, nothing before, between or behind. So there is no second
 * way to read it, nothing grows when it is unpacked, and no name leads anywhere. Throws PACKAGE_INVALID.
 */
export function openPackage(path: string): PackageReader {
  const file = openSync(path, 'r')
  try {
    const entries = readDirectory(file)
    return {
      names: [...entries.keys()],
      size: (name) => entries.get(name)?.bytes,
      read(name) {
        const entry = entries.get(name)
        if (!entry) throw invalid(`it has no ${name}`)
        const content = readExactly(file, entry.start, entry.bytes)
        if (crc32(content) !== entry.sum) throw invalid(`${name} is damaged`)
        return content
      },
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

interface Entry {
  readonly start: number
  readonly bytes: number
  readonly sum: number
}

const endBytes = 22
const localBytes = 30
const centralBytes = 46

function readDirectory(file: number): Map<string, Entry> {
  const total = fstatSync(file).size
  if (total < endBytes || total > mostBytes) throw invalid(total < endBytes ? 'it is too short' : 'it is too large')
  const last = readExactly(file, total - endBytes, endBytes)
  const count = last.readUInt16LE(10)
  const size = last.readUInt32LE(12)
  const start = last.readUInt32LE(16)
  if (!last.equals(end(count, size, start)) || start + size + endBytes !== total || count > mostEntries) {
    throw invalid('its directory is not one that Maestro writes')
  }
  const directory = readExactly(file, start, size)
  const entries = new Map<string, Entry>()
  let at = 0
  let next = 0
  for (let index = 0; index < count; index++) {
    if (at + centralBytes > size) throw invalid('its directory is cut off')
    const nameBytes = directory.readUInt16LE(at + 28)
    const name = directory.toString('latin1', at + centralBytes, at + centralBytes + nameBytes)
    const bytes = directory.readUInt32LE(at + 24)
    const sum = directory.readUInt32LE(at + 16)
    if (!namePattern.test(name) || entries.has(name)) throw invalid('a name in it is not one that Maestro writes')
    // Rebuilding the header and comparing says in one line that nothing else stands in it.
    const expected = header(centralHeader, name, bytes, sum, next)
    if (!directory.subarray(at, at + expected.byteLength).equals(expected)) throw invalid(`the entry of ${name} is odd`)
    const local = header(localHeader, name, bytes, sum, null)
    if (next + local.byteLength + bytes > start) throw invalid(`${name} reaches beyond its end`)
    if (!readExactly(file, next, local.byteLength).equals(local)) throw invalid(`the entry of ${name} is odd`)
    entries.set(name, { start: next + local.byteLength, bytes, sum })
    next += local.byteLength + bytes
    at += expected.byteLength
  }
  if (at !== size || next !== start) throw invalid('there is more in it than its directory says')
  return entries
}

/** A local header, or with an offset one of the central directory. */
function header(mark: number, name: string, bytes: number, sum: number, offset: number | null): Buffer {
  const nameBytes = Buffer.from(name, 'latin1')
  const shift = offset === null ? 0 : 2
  const fixed = Buffer.alloc(offset === null ? localBytes : centralBytes)
  fixed.writeUInt32LE(mark, 0)
  // Version 2.0, in the central directory twice: made by, needed.
  fixed.writeUInt16LE(20, 4)
  if (offset !== null) fixed.writeUInt16LE(20, 6)
  fixed.writeUInt16LE(dosDate, 12 + shift)
  fixed.writeUInt32LE(sum, 14 + shift)
  fixed.writeUInt32LE(bytes, 18 + shift)
  fixed.writeUInt32LE(bytes, 22 + shift)
  fixed.writeUInt16LE(nameBytes.byteLength, 26 + shift)
  if (offset !== null) fixed.writeUInt32LE(offset, 42)
  return Buffer.concat([fixed, nameBytes])
}

function end(count: number, size: number, start: number): Buffer {
  const record = Buffer.alloc(endBytes)
  record.writeUInt32LE(endRecord, 0)
  record.writeUInt16LE(count, 8)
  record.writeUInt16LE(count, 10)
  record.writeUInt32LE(size, 12)
  record.writeUInt32LE(start, 16)
  return record
}

function readExactly(file: number, position: number, bytes: number): Buffer {
  const content = Buffer.allocUnsafe(bytes)
  let at = 0
  while (at < bytes) {
    const count = readSync(file, content, at, bytes - at, position + at)
    if (count === 0) throw invalid('it is cut off')
    at += count
  }
  return content
}

function writeAll(file: number, content: Uint8Array): number {
  let at = 0
  while (at < content.byteLength) at += writeSync(file, content, at)
  return at
}

function invalid(what: string): MaestroError {
  return new MaestroError(
    'PACKAGE_INVALID',
    `The file is not a package of Maestro, or it was damaged: ${what}.`,
    'Ask for it again. Nothing of it was used.',
  )
}
