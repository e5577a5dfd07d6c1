import { createHash } from 'node:crypto'

const hashBytes = 32
const leafPrefix = Buffer.of(0)
const nodePrefix = Buffer.of(1)

/**
 * The Merkle tree of https://www.rfc-editor.org/rfc/rfc6962#section-2.1 over texts: SHA-256, leaves and nodes told apart by
 * a first byte. With a few hashes it shows that one text is among many, without showing the others.
 */
export interface MerkleTree {
  readonly size: number
  /** 32 bytes; of an empty tree the hash of nothing. */
  readonly root: Buffer
  /** What stands beside the way from a leaf (from 0) to the root, lowest first. */
  proof(index: number): Buffer[]
}

/** Builds the tree of texts in UTF-8. Takes 64 bytes of memory a text. */
export function buildMerkleTree(texts: Iterable<string>): MerkleTree {
  const leaves: Buffer[] = []
  for (const text of texts) leaves.push(hashLeaf(text))
  const levels: Buffer[] = [Buffer.concat(leaves)]
  for (let level = levels[0] as Buffer; level.length > hashBytes; ) {
    level = levelAbove(level)
    levels.push(level)
  }
  const top = levels.at(-1) as Buffer
  return {
    size: leaves.length,
    root: leaves.length === 0 ? createHash('sha256').digest() : top,
    proof(index) {
      if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
        throw new RangeError(`the tree has no leaf ${index}`)
      return levels.slice(0, -1).flatMap((level, height) => {
        const beside = (Math.floor(index / 2 ** height) ^ 1) * hashBytes
        // The last node of a level may stand alone: it is taken up as it is.
        return beside < level.length ? [level.subarray(beside, beside + hashBytes)] : []
      })
    },
  }
}

/**
 * The root that a text at a place leads to with a proof; null where the proof is too long or too short. The method of
 * https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2.
 */
export function rootOfProof(text: string, index: number, size: number, proof: readonly Buffer[]): Buffer | null {
  if (!Number.isInteger(index) || index < 0 || index >= size) return null
  let place = index
  let last = size - 1
  let hash = hashLeaf(text)
  for (const beside of proof) {
    if (last === 0 || beside.length !== hashBytes) return null
    if (place % 2 === 1 || place === last) {
      hash = hashNode(beside, hash)
      while (place % 2 === 0 && place !== 0) {
        place /= 2
        last = Math.floor(last / 2)
      }
    } else {
      hash = hashNode(hash, beside)
    }
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? hash : null
}

function levelAbove(level: Buffer): Buffer {
  const above: Buffer[] = []
  for (let at = 0; at < level.length; at += 2 * hashBytes) {
    const left = level.subarray(at, at + hashBytes)
    const right = level.subarray(at + hashBytes, at + 2 * hashBytes)
    above.push(right.length === 0 ? left : hashNode(left, right))
  }
  return Buffer.concat(above)
}

function hashLeaf(text: string): Buffer {
  return createHash('sha256').update(leafPrefix).update(text, 'utf8').digest()
}

function hashNode(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(nodePrefix).update(left).update(right).digest()
}
