import { closeSync, createReadStream, createWriteStream, openSync, readSync, statSync, writeFileSync } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip, gunzipSync } from 'node:zlib'
import { MaestroError } from '../../shared/errors.ts'

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1'

/** What the first bytes of a file say of it. */
export interface FileKind {
  readonly kind: 'text' | 'gzip' | 'parquet' | 'arrow' | 'binary' | 'empty'
  readonly encoding: TextEncodingName
  readonly hasNul: boolean
}

const sampleBytes = 1 << 18

/** Looks at the first 256 KB. A UTF-8 file that is not valid UTF-8 is Latin-1, which every byte is. */
export function recogniseFile(path: string): FileKind {
  const sample = readStart(path, sampleBytes)
  return recogniseBytes(sample, statSync(path).size > sample.byteLength)
}

export function recogniseBytes(sample: Uint8Array, isCut: boolean): FileKind {
  const starts = (...bytes: number[]) => bytes.every((byte, at) => sample[at] === byte)
  if (sample.byteLength === 0) return { kind: 'empty', encoding: 'utf-8', hasNul: false }
  if (starts(0x1f, 0x8b)) return { kind: 'gzip', encoding: 'utf-8', hasNul: false }
  if (starts(0x50, 0x41, 0x52, 0x31)) return { kind: 'parquet', encoding: 'utf-8', hasNul: false }
  if (starts(0x41, 0x52, 0x52, 0x4f, 0x57, 0x31) || starts(0xff, 0xff, 0xff, 0xff))
    return { kind: 'arrow', encoding: 'utf-8', hasNul: false }
  if (starts(0xff, 0xfe)) return { kind: 'text', encoding: 'utf-16le', hasNul: false }
  if (starts(0xfe, 0xff)) return { kind: 'text', encoding: 'utf-16be', hasNul: false }
  const nuls = countNuls(sample)
  if (nuls.even + nuls.odd > 0) {
    // Latin letters in UTF-16 have a zero in every other byte.
    const half = sample.byteLength / 2
    if (nuls.odd > 0.6 * half && nuls.even < 0.1 * half) return { kind: 'text', encoding: 'utf-16le', hasNul: false }
    if (nuls.even > 0.6 * half && nuls.odd < 0.1 * half) return { kind: 'text', encoding: 'utf-16be', hasNul: false }
    if (isBinary(sample, 0.02)) return { kind: 'binary', encoding: 'utf-8', hasNul: true }
  } else if (isBinary(sample, 0.1)) return { kind: 'binary', encoding: 'utf-8', hasNul: false }
  const encoding = isUtf8(sample, isCut) ? 'utf-8' : 'latin-1'
  return { kind: 'text', encoding, hasNul: nuls.even + nuls.odd > 0 }
}

function readStart(path: string, most: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(most)
    return buffer.subarray(0, readSync(file, buffer, 0, most, 0))
  } finally {
    closeSync(file)
  }
}

function countNuls(bytes: Uint8Array): { readonly even: number; readonly odd: number } {
  let even = 0
  let odd = 0
  for (let at = 0; at < bytes.byteLength; at++) {
    if (bytes[at] !== 0) continue
    if (at % 2 === 0) even += 1
    else odd += 1
  }
  return { even, odd }
}

/** Whether more than a share of the bytes, and not just one or two, are such as no text has: control characters but for tab, line ends and form feed. */
function isBinary(bytes: Uint8Array, share: number): boolean {
  let count = 0
  for (const byte of bytes) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) count += 1
  return count > 2 && count / bytes.byteLength > share
}

function isUtf8(bytes: Uint8Array, isCut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(isCut ? withoutCutCharacter(bytes) : bytes)
    return true
  } catch {
    return false
  }
}

/** The sample may end in the middle of a character. */
function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  let end = bytes.byteLength
  while (end > 0 && ((bytes[end - 1] as number) & 0xc0) === 0x80) end -= 1
  return bytes.subarray(0, Math.max(0, end - 1))
}

const decoderNames: Readonly<Record<TextEncodingName, string>> = {
  'utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  // What files called Latin-1 really are: its superset, as browsers do.
  'latin-1': 'windows-1252',
}

/** Writes the file as UTF-8 without byte-order mark; `encoding` is that of the source. Of its first `most` bytes only. */
export async function convertToUtf8(
  source: string,
  target: string,
  encoding: TextEncodingName,
  signal?: AbortSignal,
  most?: number,
): Promise<void> {
  const decoder = new TextDecoder(decoderNames[encoding])
  const transform = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, decoder.decode(chunk, { stream: true }))
    },
    flush(done) {
      done(null, decoder.decode())
    },
  })
  const range = most === undefined ? {} : { end: most - 1 }
  await pipeline(createReadStream(source, range), transform, createWriteStream(target), signal ? { signal } : {})
}

/** Unpacks a gzip file; refuses what unpacks to far more than its size, as a bomb does. */
export async function unpackGzip(source: string, target: string, signal?: AbortSignal): Promise<void> {
  const most = Math.max(1 << 30, statSync(source).size * 200)
  let written = 0
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.byteLength
      if (written > most) done(tooLarge(most))
      else done(null, chunk)
    },
  })
  try {
    await pipeline(createReadStream(source), createGunzip(), guard, createWriteStream(target), signal ? { signal } : {})
  } catch (error) {
    if (error instanceof MaestroError || signal?.aborted) throw error
    throw damagedGzip(error)
  }
}

/** Unpacks what the first bytes of a gzip file hold. */
export function unpackGzipStart(source: string, target: string, packedBytes: number): void {
  const most = 1 << 28
  try {
    // Without the flag a file that is cut off is an error.
    const unpacked = gunzipSync(readStart(source, packedBytes), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: most,
    })
    writeFileSync(target, unpacked)
  } catch (error) {
    throw (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(most) : damagedGzip(error)
  }
}

function tooLarge(most: number): MaestroError {
  return new MaestroError(
    'DATASET_TOO_LARGE',
    `The file unpacks to more than ${most} bytes.`,
    'Unpack it yourself if you trust it, and import the result.',
  )
}

function damagedGzip(error: unknown): MaestroError {
  return new MaestroError('DATASET_PARSE', 'The gzip file is damaged or cut off.', 'Pack or download it again.', {
    cause: String(error),
  })
}
