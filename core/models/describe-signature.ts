import type { CodedColumn, Column, Frame, NumericColumn } from '../../engine/frame/frame.ts'
import { onnxOutputs } from '../../engine/onnx/outputs.ts'
import { alignColumns } from '../../engine/pipeline/align-columns.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import type { Signature, SignatureInput } from '../../shared/domain/models.ts'

/** Levels told of a category; beyond this a list helps nobody, and an unknown value is not surprising. */
export const signatureLevels = 1_000

/** What a pipeline takes and answers, with ranges and levels of the table that it was trained on. */
export function describeSignature(pipeline: Pipeline, trainingTable: Frame): Signature {
  const columns = alignColumns(pipeline.inputs, trainingTable)
  return {
    task: pipeline.task,
    target: pipeline.target,
    classes: [...pipeline.classes],
    inputs: pipeline.inputs.map(({ name, type, spelling }, index) => ({
      name,
      type,
      ...describeColumn(columns[index] as Column, spelling),
    })),
    outputs: onnxOutputs(pipeline).map(({ name, type }) => ({ name, type })),
  }
}

/** The inputs of a model that was trained elsewhere, with ranges and levels of a table of rows that it is used on. */
export function describeInputs(inputs: readonly SignatureInput[], table: Frame): SignatureInput[] {
  const columns = alignColumns(inputs, table)
  return inputs.map(({ name, type }, at) => ({
    name,
    type,
    ...describeColumn(columns[at] as Column, undefined),
  }))
}

type ColumnDescription = Omit<SignatureInput, 'name' | 'type'>

function describeColumn(column: Column, spelling: readonly [string, string] | undefined): ColumnDescription {
  if (column.storage === 'codes') return describeCodes(column)
  return column.type === 'boolean' ? describeBooleans(column, spelling ?? ['false', 'true']) : describeNumbers(column)
}

function describeNumbers({ values, type }: NumericColumn): ColumnDescription {
  const finite = values.filter(Number.isFinite).sort()
  const median = finite[Math.floor((finite.length - 1) / 2)]
  const spell = (value: number): number | string => (type === 'datetime' ? new Date(value * 1000).toISOString() : value)
  return {
    min: finite[0] ?? null,
    max: finite.at(-1) ?? null,
    levels: null,
    missingSeen: values.some(Number.isNaN),
    example: median === undefined ? null : spell(median),
  }
}

function describeBooleans({ values }: NumericColumn, spelling: readonly [string, string]): ColumnDescription {
  const nTrue = values.reduce((count, value) => count + (value === 1 ? 1 : 0), 0)
  const nFalse = values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0)
  const levels = nTrue > nFalse ? [spelling[1], spelling[0]] : [...spelling]
  const [example] = levels as [string]
  return { min: null, max: null, levels, missingSeen: values.some(Number.isNaN), example }
}

function describeCodes({ codes, levels, type }: CodedColumn): ColumnDescription {
  const counts = new Int32Array(levels.length)
  let missingSeen = false
  for (const code of codes) {
    if (code < 0) missingSeen = true
    else counts[code] = (counts[code] as number) + 1
  }
  const seen = levels
    .map((level, code) => ({ level, count: counts[code] as number }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ level }) => level)
  return {
    min: null,
    max: null,
    levels: type === 'category' ? seen.slice(0, signatureLevels) : null,
    missingSeen,
    example: seen[0] ?? null,
  }
}
