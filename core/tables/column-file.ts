import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { ColumnFileError, decodeColumnFile, encodeColumnFile } from '../../engine/frame/column-file.ts'
import type { Frame } from '../../engine/frame/frame.ts'
import { MaestroError } from '../../shared/errors.ts'

/** One read may not be larger than what a system call takes. */
const largestRead = 1 << 30

/** Reads a column file into one shared buffer, which threads can look at together. Throws WORKSPACE_DAMAGED. */
export function readColumnFile(path: string): Frame {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const shared = new SharedArrayBuffer(size)
    const bytes = new Uint8Array(shared)
    let at = 0
    while (at < size) {
      const count = readSync(file, bytes, at, Math.min(largestRead, size - at), at)
      if (count === 0) break
      at += count
    }
    return decodeColumnFile(shared)
  } catch (error) {
    if (!(error instanceof ColumnFileError)) throw error
    throw new MaestroError(
      'WORKSPACE_DAMAGED',
      `${error.message} (${path})`,
      'Restore the workspace from a backup, or import the table again.',
    )
  } finally {
    closeSync(file)
  }
}

/** Writes a column file and waits until it is on the disk. */
export function writeColumnFile(path: string, frame: Parameters<typeof encodeColumnFile>[0]): void {
  const file = openSync(path, 'w')
  try {
    for (const piece of encodeColumnFile(frame)) {
      let at = 0
      while (at < piece.byteLength) at += writeSync(file, piece, at, Math.min(largestRead, piece.byteLength - at))
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
