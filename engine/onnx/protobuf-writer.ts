/**
 * Writes the protobuf wire format (https://protobuf.dev/programming-guides/encoding). A message is a tree of pieces whose
 * lengths are known, so nested messages are copied once, at the end, however deep they lie.
 */
export interface Message {
  readonly length: number
  readonly pieces: readonly Piece[]
}

type Piece = Uint8Array | Message

const wireType = { varint: 0, lengthDelimited: 2, fixed32: 5 } as const
const textEncoder = new TextEncoder()

/** Fields in the order in which they will lie in the file. */
export function message(...pieces: readonly Piece[]): Message {
  return { length: pieces.reduce((total, piece) => total + piece.length, 0), pieces }
}

/** An int32, int64 or enum field. */
export function integerField(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(tag(field, wireType.varint)), ...varint(value)])
}

export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return Uint8Array.from([...varint(tag(field, wireType.fixed32)), ...bytes])
}

export function bytesField(field: number, content: Uint8Array): Message {
  return message(lengthDelimitedHead(field, content.length), content)
}

export function textField(field: number, text: string): Message {
  return bytesField(field, textEncoder.encode(text))
}

export function messageField(field: number, content: Message): Message {
  return message(lengthDelimitedHead(field, content.length), content)
}

/** A repeated integer field in its packed form: one length, then the values. */
export function packedIntegersField(field: number, values: ArrayLike<number>): Message {
  let length = 0
  for (let i = 0; i < values.length; i++) length += varintLength(values[i] as number)
  const content = new Uint8Array(length)
  let position = 0
  for (let i = 0; i < values.length; i++) position = writeVarint(content, position, values[i] as number)
  return bytesField(field, content)
}

/** The message's bytes. */
export function encodeMessage(root: Message): Uint8Array {
  const bytes = new Uint8Array(root.length)
  copyPieces(root, bytes, 0)
  return bytes
}

function copyPieces(from: Message, to: Uint8Array, start: number): number {
  let position = start
  for (const piece of from.pieces) {
    if (piece instanceof Uint8Array) {
      to.set(piece, position)
      position += piece.length
    } else {
      position = copyPieces(piece, to, position)
    }
  }
  return position
}

function tag(field: number, type: number): number {
  return field * 8 + type
}

function lengthDelimitedHead(field: number, length: number): Uint8Array {
  return Uint8Array.from([...varint(tag(field, wireType.lengthDelimited)), ...varint(length)])
}

function varint(value: number): Uint8Array {
  const bytes = new Uint8Array(varintLength(value))
  writeVarint(bytes, 0, value)
  return bytes
}

/** Negative integers take ten bytes: they are written as 64-bit two's complement. */
function varintLength(value: number): number {
  if (value < 0) return 10
  let length = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++
  return length
}

function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let position = start
  if (value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest > 127n; rest >>= 7n) bytes[position++] = Number(rest & 127n) | 128
    bytes[position++] = Number(rest)
    return position
  }
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[position++] = (rest % 128) | 128
  bytes[position++] = rest
  return position
}
