import type { InferenceSession } from 'onnxruntime-node'
import { Tensor } from 'onnxruntime-node'
import type { Column, Frame } from '../../engine/frame/frame.ts'
import type { ForeignInput, ForeignInterface } from '../../engine/onnx/reader/foreign-interface.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { OnnxPredictions } from './onnx-predictions.ts'

/**
 * Runs a model of another tool on a table whose columns have its names, or are in the order of its inputs. Files that fix the number
 * of rows get them in parts of that size, the last part filled up.
 */
export async function predictForeign(
  session: InferenceSession,
  plan: ForeignInterface,
  frame: Frame,
): Promise<OnnxPredictions> {
  const columns = orderedColumns(plan, frame)
  const wanted = [...plan.values, ...(plan.label === null ? [] : [plan.label])]
  const size = plan.inputs.reduce<number | null>((fixed, { rows }) => fixed ?? rows, null)
  const parts: Answer[] = []
  for (let start = 0; start < frame.nRows; start += size ?? frame.nRows) {
    const rows = size ?? frame.nRows
    const kept = Math.min(rows, frame.nRows - start)
    const outputs = await session.run(feedsOf(plan.inputs, { nRows: frame.nRows, columns }, start, rows), wanted)
    parts.push(answerOf(plan, outputs, rows, kept))
  }
  return joined(plan, parts, frame.nRows)
}

/** By the file's own names where the table has them all, else in the table's order: a registered model's names may be new. */
function orderedColumns(plan: ForeignInterface, frame: Frame): readonly Column[] {
  const names = plan.inputs.flatMap((input) => input.columns.map(({ name }) => name))
  const byName = new Map(frame.columns.map((column) => [column.name, column]))
  const named = names.flatMap((name) => byName.get(name) ?? [])
  if (named.length === names.length) return named
  if (frame.columns.length === names.length) return frame.columns
  const missing = names.filter((name) => !byName.has(name))
  throw new MaestroError(
    'SIGNATURE_MISMATCH',
    `The rows lack ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')}.`,
    'Give every column that the model takes; cells may be empty.',
    { missing },
  )
}

interface Answer {
  /** Row by row. */
  readonly values: number[]
  readonly labels: string[] | null
}

function feedsOf(inputs: readonly ForeignInput[], frame: Frame, start: number, rows: number): Record<string, Tensor> {
  let first = 0
  const feeds = new Map<string, Tensor>()
  for (const input of inputs) {
    const columns = frame.columns.slice(first, first + input.columns.length)
    first += input.columns.length
    feeds.set(input.name, tensorOf(input, columns, start, rows, frame.nRows))
  }
  return Object.fromEntries(feeds)
}

function tensorOf(input: ForeignInput, columns: readonly Column[], start: number, rows: number, nRows: number): Tensor {
  const { name, elementType, rank } = input
  const width = columns.length
  const shape = rank === 1 ? [rows] : [rows, width]
  // What fills up the last part of a fixed size is the last row again.
  const cells = (at: number) => {
    const row = Math.min(nRows - 1, start + Math.floor(at / width))
    return [columns[at % width] as Column, row] as const
  }
  const count = rows * width
  if (elementType === 8) {
    const spelled = input.columns.map(({ spellings }) => new Map(spellings))
    const texts = Array.from({ length: count }, (_, at) => {
      const text = textOf(...cells(at), name)
      return spelled[at % width]?.get(text) ?? text
    })
    return new Tensor('string', texts, shape)
  }
  const numbers = Float64Array.from({ length: count }, (_, at) => numberOf(...cells(at), name))
  const make = numberTensors[elementType]
  if (make === undefined) throw new MaestroError('MODEL_INVALID', `The input ${name} takes numbers of an unknown kind.`)
  return make(numbers, shape)
}

function textOf(column: Column, row: number, input: string): string {
  if (column.storage !== 'codes') throw wrongKind(column.name, input, 'texts')
  return column.levels[column.codes[row] as number] ?? ''
}

function numberOf(column: Column, row: number, input: string): number {
  if (column.storage === 'codes') throw wrongKind(column.name, input, 'numbers')
  return column.values[row] as number
}

