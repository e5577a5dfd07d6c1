import { describe, expect, test } from 'vitest'
import { unpackLz4Frame } from '../../../../core/tables/lz4-frame.ts'

// Made by lz4 1.9.4 of `text`: `lz4 -9 -BI`, and `lz4 -1 -BD -BX --content-size`.
const text = `${'abc'.repeat(20)} and ${'0123456789'.repeat(40)}, end of it: ä`
const independent = 'BCJNGGRApy0AAAA/YWJjAwAm/wAgYW5kIDAxMjM0NTY3ODkKAP908AAsIGVuZCBvZiBpdDogw6QAAAAALAUhlA=='
const dependent =
  'BCJNGHxA4AEAAAAAAAAdLQAAAD9hYmMDACb/ACBhbmQgMDEyMzQ1Njc4OQoA/3TwACwgZW5kIG9mIGl0OiDDpBU10UUAAAAALAUhlA=='
const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'))

describe('frames of the reference program', () => {
  test.each([
    ['independent blocks', independent],
    ['dependent blocks with checksums and the size', dependent],
  ])('%s', (_, frame) => {
    expect(Buffer.from(unpackLz4Frame(bytes(frame))).toString()).toBe(text)
  })
})

/** A frame of one block without checksums. */
function frameOf(block: readonly number[], isPlain = false): Uint8Array {
  const size = block.length | (isPlain ? 0x80000000 : 0)
  const header = new Uint8Array(11)
  const view = new DataView(header.buffer)
  view.setUint32(0, 0x184d2204, true)
  header.set([0x60, 0x40, 0], 4)
  view.setUint32(7, size >>> 0, true)
  return Uint8Array.from([...header, ...block, 0, 0, 0, 0])
}

describe('by hand', () => {
  test('a block that is not compressed', () => expect([...unpackLz4Frame(frameOf([1, 2, 3], true))]).toEqual([1, 2, 3]))
  test('a match that runs into itself repeats', () => {
    // One literal, then a match of 4 + 5 bytes from one byte before; the last sequence is literals only.
    expect([...unpackLz4Frame(frameOf([0x15, 7, 1, 0, 0x10, 8]))]).toEqual([...Array<number>(10).fill(7), 8])
  })
  test('lengths of 15 and more go on in further bytes', () => {
    const literals = Array.from({ length: 300 }, (_, at) => at & 255)
    expect([...unpackLz4Frame(frameOf([0xf0, 255, 30, ...literals]))]).toEqual(literals)
  })
})

describe('damaged frames are refused', () => {
  test.each([
    ['another format', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
    ['a match from before the start', frameOf([0x10, 7, 9, 0, 0x10, 8])],
    ['literals that are not there', frameOf([0xf0, 255, 255, 1])],
    ['an end that is missing', frameOf([0x10, 7]).subarray(0, 12)],
    [
      'a size that it cannot have',
      Uint8Array.from([4, 0x22, 0x4d, 0x18, 0x68, 0x40, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ],
  ])('%s', (_, frame) => expect(() => unpackLz4Frame(frame)).toThrow(RangeError))
})
