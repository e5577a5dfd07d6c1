/** Thrown when bytes are not a protobuf message. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError'
}

export interface ProtobufField {
  readonly field: number
  /** The bytes of a text, a nested message or a packed array; null for plain numbers, which nobody here reads. */
  readonly content: Uint8Array | null
}

const fixedLengths: Readonly<Record<number, number>> = { 1: 8, 5: 4 }

/**
 * The fields of one message, in file order, as views into its bytes; nested messages are not entered. Work and memory are
 * bounded by the number of fields, of which it takes `maxFields`. Throws ProtobufError.
 */
export function readFields(bytes: Uint8Array, maxFields = 100_000): ProtobufField[] {
  const fields: ProtobufField[] = []
  let position = 0

  function readVarint(): number {
    let value = 0
    for (let shift = 0; shift < 10; shift++) {
      const byte = bytes[position++]
      if (byte === undefined) throw new ProtobufError('The message ends inside a number.')
      value += (byte & 127) * 2 ** (7 * shift)
      if (byte < 128) return value
    }
    throw new ProtobufError('A number has more than ten bytes.')
  }

  function take(length: number): Uint8Array {
    if (length > bytes.length - position) throw new ProtobufError('A field is longer than its message.')
    position += length
    return bytes.subarray(position - length, position)
  }

  while (position < bytes.length) {
    if (fields.length === maxFields) throw new ProtobufError(`The message has more than ${maxFields} fields.`)
    const tag = readVarint()
    const [field, type] = [Math.floor(tag / 8), tag % 8]
    if (field === 0) throw new ProtobufError('A field has the number 0.')
    if (type === 2) {
      fields.push({ field, content: take(readVarint()) })
    } else {
      const length = fixedLengths[type]
      if (length !== undefined) take(length)
      else if (type === 0) readVarint()
      else throw new ProtobufError(`A field has the unknown wire type ${type}.`)
      fields.push({ field, content: null })
    }
  }
  return fields
}
