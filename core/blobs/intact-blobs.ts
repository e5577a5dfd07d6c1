import { statSync } from 'node:fs'
import { MaestroError } from '../../shared/errors.ts'
import type { BlobStore } from './blob-store.ts'
import { digestOfFile } from './blob-store.ts'

/** More than anybody uses at a time; a file that was forgotten is only read once more. */
const remembered = 1_000

/**
 * For whoever is about to use a blob as what it is named: throws WORKSPACE_DAMAGED when its content no longer has its
 * digest. A file is read only when it is not as it was when it was last found good (inode, size, times of change). Throws
 * NOT_FOUND for a blob that is gone.
 */
export function createIntactCheck(blobs: Pick<BlobStore, 'path'>): (digest: string) => void {
  const good = new Map<string, string>()
  return (digest) => {
    const path = blobs.path(digest)
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
    const standing = [ino, size, mtimeNs, ctimeNs].join(' ')
    if (good.get(digest) === standing) return
    if (digestOfFile(path).digest !== digest) {
      good.delete(digest)
      throw new MaestroError(
        'WORKSPACE_DAMAGED',
        `The file ${digest} has changed since it was stored, so it is not the model that was registered.`,
        'It is not used. Restore it from a backup.',
        { digest },
      )
    }
    if (good.size >= remembered) good.clear()
    good.set(digest, standing)
  }
}
