import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface RotationOptions {
  readonly name: string
  /** A file that has grown beyond this is put aside. Default 5 MB. */
  readonly maxBytes?: number
  /** Files kept beside the current one: name.1 is the newest. Default 5. */
  readonly keep?: number
}

/** A log file that is put aside when it is large, so that logs never fill the disk. Written at once: a crash keeps its last line. */
export function openRotatingFile(folder: string, { name, maxBytes = 5 * 1024 * 1024, keep = 5 }: RotationOptions) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  let file = openSync(path, 'a', 0o600)
  let bytes = statSync(path).size
  let closed = false

  function rotate(): void {
    closeSync(file)
    rmSync(`${path}.${keep}`, { force: true })
    for (let number = keep - 1; number >= 1; number--) moveIfThere(`${path}.${number}`, `${path}.${number + 1}`)
    moveIfThere(path, `${path}.1`)
    file = openSync(path, 'a', 0o600)
    bytes = 0
  }

  return {
    path,
    write(line: string): void {
      if (closed) return
      if (bytes > 0 && bytes + line.length > maxBytes) rotate()
      try {
        bytes += writeSync(file, line)
      } catch {
        // A full disk must not end the program because it cannot say so.
      }
    },
    close(): void {
      if (!closed) closeSync(file)
      closed = true
    },
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error
  }
}
