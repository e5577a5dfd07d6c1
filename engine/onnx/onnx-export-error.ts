/** Thrown when a pipeline cannot be written as ONNX; the message says which part of it and why. */
export class OnnxExportError extends Error {
  override readonly name = 'OnnxExportError'
}
