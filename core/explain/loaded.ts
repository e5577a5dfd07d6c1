import { readFileSync } from 'node:fs'
import type { Column, Frame, Target } from '../../engine/frame/frame.ts'
import { labelCodes } from '../../engine/frame/label-codes.ts'
import { alignColumns, PipelineInputError } from '../../engine/pipeline/align-columns.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import { parsePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import { randomStream, shuffledIndices } from '../../engine/random.ts'
import type { Cell } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import { readColumnFile } from '../tables/column-file.ts'
import type { AskRuntime } from './foreign-model.ts'
import { loadForeignModel, parseForeignModel } from './foreign-model.ts'

/** A table as one model sees it. */
export interface LoadedTable {
  readonly nRows: number
  /** Of the pipeline's inputs, in order. */
  readonly columns: readonly Column[]
}

/** Keeps the few most recently used values; what is content-addressed need never be read again. */
export class Recent<Value> {
  readonly #values = new Map<string, Value>()
  readonly #most: number
  constructor(most: number) {
    this.#most = most
  }
  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key)
    const value = known ?? make()
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size > this.#most) this.#values.delete(this.#values.keys().next().value as string)
    return value
  }
}

const models = new Recent<Pipeline>(4)
const frames = new Recent<Frame>(3)

/** Set once by the thread that this runs in, where there is a host to ask. */
let askRuntime: AskRuntime = () => {
  throw new MaestroError('MODEL_FAILED', 'This model can only be predicted by ONNX Runtime, which is not at hand here.')
}

export function setRuntime(ask: AskRuntime): void {
  askRuntime = ask
}

/** A pipeline of our own, or a model of another tool by its description. */
export function loadModel(pipelinePath: string): Pipeline {
  return models.get(pipelinePath, () => {
    const text = readFileSync(pipelinePath, 'utf8')
    const foreign = parseForeignModel(text)
    return foreign === null ? parsePipeline(text) : loadForeignModel(foreign, pipelinePath, askRuntime)
  })
}

export function loadFrame(columnFilePath: string): Frame {
  return frames.get(columnFilePath, () => readColumnFile(columnFilePath))
}

/** Throws SIGNATURE_MISMATCH where the table lacks a column that the model takes. */
export function loadTable(columnFilePath: string, pipeline: Pick<Pipeline, 'inputs'>): LoadedTable {
  const frame = loadFrame(columnFilePath)
  return { nRows: frame.nRows, columns: aligned(pipeline, frame) }
}

function aligned(pipeline: Pick<Pipeline, 'inputs'>, frame: Frame): readonly Column[] {
  try {
    return alignColumns(pipeline.inputs, frame)
  } catch (error) {
    if (!(error instanceof PipelineInputError)) throw error
    throw new MaestroError(
      'SIGNATURE_MISMATCH',
      error.message,
      `The model takes ${pipeline.inputs.map(({ name }) => name).join(', ')}.`,
    )
  }
}

/** The true labels of a table in the model's own coding, NaN where there is none; null, or an error, without the column. */
export function targetOf(columnFilePath: string, pipeline: Pipeline): Target
export function targetOf(columnFilePath: string, pipeline: Pipeline, optional: true): Target | null
export function targetOf(columnFilePath: string, pipeline: Pipeline, optional = false): Target | null {
  const frame = loadFrame(columnFilePath)
  const column = frame.columns.find(({ name }) => name === pipeline.target)
  if (!column) {
    if (optional) return null
    throw new MaestroError(
      'TARGET_MISSING',
      `The table has no column ${pipeline.target}, so there is nothing to compare the predictions with.`,
      'Use a table with the true answers.',
    )
  }
  const base = { task: pipeline.task, name: pipeline.target, classes: pipeline.classes }
  if (column.storage === 'codes') {
    const codeOf = labelCodes(pipeline.classes)
    const numbers = pipeline.task === 'regression'
    const ofLevel = column.levels.map((level) => (numbers ? Number(level) : (codeOf.get(level) ?? Number.NaN)))
    return {
      ...base,
      values: Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : (ofLevel[code] as number))),
    }
  }
  if (pipeline.task === 'regression') return { ...base, values: column.values }
  const codeOf = new Map(pipeline.classes.map((label, code) => [label, code]))
  const spelled = (value: number) => column.spelling?.[value === 0 ? 0 : 1] ?? String(value)
  return {
    ...base,
    values: column.values.map((value) =>
      Number.isNaN(value) ? Number.NaN : (codeOf.get(spelled(value)) ?? codeOf.get(String(value)) ?? Number.NaN),
    ),
  }
}

