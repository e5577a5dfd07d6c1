import { createWriteStream, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { MaestroError } from '../../shared/errors.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import { newId } from '../storage/ids.ts'
import { commonHeaders } from './page-files.ts'

/** File names are cut to this: with the id before it, every file system takes the result. */
const longestName = 120
/** An upload that nothing has taken over by then belongs to a window that is gone. */
const uploadHours = 24

/**
 * Takes a file in from a window. The answer is the upload's name, a plain file name in the uploads folder: its id, and
 * the name that the file had, made harmless. A transfer that breaks off leaves nothing.
 */
export async function receiveUpload(folder: string, name: string, content: Readable): Promise<{ upload: string }> {
  const upload = `${newId()}-${harmlessName(name)}`
  const partial = join(folder, `.${upload}`)
  try {
    await pipeline(content, createWriteStream(partial, { flags: 'wx', mode: 0o600 }))
    await rename(partial, join(folder, upload))
    return { upload }
  } catch (error) {
    await rm(partial, { force: true })
    if ((error as { code?: unknown }).code !== 'ENOSPC') throw error
    throw new MaestroError('DISK_FULL', undefined, 'Make room and try again. Nothing was kept of the file.')
  }
}

/** Letters, digits and a few signs, in any script; the ending stays, since it tells the format. */
function harmlessName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/'))
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._ ()-]/gu, '_')
    .replace(/^\.+/, '')
  return plain.slice(-longestName) || 'upload'
}

/** The name that an upload's file had. */
export function uploadedName(upload: string): string {
  return upload.replace(/^[0-9a-f]{32}-/, '')
}

/** Removes what earlier windows left. */
export function removeOldUploads(folder: string, now: number = Date.now()): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (now - statSync(path).mtimeMs > uploadHours * 3_600_000) rmSync(path, { recursive: true, force: true })
  }
}

export interface Download {
  readonly path: string
  readonly headers: Record<string, string>
}

/** What `/files/<sha256>/<name>` stands for: a stored file, always as a download, never shown as a page. Null: not there. */
export function findDownload(blobs: BlobStore, pathname: string): Download | null {
  const match = /^\/files\/([0-9a-f]{64})\/([^/]+)$/.exec(pathname)
  if (!match) return null
  const digest = `sha256:${match[1]}`
  if (!blobs.has(digest)) return null
  const path = blobs.path(digest)
  if (!existsSync(path)) return null
  let name: string
  try {
    name = harmlessName(decodeURIComponent(match[2] as string))
  } catch {
    return null
  }
  return {
    path,
    headers: {
      ...commonHeaders,
      'content-type': 'application/octet-stream',
      'content-length': String(statSync(path).size),
      'content-disposition': `attachment; filename="${name.replaceAll(/[^\x20-\x7e]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      // The address names the content.
      'cache-control': 'private, max-age=31536000, immutable',
    },
  }
}
