import type { Column, Frame } from '../frame/frame.ts'
import type { PipelineInput } from '../pipeline/pipeline.ts'
import { isProse } from './text-terms.ts'

export interface ChosenInputs {
  readonly inputs: readonly PipelineInput[]
  /** The frame's columns of the inputs, in the same order. */
  readonly columns: readonly Column[]
  readonly left: readonly LeftOutColumn[]
}

/** A column that no model will use, and why, in a sentence. */
export interface LeftOutColumn {
  readonly name: string
  readonly code: 'EXCLUDED' | 'CONSTANT' | 'ALL_MISSING' | 'IDENTIFIER' | 'FREE_TEXT'
  readonly reason: string
}

/**
 * The columns that models may use: all but the target, those the user excludes, and those that cannot help on new rows
 * (one value only, identifiers, texts that hardly ever repeat).
 */
export function chooseInputs(frame: Frame, target: string, exclude: readonly string[]): ChosenInputs {
  const inputs: PipelineInput[] = []
  const columns: Column[] = []
  const left: LeftOutColumn[] = []
  for (const column of frame.columns) {
    if (column.name === target) continue
    const why = exclude.includes(column.name)
      ? { code: 'EXCLUDED' as const, reason: `${column.name} was excluded.` }
      : reasonToLeaveOut(column, frame.nRows)
    if (why) {
      left.push({ name: column.name, ...why })
      continue
    }
    columns.push(column)
    const spelling = column.storage === 'float64' ? column.spelling : undefined
    inputs.push({ name: column.name, type: column.type, ...(spelling ? { spelling } : {}) })
  }
  return { inputs, columns, left }
}

function reasonToLeaveOut(column: Column, nRows: number): Omit<LeftOutColumn, 'name'> | null {
  const { present, distinct } = countValues(column)
  if (present === 0) return { code: 'ALL_MISSING', reason: `${column.name} has no values.` }
  if (distinct === 1 && present === nRows)
    return { code: 'CONSTANT', reason: `${column.name} is the same in every row.` }
  if (column.type === 'id')
    return { code: 'IDENTIFIER', reason: `${column.name} identifies rows, so it says nothing about new ones.` }
  // Texts that nearly always differ cannot be told apart from identifiers, unless their words come again.
  if (column.storage === 'codes' && distinct > 0.9 * present && present > 20 && !isProse(column.levels)) {
    return {
      code: 'FREE_TEXT',
      reason: `${column.name} has ${distinct} different texts in ${present} rows, too many to learn from.`,
    }
  }
  return null
}

function countValues(column: Column): { readonly present: number; readonly distinct: number } {
  if (column.storage === 'codes') {
    const seen = new Uint8Array(column.levels.length)
    let present = 0
    for (const code of column.codes) {
      if (code < 0) continue
      present += 1
      seen[code] = 1
    }
    return { present, distinct: seen.reduce((sum, flag) => sum + flag, 0) }
  }
  let present = 0
  let first = Number.NaN
  let distinct = 0
  for (const value of column.values) {
    if (Number.isNaN(value)) continue
    present += 1
    if (distinct === 0) {
      first = value
      distinct = 1
    } else if (value !== first) distinct = 2
  }
  return { present, distinct }
}
