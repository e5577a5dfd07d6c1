import type { KeyObject } from 'node:crypto'
import { decodeBase64 } from '../trust/dsse.ts'
import { openNote, signNote } from '../trust/signed-note.ts'
import type { CheckpointSigner } from './checkpoint.ts'

/** What a log says of its Merkle tree at a moment. */
export interface TreeHead {
  /** Of the log: `maestro/<id>`. The note is signed as `maestro/<id>/tree`, so that it cannot pass for a checkpoint. */
  readonly origin: string
  readonly size: number
  /** Of the tree over the texts of the first `size` entries: 32 bytes. */
  readonly root: Buffer
  /** `sha256:<hex>` of the last of them: ties the tree to the chain. */
  readonly head: string
}

/** A signed note with the body of https://c2sp.org/tlog-checkpoint; its one extension line is the head of the chain. */
export function signTree(head: TreeHead, signer: CheckpointSigner): string {
  const name = nameOf(head.origin)
  const body = `${name}\n${head.size}\n${head.root.toString('base64')}\nhead ${head.head}\n`
  return signNote(body, name, signer.privateKey, signer.publicKey)
}

/** What a note says of a log's tree, if one of these keys signed it; else null. */
export function verifyTree(note: string, origin: string, keys: readonly KeyObject[]): TreeHead | null {
  const text = keys.map((key) => openNote(note, nameOf(origin), key)).find((opened) => opened !== null)
  const [name, size = '', encoded = '', headLine = '', end, more] = text?.split('\n') ?? []
  const root = decodeBase64(encoded)
  const head = /^head (sha256:[0-9a-f]{64})$/.exec(headLine)?.[1]
  if (name !== nameOf(origin) || !/^[1-9]\d{0,14}$/.test(size) || root?.length !== 32) return null
  if (head === undefined || end !== '' || more !== undefined) return null
  return { origin, size: Number(size), root, head }
}

function nameOf(origin: string): string {
  return `${origin}/tree`
}
