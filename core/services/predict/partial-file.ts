import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { MaestroError } from '../../../shared/errors.ts'

/** A text file that appears under its name only when it is whole, and stays there through a power cut from then on. */
export interface PartialFile {
  write(text: string): void
  /** Flushes it and gives it its name; a file of that name is replaced. */
  complete(): void
  /** Removes what was written, if it was not completed. */
  discard(): void
}

/** Collected before they are written, so that lines do not cost a system call each. */
const bufferedCharacters = 1 << 18

/** `path` is the final one; until then it lies at `partialPath`, in the same folder so that it can be renamed. */
export function createPartialFile(path: string, partialPath: string): PartialFile {
  const file = explainErrors(path, () => openSync(partialPath, 'w', 0o600))
  let isOpen = true
  let buffered = ''

  function flush(): void {
    const text = buffered
    buffered = ''
    explainErrors(path, () => writeWhole(file, Buffer.from(text)))
  }

  function close(): void {
    if (isOpen) closeSync(file)
    isOpen = false
  }

  return {
    write(text) {
      buffered += text
      if (buffered.length >= bufferedCharacters) flush()
    },
    complete() {
      flush()
      explainErrors(path, () => fsyncSync(file))
      close()
      explainErrors(path, () => renameSync(partialPath, path))
      flushFolder(dirname(path))
    },
    discard() {
      close()
      rmSync(partialPath, { force: true })
    },
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}

/** Without it the new name could be lost with the power. Windows has no such call and needs none. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function explainErrors<Result>(path: string, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') throw new MaestroError('DISK_FULL', `There is no room left on the disk for ${path}.`)
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new MaestroError(
        'FILE_NOT_FOUND',
        `The folder of ${path} does not exist.`,
        'Create it, or name another file.',
      )
    }
    throw new MaestroError('INPUT_INVALID', `${path} cannot be written: ${message}`, 'Name a file that you may write.')
  }
}