/** Up to `count` rows, in order, drawn without replacement by a fixed seed: the same rows each time. */
export function sampleRows(nRows: number, count: number): Int32Array {
  if (nRows <= count) return Int32Array.from({ length: nRows }, (_, row) => row)
  return shuffledIndices(nRows, randomStream(nRows, 17), count).sort()
}

/** Records of raw values, as a form gives them, as a table; what a record lacks is missing. */
export function columnsOfRecords(pipeline: Pipeline, records: readonly Readonly<Record<string, Cell>>[]): LoadedTable {
  const columns = pipeline.inputs.map((input): Column => {
    const cells = records.map((record) => record[input.name] ?? null)
    if (input.type === 'number' || input.type === 'datetime' || input.type === 'boolean') {
      return {
        storage: 'float64',
        name: input.name,
        type: input.type,
        values: Float64Array.from(cells, (cell) => numberOf(cell, input)),
      }
    }
    const texts = cells.map((cell) => (cell === null || cell === '' ? null : String(cell)))
    const levels = [...new Set(texts.filter((text) => text !== null))].sort()
    const codeOf = new Map(levels.map((level, code) => [level, code]))
    return {
      storage: 'codes',
      name: input.name,
      type: input.type,
      levels,
      codes: Int32Array.from(texts, (text) => (text === null ? -1 : (codeOf.get(text) as number))),
    }
  })
  return { nRows: records.length, columns }
}

function numberOf(cell: Cell, input: Pipeline['inputs'][number]): number {
  if (cell === null || cell === '') return Number.NaN
  if (typeof cell !== 'string') return Number(cell)
  if (input.type === 'datetime') {
    const milliseconds = Date.parse(cell)
    return Number.isNaN(milliseconds) ? Number(cell) : milliseconds / 1000
  }
  if (input.type === 'boolean') {
    if (cell === (input.spelling?.[1] ?? 'true')) return 1
    if (cell === (input.spelling?.[0] ?? 'false')) return 0
  }
  return Number(cell)
}

/** Throws INPUT_INVALID where the table has no such row. */
export function requireRow({ nRows }: LoadedTable, row: number): void {
  if (row < nRows) return
  throw new MaestroError(
    'INPUT_INVALID',
    `There is no row ${row}: the table has ${nRows} rows.`,
    `Rows count from 0 to ${nRows - 1}.`,
  )
}

/** Place of a column among the model's inputs. Throws COLUMN_UNKNOWN. */
export function inputOf(pipeline: Pipeline, name: string): number {
  const input = pipeline.inputs.findIndex((each) => each.name === name)
  if (input >= 0) return input
  throw new MaestroError(
    'COLUMN_UNKNOWN',
    `The model does not use a column named ${name}.`,
    `It uses ${pipeline.inputs.map((each) => each.name).join(', ')}.`,
  )
}

/** Code of a class by its label. Throws INPUT_INVALID. */
export function classCode({ classes }: Pipeline, label: string): number {
  const code = classes.indexOf(label)
  if (code >= 0) return code
  throw new MaestroError(
    'INPUT_INVALID',
    `The model does not know the class “${label}”.`,
    classes.length > 0 ? `It knows ${classes.join(', ')}.` : 'It predicts numbers.',
  )
}

/** Which curve of a multiclass model is meant; 0 for the others, or where none is named. Throws INPUT_INVALID. */
export function classOf(pipeline: Pipeline, label: string | null): number {
  return label === null || pipeline.task !== 'multiclass' ? 0 : classCode(pipeline, label)
}

/** What curve k of a model shows: "probability of yes", or the target's name. */
export function outputName(pipeline: Pipeline, k: number): string {
  if (pipeline.task === 'regression') return pipeline.target
  return `probability of ${pipeline.classes[pipeline.task === 'binary' ? 1 : k] ?? ''}`
}
