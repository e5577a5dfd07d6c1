import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { MaestroError } from '../../shared/errors.ts'

export interface StoredBlob {
  /** sha256:<hex> of the content; its name too. */
  readonly digest: string
  readonly bytes: number
}

/**
 * Files named after their content. A blob is either there whole or not at all: it is written beside, flushed, renamed,
 * and the folder flushed. Storing the same content twice, even at once from two processes, is harmless.
 */
export interface BlobStore {
  readonly folder: string
  put(content: Uint8Array | string): StoredBlob
  /** Takes a file in; with `move` it may be renamed away instead of copied. */
  putFile(path: string, options?: { readonly move?: boolean }): StoredBlob
  /** Where a blob lies. Throws NOT_FOUND when it is not there. */
  path(digest: string): string
  /** The content. With `verify`, throws WORKSPACE_DAMAGED when it no longer has its digest. */
  read(digest: string, options?: { readonly verify?: boolean }): Buffer
  has(digest: string): boolean
  remove(digest: string): void
  list(): StoredBlob[]
}

const digestPattern = /^sha256:([0-9a-f]{64})$/

export function createBlobStore(folder: string): BlobStore {
  mkdirSync(folder, { recursive: true })

  function place(digest: string): string {
    const hex = digestPattern.exec(digest)?.[1]
    if (!hex)
      throw new MaestroError(
        'INPUT_INVALID',
        `${digest} is not a digest.`,
        'A digest is sha256: and 64 hexadecimal digits.',
      )
    // 256 folders keep each small.
    return join(folder, hex.slice(0, 2), hex)
  }

  function path(digest: string): string {
    const found = place(digest)
    if (!existsSync(found)) {
      throw new MaestroError(
        'NOT_FOUND',
        `The file ${digest} is not in the workspace any more.`,
        'Restore it from a backup.',
        { digest },
      )
    }
    return found
  }

  /** Moves a finished temporary file to its place. */
  function keep(temporary: string, digest: string): void {
    const target = place(digest)
    if (existsSync(target)) {
      rmSync(temporary)
      return
    }
    if (!existsSync(dirname(target))) {
      mkdirSync(dirname(target), { recursive: true })
      flushFolder(folder)
    }
    renameSync(temporary, target)
    flushFolder(dirname(target))
  }

  function read(digest: string, options: { readonly verify?: boolean } = {}): Buffer {
    const content = readFileSync(path(digest))
    if (options.verify && digestOfBytes(content) !== digest) {
      throw new MaestroError(
        'WORKSPACE_DAMAGED',
        `The file ${digest} has changed since it was stored.`,
        'Restore it from a backup.',
        { digest },
      )
    }
    return content
  }

  return {
    folder,
    path,
    read,
    put(content) {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
      const digest = digestOfBytes(bytes)
      if (!existsSync(place(digest))) {
        const temporary = temporaryPath(folder)
        writeDurably(temporary, bytes)
        keep(temporary, digest)
      }
      return { digest, bytes: bytes.byteLength }
    },
    putFile(source, options = {}) {
      const { digest, bytes } = digestOfFile(source)
      if (existsSync(place(digest))) {
        if (options.move) rmSync(source)
        return { digest, bytes }
      }
      const temporary = temporaryPath(folder)
      if (!(options.move && tryRename(source, temporary))) {
        copyFileSync(source, temporary)
        if (options.move) rmSync(source)
      }
      flushFile(temporary)
      keep(temporary, digest)
      return { digest, bytes }
    },
    has: (digest) => existsSync(place(digest)),
    remove: (digest) => rmSync(place(digest), { force: true }),
    list: () =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name))
        .flatMap((entry) =>
          readdirSync(join(folder, entry.name)).map((hex) => ({
            digest: `sha256:${hex}`,
            bytes: statSync(join(folder, entry.name, hex)).size,
          })),
        ),
  }
}

export function digestOfBytes(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** Digest and size of a file, read in pieces. */
export function digestOfFile(path: string): StoredBlob {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(1 << 20)
  const file = openSync(path, 'r')
  let bytes = 0
  try {
    for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) {
      hash.update(piece.subarray(0, count))
      bytes += count
    }
  } finally {
    closeSync(file)
  }
  return { digest: `sha256:${hash.digest('hex')}`, bytes }
}

/** In the store's own folder, so that the rename stays within one file system. Left-overs start with a dot. */
function temporaryPath(folder: string): string {
  return join(folder, `.${process.pid}-${randomBytes(8).toString('hex')}`)
}

/** Writes a new file and waits until it is on the disk. */
export function writeDurably(path: string, content: Uint8Array): void {
  const file = openSync(path, 'wx')
  try {
    let at = 0
    while (at < content.byteLength) at += writeSync(file, content, at)
    fsyncSync(file)
  } catch (error) {
    rmSync(path, { force: true })
    if ((error as { code?: unknown }).code !== 'ENOSPC') throw error
    throw new MaestroError(
      'DISK_FULL',
      'There is no room left on the disk.',
      'Make room and try again. Nothing was changed.',
    )
  } finally {
    closeSync(file)
  }
}

function flushFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes a rename or a new name durable. Windows has no such thing and does not need it. */
export function flushFolder(path: string): void {
  if (process.platform === 'win32') return
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EXDEV') return false
    throw error
  }
}
