import type { Encoder } from '../preprocess/encoder.ts'
import { concatenateColumns } from './arithmetic.ts'
import { emitCurves } from './encoders/curve-emitter.ts'
import { emitDateParts } from './encoders/date-part-emitter.ts'
import type { InputColumn } from './encoders/input-column.ts'
import { emitLookup } from './encoders/lookup-emitter.ts'
import { emitMissingIndicators } from './encoders/missing-indicator-emitter.ts'
import { emitNumeric } from './encoders/numeric-emitter.ts'
import { emitOneHot } from './encoders/one-hot-emitter.ts'
import { emitOrdinal } from './encoders/ordinal-emitter.ts'
import { emitTerms } from './encoders/terms-emitter.ts'
import type { GraphBuilder, Value } from './graph-builder.ts'
import { OnnxExportError } from './onnx-export-error.ts'

/** Writes encoders of one kind that follow one another: double [N, k], float32 values. `columns` has one entry an encoder. */
type Emitter<Kind extends Encoder> = (
  graph: GraphBuilder,
  encoders: readonly Kind[],
  columns: readonly InputColumn[],
) => Value

const emitters: { readonly [Kind in Encoder['kind']]: Emitter<Extract<Encoder, { kind: Kind }>> } = {
  numeric: (graph, encoders, columns) => emitNumeric(graph, encoders, columns.map(numbersOf)),
  'missing-indicator': emitMissingIndicators,
  'one-hot': emitOneHot,
  ordinal: emitOrdinal,
  curve: (graph, encoders, columns) => emitCurves(graph, encoders, columns.map(numbersOf)),
  lookup: emitLookup,
  terms: emitTerms,
  'date-part': (graph, encoders, columns) => {
    for (const column of columns) numbersOf(column)
    return emitDateParts(graph, encoders, columns)
  },
}

/**
 * Writes encoders as they are asked for, each once: members of an ensemble that encode a column alike share its nodes.
 * The function returned gives the features of a member, double [N, nFeatures].
 */
export function encoderEmission(
  graph: GraphBuilder,
  columns: readonly InputColumn[],
): (encoders: readonly Encoder[]) => Value {
  const emitted = new Map<string, Value>()
  const once = (key: string, emit: () => Value): Value => {
    const value = emitted.get(key) ?? emit()
    emitted.set(key, value)
    return value
  }
  return (encoders) => {
    const runs = runsOfOneKind(encoders.filter(makesFeatures))
    if (runs.length === 0) throw new OnnxExportError('A model without features cannot be exported.')
    const values = runs.map((run) => once(JSON.stringify(run), () => emitRun(graph, run, columns)))
    return once(values.join('\n'), () => concatenateColumns(graph, values))
  }
}

function emitRun(graph: GraphBuilder, run: readonly Encoder[], columns: readonly InputColumn[]): Value {
  const [first] = run as readonly [Encoder]
  const emit = emitters[first.kind] as Emitter<Encoder>
  const ownColumns = run.map(({ input }) => {
    const column = columns[input]
    if (column === undefined) throw new OnnxExportError(`An encoder reads input ${input}, which the pipeline lacks.`)
    return column
  })
  return emit(graph, run, ownColumns)
}

/** A one-hot encoder of a column that had no level in training makes nothing. */
function makesFeatures(encoder: Encoder): boolean {
  return encoder.kind !== 'one-hot' || encoder.levels.length > 0 || encoder.missingFeature
}

function runsOfOneKind(encoders: readonly Encoder[]): Encoder[][] {
  const runs: Encoder[][] = []
  for (const encoder of encoders) {
    const last = runs.at(-1)
    if (last?.[0]?.kind === encoder.kind) last.push(encoder)
    else runs.push([encoder])
  }
  return runs
}

function numbersOf(column: InputColumn): Value {
  if (column.isText) throw new OnnxExportError(`Column "${column.name}" holds texts, but its encoder takes numbers.`)
  return column.value
}
