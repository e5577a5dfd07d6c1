import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { BlobStore } from '../blobs/blob-store.ts'
import { downloadHref } from '../blobs/download-href.ts'

export interface DeliveredFile {
  /** Where it lies, or the name under which it is downloaded. */
  readonly path: string
  readonly bytes: number
  readonly digest: string
  /** Address of the download under the host; null where it was written to a path. */
  readonly href: string | null
}

/** Hands over a file that was made: written to `out`, or stored to be downloaded as `name`. */
export function deliver(
  blobs: BlobStore,
  content: string | Uint8Array,
  out: string | undefined,
  name: string,
): DeliveredFile {
  if (out === undefined) {
    const { digest, bytes } = blobs.put(content)
    return { path: name, bytes, digest, href: downloadHref(digest, name) }
  }
  const path = resolve(out)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
  return { path, bytes: Buffer.byteLength(content), digest, href: null }
}
