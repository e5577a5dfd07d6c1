import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { OnnxModel, OnnxValue } from '../../../engine/onnx/reader/onnx-model.ts'
import type { QuarantineFinding } from '../../../shared/domain/quarantine.ts'

export interface TrialOutput {
  readonly name: string
  readonly type: string
  readonly shape: readonly number[]
  /** The first few elements, as texts: NaN and infinities among them. */
  readonly start: readonly string[]
}

export interface Trial {
  readonly outcome: 'ran' | 'refused' | 'failed'
  readonly findings: readonly QuarantineFinding[]
  readonly outputs: readonly TrialOutput[]
}

/** Elements of an input of a fixed shape that are worth making up. */
const mostElements = 10_000_000
const shownElements = 4

/**
 * Loads a model and runs it once on zeros, texts being "a", lengths that are not fixed being 1. Blocks its thread for as
 * long as the model runs, perhaps for ever: only for processes that are watched and killed.
 */
export async function runTrial(bytes: Uint8Array, model: OnnxModel): Promise<Trial> {
  const session = await load(bytes)
  if (typeof session === 'string') {
    return { outcome: 'refused', findings: [finding('NOT_LOADABLE', 'error', session)], outputs: [] }
  }
  try {
    const feeds = feedsOf(model)
    if (typeof feeds === 'string') {
      return { outcome: 'ran', findings: [finding('NOT_SAMPLED', 'warning', feeds)], outputs: [] }
    }
    const wanted = session.outputMetadata.filter(({ isTensor }) => isTensor).map(({ name }) => name)
    // With no tensor among the outputs nothing can be fetched; loading it has folded its constants all the same.
    const answers = wanted.length === 0 ? {} : await session.run(feeds, wanted)
    return { outcome: 'ran', findings: [], outputs: wanted.map((name) => describe(name, answers[name] as Tensor)) }
  } catch (error) {
    return { outcome: 'failed', findings: [failure(model, reason(error))], outputs: [] }
  } finally {
    await session.release()
  }
}

/** Made-up texts are categories that the model does not know, which some exports refuse; that is no fault of the file. */
function failure({ graph }: OnnxModel, why: string): QuarantineFinding {
  const takesTexts = graph?.inputs.some(({ type }) => type?.kind === 'tensor' && type.elementType === 8)
  return takesTexts
    ? finding('NOT_SAMPLED', 'warning', `It does not run on made-up texts, so it has not been seen to run: ${why}`)
    : finding('FAILED', 'error', `Running it failed: ${why}`)
}

async function load(bytes: Uint8Array): Promise<InferenceSession | string> {
  try {
    return await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 })
  } catch (error) {
    return `ONNX Runtime does not load it: ${reason(error)}`
  }
}

/** Without the places in ONNX Runtime's sources, which say nothing to a user. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const plain = text.replaceAll(/\/\S*onnxruntime\S*\.(?:cc|h):\d+\s?/g, '').replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
  return plain.length > 400 ? `${plain.slice(0, 400)}…` : plain
}

function finding(code: QuarantineFinding['code'], severity: QuarantineFinding['severity'], message: string) {
  return { code, severity, message, where: '' }
}

/** The model's inputs filled with zeros, or why they cannot be. */
function feedsOf({ graph }: OnnxModel): Record<string, Tensor> | string {
  const constants = new Set(graph?.initializers.map(({ name }) => name))
  const feeds = new Map<string, Tensor>()
  for (const input of graph?.inputs ?? []) {
    if (constants.has(input.name)) continue
    const tensor = zeros(input)
    if (typeof tensor === 'string') return tensor
    feeds.set(input.name, tensor)
  }
  return Object.fromEntries(feeds)
}

function zeros({ name, type }: OnnxValue): Tensor | string {
  if (type?.kind !== 'tensor') return 'It takes something other than tables, so it was loaded and not run.'
  const shape = (type.shape ?? []).map((length) => (typeof length === 'number' && length > 0 ? length : 1))
  const count = shape.reduce((product, length) => product * length, 1)
  if (count > mostElements) return `Its input ${name} is so large that it was loaded and not run.`
  const make = zeroTensors[type.elementType]
  return make === undefined
    ? 'It takes numbers of a kind that Maestro does not make, so it was loaded and not run.'
    : make(count, shape)
}

const zeroTensors: Readonly<Record<number, (count: number, shape: readonly number[]) => Tensor>> = {
  1: (count, shape) => new Tensor('float32', new Float32Array(count), shape),
  2: (count, shape) => new Tensor('uint8', new Uint8Array(count), shape),
  3: (count, shape) => new Tensor('int8', new Int8Array(count), shape),
  4: (count, shape) => new Tensor('uint16', new Uint16Array(count), shape),
  5: (count, shape) => new Tensor('int16', new Int16Array(count), shape),
  6: (count, shape) => new Tensor('int32', new Int32Array(count), shape),
  7: (count, shape) => new Tensor('int64', new BigInt64Array(count), shape),
  8: (count, shape) => new Tensor('string', new Array<string>(count).fill('a'), shape),
  9: (count, shape) => new Tensor('bool', new Uint8Array(count), shape),
  11: (count, shape) => new Tensor('float64', new Float64Array(count), shape),
  12: (count, shape) => new Tensor('uint32', new Uint32Array(count), shape),
  13: (count, shape) => new Tensor('uint64', new BigUint64Array(count), shape),
}

function describe(name: string, tensor: Tensor): TrialOutput {
  const start = Array.from({ length: Math.min(shownElements, tensor.size) }, (_, at) => String(tensor.data[at]))
  return { name, type: tensor.type, shape: [...tensor.dims], start }
}
