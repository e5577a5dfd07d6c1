import type { Column, Frame } from '../../engine/frame/frame.ts'
import { labelCodes } from '../../engine/frame/label-codes.ts'
import type { Signature } from '../../shared/domain/models.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { AnsweredRows } from '../models/native-parity.ts'

/** Names under which tools write what they predict. */
const labelNames = ['prediction', 'predicted', 'predictions', 'label', 'class']

/**
 * The predictions of the tool that a model came from, as a table in the order of the sample's rows: a column `prediction`
 * (or `label`, or the target's name) and, for classes, columns `p_CLASS` or `CLASS` with their probabilities; a table of
 * as many columns as the model gives numbers is taken in its order. Throws INPUT_INVALID where it is neither.
 */
export function readNativePredictions(frame: Frame, signature: Signature, nRows: number, outputs: readonly string[]) {
  if (frame.nRows !== nRows) {
    throw new MaestroError(
      'INPUT_INVALID',
      `The native predictions have ${frame.nRows} rows, and the sample has ${nRows}.`,
      'Give one prediction for each row of the sample, in the same order.',
    )
  }
  const answered = { ...answersOf(frame, signature, outputs) }
  if (answered.labels === null && answered.numbers === null) {
    throw new MaestroError(
      'INPUT_INVALID',
      `The native predictions have the columns ${frame.columns.map(({ name }) => name).join(', ')}, of which none is known.`,
      'Name a column prediction; for probabilities name columns p_CLASS after the classes.',
    )
  }
  return answered
}

function answersOf(frame: Frame, signature: Signature, outputs: readonly string[]): AnsweredRows {
  const named = new Map(frame.columns.map((column) => [column.name.toLowerCase(), column]))
  const find = (names: readonly string[]) => names.map((name) => named.get(name.toLowerCase())).find((each) => each)
  const prediction = find([...labelNames, signature.target])
  if (signature.task === 'regression') {
    const own = outputs.map((output) => find([output]))
    const columns = own.every((column) => column) ? own : outputs.length === 1 && prediction ? [prediction] : null
    return { labels: null, numbers: numbersOf(columns ?? inOrder(frame, outputs.length), outputs, frame.nRows) }
  }
  const ofClasses = outputs.map((label) => find([`p_${label}`, label, `p_${label.trim()}`, label.trim()]))
  const isFull = ofClasses.every((column) => column)
  return {
    labels: prediction ? labelsOf(prediction, signature.classes) : null,
    numbers: numbersOf(isFull ? ofClasses : prediction ? null : inOrder(frame, outputs.length), outputs, frame.nRows),
  }
}

function inOrder(frame: Frame, width: number): readonly Column[] | null {
  return frame.columns.length === width ? frame.columns : null
}

function numbersOf(
  columns: readonly (Column | undefined)[] | null,
  names: readonly string[],
  nRows: number,
): AnsweredRows['numbers'] {
  if (columns === null) return null
  const width = columns.length
  const values = new Float64Array(nRows * width)
  for (const [at, column] of columns.entries()) {
    if (column?.storage !== 'float64') return null
    for (let row = 0; row < nRows; row++) values[row * width + at] = column.values[row] as number
  }
  return { values, width, names }
}

/** Numbers as labels are spelled as the model spells them: 1 and 1.0 are one class. */
function labelsOf(column: Column, classes: readonly string[]): string[] {
  if (column.storage === 'codes') {
    const codeOf = labelCodes(classes)
    const spelled = column.levels.map((level) => classes[codeOf.get(level) ?? -1] ?? level)
    return Array.from(column.codes, (code) => spelled[code] ?? '')
  }
  const spelled = new Map(classes.map((label) => [Number(label), label]))
  return Array.from(column.values, (value) => {
    const text = column.spelling?.[value === 0 ? 0 : 1]
    return text !== undefined && classes.includes(text) ? text : (spelled.get(value) ?? String(value))
  })
}
