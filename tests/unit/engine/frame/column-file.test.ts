import { describe, expect, test } from 'vitest'
import type { EncodedLevels } from '../../../../engine/frame/column-file.ts'
import {
  ColumnFileError,
  decodeColumnFile,
  decodeLayout,
  decodeLevels,
  encodeColumnFile,
  encodeLevels,
  headerBytes,
} from '../../../../engine/frame/column-file.ts'
import type { Column, Frame } from '../../../../engine/frame/frame.ts'
import { fc } from '../../../fixtures/properties.ts'

const spelling = fc.tuple(fc.string(), fc.string())
const anyFrame = fc
  .nat(40)
  .chain((nRows) =>
    fc
      .array(fc.oneof(anyNumbers(nRows), anyTexts(nRows)), { maxLength: 6 })
      .map((columns): Frame => ({ nRows, columns })),
  )

function anyNumbers(nRows: number): fc.Arbitrary<Column> {
  return fc
    .record({ name: fc.string(), values: fc.array(fc.double(), { minLength: nRows, maxLength: nRows }), spelling })
    .map(
      ({ name, values, spelling: texts }): Column => ({
        storage: 'float64',
        name,
        type: 'boolean',
        values: Float64Array.from(values),
        spelling: texts,
      }),
    )
}

function anyTexts(nRows: number): fc.Arbitrary<Column> {
  return fc
    .record({
      name: fc.string(),
      levels: fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 10 }),
      draws: fc.array(fc.nat(), { minLength: nRows, maxLength: nRows }),
    })
    .map(
      ({ name, levels, draws }): Column => ({
        storage: 'codes',
        name,
        type: 'category',
        codes: Int32Array.from(draws, (draw) => (draw % (levels.length + 1)) - 1),
        levels,
      }),
    )
}

function join(pieces: readonly Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole.buffer
}

const small: Frame = {
  nRows: 2,
  columns: [
    { storage: 'float64', name: 'age', type: 'number', values: Float64Array.of(1, Number.NaN) },
    { storage: 'codes', name: 'kind', type: 'category', codes: Int32Array.of(0, -1), levels: ['ä'] },
  ],
}

test('any table comes back as it was', () => {
  fc.assert(
    fc.property(anyFrame, (frame) => {
      expect(decodeColumnFile(join(encodeColumnFile(frame)))).toEqual(frame)
    }),
    { numRuns: 200 },
  )
})

test('numbers are views into the buffer, aligned to 64 bytes', () => {
  const buffer = join(encodeColumnFile(small))
  const [age, kind] = decodeColumnFile(buffer).columns
  const arrays = [age?.storage === 'float64' ? age.values : null, kind?.storage === 'codes' ? kind.codes : null]
  for (const array of arrays) {
    expect(array?.buffer).toBe(buffer)
    expect((array?.byteOffset ?? 1) % 64).toBe(0)
  }
})

test('levels that are encoded already give the same file', () => {
  const stored = small.columns.map((column) =>
    column.storage === 'codes' ? { ...column, levels: encodeLevels(column.levels) } : column,
  )
  expect(join(encodeColumnFile({ ...small, columns: stored }))).toEqual(join(encodeColumnFile(small)))
})

describe('a damaged file is refused', () => {
  const sound = new Uint8Array(join(encodeColumnFile(small)))
  test('another magic', () => {
    expect(() => decodeColumnFile(Uint8Array.from(sound, (byte, at) => (at === 0 ? 0 : byte)).buffer)).toThrow(
      ColumnFileError,
    )
  })
  test('every length that is cut off', () => {
    for (let length = 0; length < sound.length - 60; length += 7)
      expect(() => decodeColumnFile(sound.slice(0, length).buffer)).toThrow(ColumnFileError)
  })
  test('a header that is not JSON, of a later format, or that points outside', () => {
    const header = new TextDecoder().decode(sound.subarray(16, headerBytes(sound)))
    for (const changed of [
      header.replace('{', '['),
      header.replace('"formatVersion":1', '"formatVersion":2'),
      header.replace('"nRows":2', '"nRows":-'),
      header.replace('"at":0', '"at":4'),
    ]) {
      expect(changed).not.toBe(header)
      const bytes = sound.slice()
      bytes.set(new TextEncoder().encode(changed), 16)
      expect(() => decodeColumnFile(bytes.buffer)).toThrow(ColumnFileError)
    }
  })
})

test('the layout tells where a single value lies', () => {
  const sound = new Uint8Array(join(encodeColumnFile(small)))
  const layout = decodeLayout(sound.slice(0, headerBytes(sound)), sound.length)
  const [age, kind] = layout.columns
  expect(new DataView(sound.buffer).getFloat64(age?.at ?? 0, true)).toBe(1)
  const { textAt, textBytes } = kind?.levels ?? { textAt: 0, textBytes: 0 }
  expect(new TextDecoder().decode(sound.subarray(textAt, textAt + textBytes))).toBe('ä')
})

describe('levels', () => {
  test('a byte-order mark and halves of a pair at the ends of neighbours stay apart', () => {
    const levels = ['\ufeffa', 'x\ud83d', '\ude00y', '']
    expect(decodeLevels(encodeLevels(levels))).toEqual(levels.map((level) => level.toWellFormed()))
  })
  test('what is not UTF-8 is refused where that is asked for', () => {
    const broken: EncodedLevels = { text: Uint8Array.of(0xe4, 0x62), ends: Uint32Array.of(2) }
    expect(() => decodeLevels(broken, true)).toThrow(TypeError)
    expect(decodeLevels(broken)).toEqual(['\ufffdb'])
  })
})
