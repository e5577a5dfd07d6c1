import type { Message } from '../protobuf-writer.ts'
import { bytesField, encodeMessage, message, messageField, textField } from '../protobuf-writer.ts'

/** Where one field of a message lies: from its tag to its end, and where its content begins. */
interface FieldPlace {
  readonly field: number
  readonly isBytes: boolean
  readonly start: number
  readonly content: number
  readonly end: number
}

/**
 * The file with some of its messages exchanged, however deep they lie; lengths around them are written anew, all else is
 * copied. The keys are views into `bytes`, which has been read without an error.
 */
export function replaceMessages(bytes: Uint8Array, replacements: ReadonlyMap<Uint8Array, Uint8Array>): Uint8Array {
  const changes = [...replacements]
    .map(([old, replacement]) => ({ start: old.byteOffset, end: old.byteOffset + old.length, replacement }))
    .sort((a, b) => a.start - b.start)
  return encodeMessage(rewritten(bytes, changes))
}

interface Change {
  readonly start: number
  readonly end: number
  readonly replacement: Uint8Array
}

function rewritten(bytes: Uint8Array, changes: readonly Change[]): Message {
  const pieces: (Message | Uint8Array)[] = []
  for (const { field, isBytes, start, content, end } of fieldPlaces(bytes)) {
    const [from, to] = [bytes.byteOffset + content, bytes.byteOffset + end]
    const inside = isBytes ? changes.filter((change) => change.start >= from && change.end <= to) : []
    const [only] = inside
    if (only === undefined) pieces.push(bytes.subarray(start, end))
    else if (only.start === from && only.end === to) pieces.push(bytesField(field, only.replacement))
    else pieces.push(bytesField(field, encodeMessage(rewritten(bytes.subarray(content, end), inside))))
  }
  return message(...pieces)
}

/** TensorProto: external_data, data_location, raw_data. */
const tensorFields = { external: 13, location: 14, raw: 9 } as const

/** A tensor with its elements in itself instead of in another file. */
export function withRawData(tensor: Uint8Array, raw: Uint8Array): Uint8Array {
  const dropped: readonly number[] = [tensorFields.external, tensorFields.location, tensorFields.raw]
  const kept = fieldPlaces(tensor).filter(({ field }) => !dropped.includes(field))
  return encodeMessage(
    message(...kept.map(({ start, end }) => tensor.subarray(start, end)), bytesField(tensorFields.raw, raw)),
  )
}

/** ModelProto.graph, GraphProto.output, ValueInfoProto.name */
const outputFields = { graph: 7, output: 12, name: 1 } as const

/** The file with more values of its graph among the outputs; the runtime finds their types. */
export function withGraphOutputs(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const added = names.map((name) => messageField(outputFields.output, message(textField(outputFields.name, name))))
  const pieces = fieldPlaces(bytes).map(({ field, start, content, end }) =>
    field === outputFields.graph
      ? messageField(field, message(bytes.subarray(content, end), ...added))
      : bytes.subarray(start, end),
  )
  return encodeMessage(message(...pieces))
}

function fieldPlaces(bytes: Uint8Array): FieldPlace[] {
  const places: FieldPlace[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; ; shift++) {
      const byte = bytes[at++] as number
      value += (byte & 127) * 2 ** (7 * shift)
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const start = at
    const tag = varint()
    const type = tag % 8
    if (type === 0) varint()
    const length = type === 2 ? varint() : type === 1 ? 8 : type === 5 ? 4 : 0
    const content = at
    at += length
    places.push({ field: Math.floor(tag / 8), isBytes: type === 2, start, content, end: at })
  }
  return places
}
