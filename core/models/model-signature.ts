import { readFile, stat } from 'node:fs/promises'
import * as z from 'zod'
import type { OnnxMetadata } from '../../engine/onnx/metadata.ts'
import { metadataKeys, readOnnxMetadata } from '../../engine/onnx/metadata.ts'
import { ProtobufError } from '../../engine/onnx/protobuf-reader.ts'
import type { Signature } from '../../shared/domain/models.ts'
import { signature } from '../../shared/domain/models.ts'
import { columnType, task } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'

/** A signature, and how a boolean column spells its values, which a signature does not tell. */
export interface ModelSignature extends Signature {
  readonly spellings: ReadonlyMap<string, readonly [whenFalse: string, whenTrue: string]>
}

/** Signatures kept, so that a form or a service does not read the file again for each row. */
const keptSignatures = 100

const schema = z.object({
  task,
  target: z.string(),
  classes: z.array(z.string()),
  inputs: z.array(
    z.object({ name: z.string(), type: columnType, spelling: z.tuple([z.string(), z.string()]).optional() }),
  ),
  outputs: z.array(z.object({ name: z.string(), type: z.string(), shape: z.array(z.union([z.number(), z.string()])) })),
})

/**
 * Reads signatures of Maestro's own ONNX files from their metadata, so that any of them can be used as a model, wherever it
 * lies. Files of other tools have the one that was `stored` when they were registered; null where they were not. Throws
 * FILE_NOT_FOUND; MODEL_INVALID for a file that is not ONNX, or was not written by Maestro and is not registered.
 */
export function createSignatureReader(): (path: string, stored?: Signature | null) => Promise<ModelSignature> {
  const known = new Map<string, ModelSignature>()
  return async (path, stored = null) => {
    const state = await stat(path).catch(() => {
      throw new MaestroError('FILE_NOT_FOUND', `The model file ${path} does not exist or cannot be read.`)
    })
    // Two versions of one foreign file may name its columns differently.
    const key = `${path}\n${state.mtimeMs}\n${state.size}\n${stored === null ? '' : JSON.stringify(stored)}`
    const found = known.get(key) ?? signatureOfMetadata(readMetadata(await readFile(path), path), path, stored)
    known.delete(key)
    known.set(key, found)
    const [oldest] = known.keys()
    if (known.size > keptSignatures && oldest !== undefined) known.delete(oldest)
    return found
  }
}

function readMetadata(bytes: Uint8Array, path: string): OnnxMetadata {
  try {
    return readOnnxMetadata(bytes)
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
    throw new MaestroError('MODEL_INVALID', `The file ${path} is not an ONNX model: ${error.message}`)
  }
}

/** The full signature where the file has it, else what the schema says: names and types without ranges and levels. */
function signatureOfMetadata({ properties }: OnnxMetadata, path: string, registered: Signature | null): ModelSignature {
  const described = parseProperty(properties[metadataKeys.schema], schema)
  if (described === null && registered !== null) return { ...registered, spellings: new Map() }
  if (described === null) {
    throw new MaestroError(
      'MODEL_INVALID',
      `The file ${path} was not written by Maestro: it does not say which columns it takes.`,
      'Register it first: maestro models register FILE --name NAME looks at it and learns what it takes.',
    )
  }
  const stored = parseProperty(properties[metadataKeys.signature], signature)
  const spellings = new Map(
    described.inputs.flatMap(({ name, spelling }) => (spelling ? [[name, spelling] as const] : [])),
  )
  if (stored !== null) return { ...stored, spellings }
  const { task: ofTask, target, classes, outputs } = described
  return {
    task: ofTask,
    target,
    classes,
    inputs: described.inputs.map(({ name, type, spelling }) => ({
      name,
      type,
      min: null,
      max: null,
      levels: spelling ? [...spelling] : null,
      missingSeen: true,
      example: null,
    })),
    outputs: outputs.map(({ name, type }) => ({ name, type })),
    spellings,
  }
}

function parseProperty<Shape>(text: string | undefined, shape: z.ZodType<Shape>): Shape | null {
  if (text === undefined) return null
  try {
    return shape.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
