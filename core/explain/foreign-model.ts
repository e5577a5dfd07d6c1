import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import type { Frame } from '../../engine/frame/frame.ts'
import type { CellTable } from '../../engine/onnx/evaluate/graph-cells.ts'
import { columnsOfCells } from '../../engine/onnx/evaluate/graph-cells.ts'
import type { GraphAnswers } from '../../engine/onnx/evaluate/graph-model.ts'
import type { ForeignInterface } from '../../engine/onnx/reader/foreign-interface.ts'
import { withSpellings } from '../../engine/onnx/reader/foreign-interface.ts'
import { readOnnx } from '../../engine/onnx/reader/read-onnx.ts'
import { foreignPipeline } from '../../engine/pipeline/foreign-pipeline.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import type { Signature } from '../../shared/domain/models.ts'
import { columnType, digest } from '../../shared/domain/values.ts'
import type { OnnxPredictions } from '../models/onnx-predictions.ts'

/** Asks ONNX Runtime, and waits: for threads that may block. */
export type AskRuntime = (onnxPath: string, frame: Frame) => OnnxPredictions

/** What stands in a version's `pipeline.json` where its model came from another tool. */
const foreignModel = z.object({
  format: z.literal('maestro-foreign-model/1'),
  /** The file, a blob in the same store. */
  onnx: digest,
  target: z.string(),
  inputs: z.array(z.object({ name: z.string(), type: columnType })),
  plan: z.custom<ForeignInterface>((value) => typeof value === 'object' && value !== null),
  /** Leaves every prediction to ONNX Runtime: the engine's were seen to differ from its. */
  runtimeOnly: z.boolean(),
})

export type ForeignModel = z.infer<typeof foreignModel>

/** The text that is stored. The same model registered the same way gives the same text, so explanations are found again. */
export function writeForeignModel(
  onnx: string,
  plan: ForeignInterface,
  signature: Pick<Signature, 'target' | 'inputs'>,
  runtimeOnly: boolean,
): string {
  const written: ForeignModel = {
    format: 'maestro-foreign-model/1',
    onnx,
    target: signature.target,
    inputs: signature.inputs.map(({ name, type }) => ({ name, type })),
    plan,
    runtimeOnly,
  }
  return JSON.stringify(written)
}

/** The description in a `pipeline.json`; null where it is a pipeline of our own. */
export function parseForeignModel(text: string): ForeignModel | null {
  return text.startsWith('{"format":"maestro-foreign-model/') ? foreignModel.parse(JSON.parse(text)) : null
}

/** The pipeline of a description that lies in a blob at `path`; `ask` predicts what the engine does not evaluate. */
export function loadForeignModel(described: ForeignModel, path: string, ask: AskRuntime): Pipeline {
  const hex = described.onnx.slice('sha256:'.length)
  // Blobs lie beside each other, each in a folder named after its first two digits.
  const onnxPath = join(dirname(dirname(path)), hex.slice(0, 2), hex)
  const { inputs, target, runtimeOnly } = described
  const model = readOnnx(readFileSync(onnxPath))
  // Not as stored: ONNX Runtime is asked in the spelling that the file is known to have now.
  const plan = { ...described.plan, inputs: withSpellings(described.plan.inputs, model.graph) }
  const names = plan.inputs.flatMap(({ columns }) => columns.map(({ name }) => name))
  return foreignPipeline({
    model,
    plan,
    inputs,
    target,
    runtimeOnly,
    runtime: (table) => answersOf(ask(onnxPath, frameOf(table, names)), table.nRows),
  })
}

function frameOf(table: CellTable, names: readonly string[]): Frame {
  return { nRows: table.nRows, columns: columnsOfCells(table, names) }
}

function answersOf({ values, scores, labelCodes, labels }: OnnxPredictions, nRows: number): GraphAnswers {
  const all = scores ?? values
  return {
    values: all,
    width: nRows === 0 ? 0 : all.length / nRows,
    labels: labelCodes === null ? null : Array.from(labelCodes, (code) => labels[code] as string),
  }
}
