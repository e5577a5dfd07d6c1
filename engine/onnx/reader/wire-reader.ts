/** Thrown where bytes are not what the ONNX format allows; the message is for a person. */
export class OnnxReadError extends Error {
  override readonly name = 'OnnxReadError'
}

/** The wire types that ONNX uses; groups (3, 4) were withdrawn from protobuf long ago. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** Shared by all parts of one file, so that no nesting or repetition multiplies the work. */
export interface ReadBudget {
  /** Fields that may still be read. */
  fields: number
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Walks the fields of one message without copying: `next()` moves on, the getters read the field's content. Numbers are
 * doubles: beyond 2^53 they are rounded, which no check here minds. Throws OnnxReadError.
 */
export class WireReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #budget: ReadBudget
  #position = 0
  #number = 0
  #content: Uint8Array = new Uint8Array(0)
  field = 0
  type = 0

  constructor(bytes: Uint8Array, budget: ReadBudget) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#budget = budget
  }

  next(): boolean {
    if (this.#position >= this.#bytes.length) return false
    if (this.#budget.fields-- <= 0) throw new OnnxReadError('The file has more fields than any model needs.')
    const tag = this.#readVarint()
    this.field = Math.floor(tag / 8)
    this.type = tag % 8
    if (this.field === 0 || tag < 0 || tag > 0xffffffff) throw new OnnxReadError('A field has a forbidden number.')
    switch (this.type) {
      case wire.varint:
        this.#number = this.#readVarint()
        break
      case wire.bytes:
        this.#content = this.#take(this.#readVarint())
        break
      case wire.fixed32:
      case wire.fixed64:
        this.#content = this.#take(this.type === wire.fixed32 ? 4 : 8)
        break
      default:
        throw new OnnxReadError(`A field has the wire type ${this.type}, which is not used.`)
    }
    return true
  }

  /** A signed integer. */
  integer(): number {
    this.#expect(wire.varint)
    return this.#number
  }

  float(): number {
    this.#expect(wire.fixed32)
    return new DataView(this.#content.buffer, this.#content.byteOffset, 4).getFloat32(0, true)
  }

  bytes(): Uint8Array {
    this.#expect(wire.bytes)
    return this.#content
  }

  text(): string {
    try {
      return utf8.decode(this.bytes())
    } catch (error) {
      if (error instanceof OnnxReadError) throw error
      throw new OnnxReadError('A text is not in UTF-8.')
    }
  }

  /** A nested message. */
  message(): WireReader {
    return new WireReader(this.bytes(), this.#budget)
  }

  /** One integer, or many packed into one field. */
  integers(into: number[]): void {
    if (this.type === wire.varint) {
      into.push(this.#number)
      return
    }
    const packed = new WireReader(this.bytes(), this.#budget)
    while (packed.#position < packed.#bytes.length) into.push(packed.#readVarint())
  }

  /** One float32, or many packed. */
  floats(into: number[]): void {
    this.#fixed(wire.fixed32, 4, into, (view, at) => view.getFloat32(at, true))
  }

  /** One float64, or many packed. */
  doubles(into: number[]): void {
    this.#fixed(wire.fixed64, 8, into, (view, at) => view.getFloat64(at, true))
  }

  #fixed(single: number, size: number, into: number[], read: (view: DataView, at: number) => number): void {
    if (this.type !== single) this.#expect(wire.bytes)
    const { buffer, byteOffset, length } = this.#content
    if (length % size !== 0) throw new OnnxReadError('A list of numbers is cut off.')
    const view = new DataView(buffer, byteOffset, length)
    for (let at = 0; at < length; at += size) into.push(read(view, at))
  }

  #expect(type: number): void {
    if (this.type !== type) throw new OnnxReadError(`Field ${this.field} is of another kind than ONNX says.`)
  }

  #take(length: number): Uint8Array {
    if (length < 0 || length > this.#bytes.length - this.#position) {
      throw new OnnxReadError('A field is longer than what is left of the file.')
    }
    this.#position += length
    return this.#bytes.subarray(this.#position - length, this.#position)
  }

  /** Two's complement of 64 bits, as protobuf writes int32, int64 and enums. */
  #readVarint(): number {
    let low = 0
    let high = 0
    for (let index = 0; index < 10; index++) {
      if (this.#position >= this.#bytes.length) throw new OnnxReadError('The file ends inside a number.')
      const byte = this.#view.getUint8(this.#position++)
      const bits = byte & 127
      if (index < 4) low += bits * 2 ** (7 * index)
      else if (index === 4) {
        low += (bits & 15) * 2 ** 28
        high += bits >>> 4
      } else high += bits * 2 ** (7 * index - 32)
      if (byte < 128) return signed64(low, high % 2 ** 32)
    }
    throw new OnnxReadError('A number has more than ten bytes.')
  }
}

function signed64(low: number, high: number): number {
  return high < 2 ** 31 ? high * 2 ** 32 + low : (high - 2 ** 32) * 2 ** 32 + low
}
