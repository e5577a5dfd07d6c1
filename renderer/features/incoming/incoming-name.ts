import type { Incoming } from '../../ui/window-state.ts'

/** The file name of what came in; pasted text is a CSV. */
export function incomingName(incoming: Incoming): string {
  if ('file' in incoming) return incoming.file.name
  return 'path' in incoming ? (incoming.path.split(/[\\/]/).at(-1) ?? incoming.path) : 'pasted.csv'
}

/** Whether it is a model; everything else is tried as a table, and the host says if it is none. */
export function isModelFile(name: string): boolean {
  return /\.onnx$/i.test(name)
}

/** A name for what is made of a file: without its ending, and without what names may not have. */
export function suggestedName(fileName: string): string {
  return fileName
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[/@]/g, '-')
    .trim()
    .slice(0, 200)
}

/** Whether it is a package for a review. */
export function isPackageFile(name: string): boolean {
  return /\.maestro$/i.test(name)
}

/** Whether it is the reply to a package: signed, as JSON. */
export function isReplyFile(name: string): boolean {
  return /\.json$/i.test(name)
}
