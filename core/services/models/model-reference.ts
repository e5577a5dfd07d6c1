import { MaestroError } from '../../../shared/errors.ts'

export type ModelReference =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: number }
  | { readonly kind: 'alias'; readonly name: string; readonly alias: string }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'file'; readonly path: string }

/** `name`, `name/3`, `name@production`, a version's id, `run:<id>`, or a path to an .onnx file. */
export function parseModelReference(reference: string): ModelReference {
  const text = reference.trim()
  if (/\.onnx$/i.test(text)) return { kind: 'file', path: text }
  const run = /^run:([0-9a-f]{32})$/.exec(text)
  if (run) return { kind: 'run', runId: run[1] as string }
  if (/^[0-9a-f]{32}$/.test(text)) return { kind: 'id', id: text }
  const version = /^([^/@]+)\/(\d{1,9})$/.exec(text)
  if (version) return { kind: 'version', name: version[1] as string, version: Number(version[2]) }
  const alias = /^([^/@]+)@([^/@]+)$/.exec(text)
  if (alias) return { kind: 'alias', name: alias[1] as string, alias: alias[2] as string }
  if (text !== '' && !/[/@]/.test(text)) return { kind: 'name', name: text }
  throw new MaestroError(
    'INPUT_INVALID',
    `${reference} is not a reference to a model.`,
    'Write name, name/3 for a version, name@alias, or the path of an .onnx file.',
    { reference },
  )
}
