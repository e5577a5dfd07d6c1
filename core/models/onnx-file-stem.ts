/** The name of a model's file before its ending: without what Windows does not take in names. */
export function onnxFileStem(modelName: string): string {
  return modelName.replaceAll(/[<>:"\\|?*]/g, '-')
}