function wrongKind(column: string, input: string, expected: string): MaestroError {
  return new MaestroError(
    'SIGNATURE_MISMATCH',
    `The model takes ${expected} in ${input}, but the column ${column} does not hold them.`,
    'Correct the type of the column.',
    { column },
  )
}

/** A whole-number input cannot say "missing". */
const whole = (value: number): number => (Number.isFinite(value) ? Math.trunc(value) : 0)
const large = (value: number): bigint => BigInt(whole(value))

const numberTensors: Readonly<Record<number, (values: Float64Array<ArrayBuffer>, shape: readonly number[]) => Tensor>> =
  {
    1: (values, shape) => new Tensor('float32', Float32Array.from(values), shape),
    2: (values, shape) => new Tensor('uint8', Uint8Array.from(values, whole), shape),
    3: (values, shape) => new Tensor('int8', Int8Array.from(values, whole), shape),
    4: (values, shape) => new Tensor('uint16', Uint16Array.from(values, whole), shape),
    5: (values, shape) => new Tensor('int16', Int16Array.from(values, whole), shape),
    6: (values, shape) => new Tensor('int32', Int32Array.from(values, whole), shape),
    7: (values, shape) => new Tensor('int64', BigInt64Array.from(Array.from(values, large)), shape),
    9: (values, shape) => new Tensor('bool', Uint8Array.from(values, whole), shape),
    11: (values, shape) => new Tensor('float64', values, shape),
    12: (values, shape) => new Tensor('uint32', Uint32Array.from(values, whole), shape),
    13: (values, shape) => new Tensor('uint64', BigUint64Array.from(Array.from(values, large)), shape),
  }

function answerOf(
  plan: ForeignInterface,
  outputs: InferenceSession.OnnxValueMapType,
  rows: number,
  kept: number,
): Answer {
  const blocks = plan.values.map((name) => {
    const tensor = outputs[name] as Tensor
    if (tensor.size % rows !== 0) {
      throw new MaestroError('MODEL_INVALID', `The output ${name} has no value for each row.`)
    }
    return { data: tensor.data as Float32Array | Float64Array, width: tensor.size / rows }
  })
  const values: number[] = []
  for (let row = 0; row < kept; row++) {
    for (const { data, width } of blocks) {
      for (let at = row * width; at < (row + 1) * width; at++) values.push(data[at] as number)
    }
  }
  if (plan.label === null) return { values, labels: null }
  const labels = (outputs[plan.label] as Tensor).data
  return { values, labels: Array.from({ length: kept }, (_, row) => String(labels[row])) }
}

function joined(plan: ForeignInterface, parts: readonly Answer[], nRows: number): OnnxPredictions {
  const values = Float64Array.from(parts.flatMap((part) => part.values))
  const width = nRows === 0 ? 0 : values.length / nRows
  if (plan.task === 'regression') return { nRows, nClasses: 0, values, labelCodes: null, labels: [] }
  const given = parts.flatMap((part) => part.labels ?? [])
  const ofRows = plan.label === null ? likeliest(plan.classes, values, width) : given
  const labels = [...new Set(ofRows)]
  const codeOf = new Map(labels.map((label, code) => [label, code]))
  const labelCodes = Int32Array.from(ofRows, (label) => codeOf.get(label) as number)
  // A label with one score beside it has no probabilities by class.
  const nClasses = plan.classes.length === width ? width : 0
  return nClasses === 0
    ? { nRows, nClasses, values: new Float64Array(0), labelCodes, labels, scores: values }
    : { nRows, nClasses, values, labelCodes, labels }
}

/** The class of the greatest value of each row; the first of equal ones. */
function likeliest(classes: readonly string[], values: Float64Array, width: number): string[] {
  return Array.from({ length: values.length / Math.max(1, width) }, (_, row) => {
    let best = 0
    for (let k = 1; k < width; k++) {
      if ((values[row * width + k] as number) > (values[row * width + best] as number)) best = k
    }
    return classes[best] ?? String(best)
  })
}
