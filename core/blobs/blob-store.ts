import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
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
  utimesSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { MaestroError } from '../../shared/errors.ts'
import { asDiskFull } from '../storage/disk-full.ts'

export interface StoredBlob {
  /** sha256:<hex> of the content; its name too. */
  readonly digest: string
  readonly bytes: number
}

/** A blob as it lies in the store. */
export interface ListedBlob extends StoredBlob {
  /** When it was last stored, in milliseconds since 1970: storing the same content again renews it. */
  readonly storedAt: number
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
  list(): ListedBlob[]
  /** Removes what a killed process had half written. Only for who holds the workspace, while no job runs. */
  removeUnfinished(): void
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

  /**
   * Whether the blob is there whole. It is renewed then, so that whoever removes old unused blobs sees that it is wanted;
   * and its folder flushed, since the process that stored it may not have come to that yet.
   */
  function renew({ digest, bytes }: StoredBlob): boolean {
    const target = place(digest)
    if (statSync(target, { throwIfNoEntry: false })?.size !== bytes) return false
    touch(target)
    flushFolder(dirname(target))
    return true
  }

  /** Moves a finished temporary file to its place. One of another size there was cut off by the disk: it is replaced. */
  function keep(temporary: string, blob: StoredBlob): StoredBlob {
    if (renew(blob)) {
      rmSync(temporary)
      return blob
    }
    const target = place(blob.digest)
    if (!existsSync(dirname(target))) {
      mkdirSync(dirname(target), { recursive: true })
      flushFolder(folder)
    }
    try {
      renameSync(temporary, target)
    } catch (error) {
      // Windows does not replace a file that is open; who has it open has stored the same.
      if (!renew(blob)) throw error
      rmSync(temporary)
    }
    flushFolder(dirname(target))
    return blob
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
      const blob = { digest: digestOfBytes(bytes), bytes: bytes.byteLength }
      if (renew(blob)) return blob
      const temporary = temporaryPath(folder)
      writeDurably(temporary, bytes)
      return keep(temporary, blob)
    },
    putFile(source, options = {}) {
      const temporary = temporaryPath(folder)
      const moved = options.move === true && tryRename(source, temporary)
      try {
        if (!moved) copyFileSync(source, temporary, constants.COPYFILE_FICLONE)
        // A copy of a read-only file is read-only itself, and could not be flushed everywhere.
        chmodSync(temporary, 0o600)
        touch(temporary)
        // Read where nobody else writes: a source that changes meanwhile would get a digest that is not its own.
        const blob = digestOfFile(temporary)
        flushFile(temporary)
        keep(temporary, blob)
        if (options.move) rmSync(source, { force: true })
        return blob
      } catch (error) {
        if (moved && existsSync(temporary)) renameSync(temporary, source)
        rmSync(temporary, { force: true })
        throw asDiskFull(error)
      }
    },
    has: (digest) => existsSync(place(digest)),
    remove: (digest) => rmSync(place(digest), { force: true }),
    list: () =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name))
        .flatMap((entry) => readdirSync(join(folder, entry.name)))
        .filter((hex) => /^[0-9a-f]{64}$/.test(hex))
        .flatMap((hex) => {
          const found = statSync(join(folder, hex.slice(0, 2), hex), { throwIfNoEntry: false })
          return found ? [{ digest: `sha256:${hex}`, bytes: found.size, storedAt: found.mtimeMs }] : []
        }),
    removeUnfinished() {
      for (const name of readdirSync(folder)) if (name.startsWith('.')) rmSync(join(folder, name), { force: true })
    },
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
    throw asDiskFull(error)
  } finally {
    closeSync(file)
  }
}

function touch(path: string): void {
  const now = new Date()
  utimesSync(path, now, now)
}

/** Waits until a file's content is on the disk. */
export function flushFile(path: string): void {
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
