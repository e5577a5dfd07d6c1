import { readFile, stat } from 'node:fs/promises'
import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import type { Column, Frame } from '../../engine/frame/frame.ts'
import { metadataKeys, readOnnxMetadata } from '../../engine/onnx/metadata.ts'
import { ProtobufError } from '../../engine/onnx/protobuf-reader.ts'
import type { ForeignInterface } from '../../engine/onnx/reader/foreign-interface.ts'
import { ForeignInterfaceError, foreignInterface } from '../../engine/onnx/reader/foreign-interface.ts'
import { readOnnx } from '../../engine/onnx/reader/read-onnx.ts'
import { withGraphOutputs } from '../../engine/onnx/reader/rewrite-messages.ts'
import { OnnxReadError } from '../../engine/onnx/reader/wire-reader.ts'
import { MaestroError } from '../../shared/errors.ts'
import { predictForeign } from './foreign-predictions.ts'
import { frameBatch } from './frame-batches.ts'
import type { OnnxPredictions } from './onnx-predictions.ts'
import { refusal } from './row-refusal.ts'

export interface OnnxSessions {
  /**
   * Runs the file on all rows of the frame. For Maestro's own models columns are found by name, and those that the model
   * lacks are ignored; those of other tools take the same, or just their columns in the signature's order.
   */
  predict(path: string, frame: Frame): Promise<OnnxPredictions>
  release(): Promise<void>
}

/** The version of ONNX Runtime that predicts. */
export const runtimeVersion: string = env.versions.node ?? env.versions.common

/** More open models than this are rarely switched between, and each holds its weights in memory. */
const openSessions = 8

/**
 * ONNX Runtime with the last few models kept open. A run blocks its thread and cannot be interrupted, so only processes
 * that may be killed use this; everybody else asks `Inference`. Never in a worker thread: ending one aborts the process.
 */
export function createOnnxSessions(): OnnxSessions {
  const sessions = new Map<string, OpenModel>()

  /** Least recently used first, since a used one is put in again at the end. */
  async function open(path: string): Promise<OpenModel> {
    const key = await fileState(path)
    const known = sessions.get(key)
    sessions.delete(key)
    const session = known ?? (await load(path))
    sessions.set(key, session)
    const [oldest] = sessions.keys()
    if (sessions.size > openSessions && oldest !== undefined) {
      await sessions.get(oldest)?.session.release()
      sessions.delete(oldest)
    }
    return session
  }

  return {
    async predict(path, frame) {
      const { session, foreign } = await open(path)
      try {
        if (foreign !== null) return await predictForeign(session, foreign, frame)
        const feeds = feedsOf(session, frame)
        return predictionsOf(session, await session.run(feeds), frame.nRows)
      } catch (error) {
        if (error instanceof MaestroError) throw error
        const row = foreign === null ? null : await firstRefused(session, foreign, frame)
        if (row !== null) throw refusal(row, messageOf(error))
        throw new MaestroError('MODEL_FAILED', `The model stopped while it predicted: ${messageOf(error)}`)
      }
    },
    async release() {
      const all = [...sessions.values()]
      sessions.clear()
      for (const { session } of all) await session.release()
    },
  }
}

/** One row can make a whole batch fail, and a runtime does not say which. Null where no row alone is refused. */
async function firstRefused(session: InferenceSession, plan: ForeignInterface, frame: Frame): Promise<number | null> {
  const takes = (from: number, to: number) =>
    predictForeign(session, plan, frameBatch(frame, from, to)).then(
      () => true,
      () => false,
    )
  let [from, to] = [0, frame.nRows]
  while (to - from > 1) {
    const middle = from + Math.floor((to - from) / 2)
    if (await takes(from, middle)) from = middle
    else to = middle
  }
  return to > from && !(await takes(from, to)) ? from : null
}

/** A file that was written again is another model. */
async function fileState(path: string): Promise<string> {
  const found = await stat(path).catch((error: unknown) => {
    throw new MaestroError('FILE_NOT_FOUND', `The model file ${path} cannot be read: ${messageOf(error)}`)
  })
  return `${path}\n${found.mtimeMs}\n${found.size}`
}

interface OpenModel {
  readonly session: InferenceSession
  /** How a model of another tool is used; null for our own. */
  readonly foreign: ForeignInterface | null
}

const sessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const

/** Whether a file says by itself which columns it takes, as those that Maestro writes do. */
function isOwn(bytes: Uint8Array): boolean {
  try {
    return readOnnxMetadata(bytes).properties[metadataKeys.schema] !== undefined
  } catch (error) {
    if (error instanceof ProtobufError) return false
    throw error
  }
}

