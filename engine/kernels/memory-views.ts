/** Every way in which the kernels look at their memory. */
export interface MemoryViews {
  readonly bytes: Uint8Array
  readonly uint16: Uint16Array
  readonly int32: Int32Array
  readonly uint32: Uint32Array
  readonly float32: Float32Array
  readonly float64: Float64Array
}

export function viewMemory(buffer: SharedArrayBuffer): MemoryViews {
  return {
    bytes: new Uint8Array(buffer),
    uint16: new Uint16Array(buffer),
    int32: new Int32Array(buffer),
    uint32: new Uint32Array(buffer),
    float32: new Float32Array(buffer),
    float64: new Float64Array(buffer),
  }
}
