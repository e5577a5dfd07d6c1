/** Formats that are taken for ONNX by their name alone, by how they begin. */
const beginnings: readonly { readonly bytes: readonly number[]; readonly is: string; readonly at?: number }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], is: 'a zip archive, such as a PyTorch checkpoint; opening one can run code' },
  { bytes: [0x80, 0x02], is: 'a Python pickle; opening one runs code' },
  { bytes: [0x80, 0x03], is: 'a Python pickle; opening one runs code' },
  { bytes: [0x80, 0x04], is: 'a Python pickle; opening one runs code' },
  { bytes: [0x80, 0x05], is: 'a Python pickle; opening one runs code' },
  { bytes: [...Buffer.from('ORTM')], at: 4, is: 'ONNX Runtime’s own format, not ONNX' },
  { bytes: [...Buffer.from('version https://git-lfs')], is: 'a Git LFS pointer: the model itself was not fetched' },
  { bytes: [0x89, 0x48, 0x44, 0x46], is: 'an HDF5 file, such as a Keras model' },
  { bytes: [0x1f, 0x8b], is: 'compressed by gzip; unpack it first' },
]

/** What a file is instead of ONNX, for a person; null where it may be ONNX. */
export function disguiseOf(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return 'an empty file'
  for (const { bytes: start, is, at = 0 } of beginnings) {
    if (start.every((byte, index) => bytes[at + index] === byte)) return is
  }
  const head = Buffer.from(bytes.subarray(0, 64)).toString('latin1').trimStart()
  if (/^<(!doctype|html|\?xml)/i.test(head)) return 'a web page, perhaps an error that was saved as a file'
  if (/^[{[]\s*["{[]/.test(head)) return 'JSON'
  if (bytes.length > 16 && bytes[8] === 0x7b && bytes[9] === 0x22) return 'a safetensors file: weights without a model'
  return null
}
