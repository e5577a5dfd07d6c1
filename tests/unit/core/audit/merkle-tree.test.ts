import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { buildMerkleTree, rootOfProof } from '../../../../core/audit/merkle-tree.ts'

const hex = (buffer: Buffer | null) => buffer?.toString('hex')
const texts = (size: number) => Array.from({ length: size }, (_, index) => `entry ${index}`)

/** Section 2.1 of RFC 6962 word for word: split at the largest power of two below the size. */
function rootByDefinition(leaves: readonly string[]): Buffer {
  const [only] = leaves
  if (leaves.length === 1) return createHash('sha256').update('\0').update(String(only)).digest()
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return createHash('sha256').update('\x01').update(rootByDefinition(left)).update(rootByDefinition(right)).digest()
}

test('the root is that of the definition, for every size up to 70', () => {
  expect(hex(buildMerkleTree([]).root)).toBe(createHash('sha256').digest('hex'))
  for (let size = 1; size <= 70; size++) {
    expect(hex(buildMerkleTree(texts(size)).root)).toBe(hex(rootByDefinition(texts(size))))
  }
})

test('every leaf is proved, and nothing else is: not another text, place, size, nor a longer or shorter proof', () => {
  for (let size = 1; size <= 40; size++) {
    const tree = buildMerkleTree(texts(size))
    const root = hex(tree.root)
    for (let index = 0; index < size; index++) {
      const text = `entry ${index}`
      const proof = tree.proof(index)
      expect(hex(rootOfProof(text, index, size, proof))).toBe(root)
      expect(hex(rootOfProof(`${text} `, index, size, proof))).not.toBe(root)
      if (size > 1) {
        expect(hex(rootOfProof(text, (index + 1) % size, size, proof))).not.toBe(root)
        expect(rootOfProof(text, index, size, proof.slice(1))).toBeNull()
      }
      expect(rootOfProof(text, index, size, [...proof, Buffer.alloc(32)])).toBeNull()
      expect(rootOfProof(text, size, size, proof)).toBeNull()
    }
  }
})
