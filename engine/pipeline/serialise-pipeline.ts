import type { Pipeline } from './pipeline.ts'

/** Raised when the format changes; older texts are refused with both numbers. */
const formatVersion = 1

const arrayTypes = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array } as const
type ArrayTypeName = keyof typeof arrayTypes

/** A pipeline as JSON, typed arrays as base64 of their little-endian bytes: the same bits come back. Keys keep their order. */
export function serialisePipeline(pipeline: Pipeline): string {
  return JSON.stringify({ format: 'maestro-pipeline', formatVersion, pipeline }, (_key, value: unknown) =>
    encode(value),
  )
}

/** The inverse of `serialisePipeline`. Throws on anything else. */
export function parsePipeline(text: string): Pipeline {
  const parsed = JSON.parse(text, (_key, value: unknown) => decode(value)) as {
    format?: unknown
    formatVersion?: unknown
    pipeline?: Pipeline
  }
  if (parsed.format !== 'maestro-pipeline' || !parsed.pipeline) throw new Error('This is not a pipeline of Maestro.')
  if (parsed.formatVersion !== formatVersion) {
    throw new Error(
      `The pipeline has format ${String(parsed.formatVersion)}; this Maestro reads format ${formatVersion}.`,
    )
  }
  return parsed.pipeline
}

function encode(value: unknown): unknown {
  // Infinite offsets or thresholds would become null, and JSON has no negative zero.
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) }
  if (Object.is(value, -0)) return { number: '-0' }
  if (!ArrayBuffer.isView(value)) return value
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return { array: value.constructor.name, base64: toBase64(bytes) }
}

function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('number' in value && typeof value.number === 'string' && Object.keys(value).length === 1)
    return Number(value.number)
  if (!('base64' in value) || !('array' in value) || typeof value.base64 !== 'string') return value
  const arrayType = arrayTypes[value.array as ArrayTypeName] as (typeof arrayTypes)[ArrayTypeName] | undefined
  if (!arrayType) throw new Error(`The pipeline has an array of an unknown kind, ${String(value.array)}.`)
  return new arrayType(fromBase64(value.base64).buffer)
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const letters = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0))
const padding = '='.charCodeAt(0)

// The engine has neither Buffer nor btoa: it runs anywhere. Models have millions of bytes, so no text is joined by letter.
function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3))
  for (let i = 0, to = 0; i < bytes.length; i += 3, to += 4) {
    const three = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    codes[to] = letters[three >>> 18] as number
    codes[to + 1] = letters[(three >>> 12) & 63] as number
    codes[to + 2] = i + 1 < bytes.length ? (letters[(three >>> 6) & 63] as number) : padding
    codes[to + 3] = i + 2 < bytes.length ? (letters[three & 63] as number) : padding
  }
  return new TextDecoder().decode(codes)
}

const characterValue = new Uint8Array(128)
for (let i = 0; i < alphabet.length; i++) characterValue[alphabet.charCodeAt(i)] = i

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  for (let i = 0, at = 0; i < text.length; i += 4) {
    const four =
      ((characterValue[text.charCodeAt(i)] as number) << 18) |
      ((characterValue[text.charCodeAt(i + 1)] as number) << 12) |
      ((characterValue[text.charCodeAt(i + 2)] as number) << 6) |
      (characterValue[text.charCodeAt(i + 3)] as number)
    bytes[at++] = four >>> 16
    if (at < bytes.length) bytes[at++] = (four >>> 8) & 255
    if (at < bytes.length) bytes[at++] = four & 255
  }
  return bytes
}