/** One thread: sums over trees do not depend on the machine then, and rows are scored no slower one at a time. */
async function load(path: string): Promise<OpenModel> {
  try {
    const bytes = await readFile(path)
    if (isOwn(bytes)) return { session: await InferenceSession.create(path, sessionOptions), foreign: null }
    const foreign = foreignInterface(readOnnx(bytes))
    const session = await InferenceSession.create(withGraphOutputs(bytes, foreign.added), sessionOptions)
    return { session, foreign }
  } catch (error) {
    if (error instanceof ForeignInterfaceError) {
      throw new MaestroError('MODEL_INVALID', `The model is not for tables: ${error.message}`)
    }
    if (error instanceof OnnxReadError) {
      throw new MaestroError('MODEL_INVALID', `The file is no ONNX model: ${error.message}`)
    }
    throw new MaestroError(
      'MODEL_INVALID',
      `ONNX Runtime cannot load the file: ${messageOf(error)}`,
      'Check that it is a complete ONNX model that needs no other files.',
    )
  }
}

function feedsOf(session: InferenceSession, frame: Frame): Record<string, Tensor> {
  const columns = new Map(frame.columns.map((column) => [column.name, column]))
  const missing = session.inputNames.filter((name) => !columns.has(name))
  if (missing.length > 0) {
    throw new MaestroError(
      'SIGNATURE_MISMATCH',
      `The rows lack ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')}.`,
      'Give every column that the model takes; cells may be empty.',
      { missing },
    )
  }
  return Object.fromEntries(
    session.inputMetadata.map((input) => {
      if (!input.isTensor) throw new MaestroError('MODEL_INVALID', `The input ${input.name} is not a tensor.`)
      const shape = input.shape.length === 1 ? [frame.nRows] : [frame.nRows, 1]
      return [input.name, tensorOf(columns.get(input.name) as Column, input.type, shape)] as const
    }),
  )
}

function tensorOf(column: Column, type: Tensor.Type, shape: readonly number[]): Tensor {
  if (column.storage === 'codes') {
    if (type !== 'string') throw wrongKind(column.name, 'numbers', 'texts')
    const texts = Array.from(column.codes, (code) => (code < 0 ? '' : (column.levels[code] as string)))
    return new Tensor('string', texts, shape)
  }
  if (type === 'string') throw wrongKind(column.name, 'texts', 'numbers')
  const tensor = numberTensors[type]
  if (tensor === undefined) {
    throw new MaestroError('MODEL_INVALID', `The input ${column.name} has the type ${type}, which no table column has.`)
  }
  return tensor(column.values, shape)
}

/** A column of numbers as the type that a model wants. Ours want float64; the others are those of other tools. */
const numberTensors: Readonly<
  Partial<Record<Tensor.Type, (values: Float64Array, shape: readonly number[]) => Tensor>>
> = {
  float64: (values, shape) => new Tensor('float64', ordinaryMemory(values), shape),
  float32: (values, shape) => new Tensor('float32', Float32Array.from(values), shape),
  int64: (values, shape) => new Tensor('int64', BigInt64Array.from(Array.from(values, wholeNumber)), shape),
  bool: (values, shape) => new Tensor('bool', Uint8Array.from(values), shape),
}

function wrongKind(name: string, expected: string, actual: string): MaestroError {
  return new MaestroError(
    'SIGNATURE_MISMATCH',
    `The model takes ${expected} in the column ${name}, but the rows have ${actual}.`,
    'Correct the type of the column.',
    { column: name },
  )
}

/** A whole-number input cannot say "missing". */
function wholeNumber(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n
}

/** Tensors want arrays of their own process alone; frames lie in shared memory. */
function ordinaryMemory(values: Float64Array): Float64Array<ArrayBuffer> {
  return values.buffer instanceof ArrayBuffer ? (values as Float64Array<ArrayBuffer>) : Float64Array.from(values)
}

function predictionsOf(
  session: InferenceSession,
  outputs: InferenceSession.OnnxValueMapType,
  nRows: number,
): OnnxPredictions {
  const tensors = session.outputNames.map((name) => outputs[name] as Tensor)
  const numbers = tensors.find(({ type }) => type === 'float64' || type === 'float32')
  const labelTensor = tensors.find(({ type }) => type === 'string' || type === 'int64')
  if (numbers === undefined || numbers.size % nRows !== 0) {
    throw new MaestroError('MODEL_INVALID', 'The model answers with neither probabilities nor numbers for each row.')
  }
  const values = Float64Array.from(numbers.data as Float64Array | Float32Array)
  if (labelTensor === undefined) return { nRows, nClasses: 0, values, labelCodes: null, labels: [] }
  const { codes, levels } = encodeLabels(labelTensor)
  return { nRows, nClasses: values.length / nRows, values, labelCodes: codes, labels: levels }
}

function encodeLabels(tensor: Tensor): { readonly codes: Int32Array; readonly levels: string[] } {
  const codeOf = new Map<string, number>()
  const codes = Int32Array.from({ length: tensor.size }, (_, row) => {
    const label = String(tensor.data[row])
    const code = codeOf.get(label) ?? codeOf.size
    codeOf.set(label, code)
    return code
  })
  return { codes, levels: [...codeOf.keys()] }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
