import type { KeyObject } from 'node:crypto'
import { decodeBase64 } from '../trust/dsse.ts'
import { openNote, signNote } from '../trust/signed-note.ts'

/** What a log says of itself at a moment: so many entries, the last of which has this hash. */
export interface Checkpoint {
  /** Which log: `maestro/<id>`. */
  readonly origin: string
  readonly size: number
  /** `sha256:<hex>` of the last entry. */
  readonly hash: string
}

export interface CheckpointSigner {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A signed note with the body of https://c2sp.org/tlog-checkpoint; the place of the tree's root holds the head of the chain. */
export function signCheckpoint({ origin, size, hash }: Checkpoint, signer: CheckpointSigner): string {
  const digest = Buffer.from(hash.slice('sha256:'.length), 'hex').toString('base64')
  return signNote(`${origin}\n${size}\n${digest}\n`, origin, signer.privateKey, signer.publicKey)
}

/** What a checkpoint says, whoever signed it; null where it is none. Believe it only after `verifyCheckpoint`. */
export function readCheckpoint(note: string): Checkpoint | null {
  const [body = ''] = note.split('\n\n', 1)
  const [origin = '', size = '', encoded = '', more] = body.split('\n')
  const digest = decodeBase64(encoded)
  if (!/^[!-~]+$/.test(origin) || !/^(0|[1-9]\d{0,14})$/.test(size) || digest?.length !== 32 || more !== undefined)
    return null
  return { origin, size: Number(size), hash: `sha256:${digest.toString('hex')}` }
}

/** What a checkpoint says, if one of these keys signed it; else null. */
export function verifyCheckpoint(note: string, keys: readonly KeyObject[]): Checkpoint | null {
  const checkpoint = readCheckpoint(note)
  if (!checkpoint) return null
  return keys.some((key) => openNote(note, checkpoint.origin, key) !== null) ? checkpoint : null
}
