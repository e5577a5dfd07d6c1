import type { Frame } from '../../../engine/frame/frame.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { ModelSignature } from '../../models/model-signature.ts'
import type { OnnxSessions } from '../../models/onnx-sessions.ts'
import { predictionLines, predictionsHeader } from './predictions-csv.ts'
import { readFrame } from './read-rows.ts'
import type { WarningCollector } from './warning-collector.ts'

export interface ScoreTable {
  readonly onnxPath: string
  readonly signature: ModelSignature
  readonly sessions: OnnxSessions
  /** The table in order, in parts of a few thousand rows. */
  readonly parts: Iterable<Frame> | AsyncIterable<Frame>
  readonly warnings: WarningCollector
  readonly write: (text: string) => void
  readonly cancelled: AbortSignal
  /** Told after each part. */
  readonly onRows: (rows: number) => void
}

/** Writes the predictions of a table as CSV and gives their number. Throws CANCELLED, or what reading and models throw. */
export async function scoreTable(work: ScoreTable): Promise<number> {
  let rows = 0
  work.write(predictionsHeader(work.signature))
  for await (const part of work.parts) {
    if (work.cancelled.aborted) throw new MaestroError('CANCELLED')
    const frame = readFrame(work.signature, part, work.warnings, rows)
    const predictions = await work.sessions.predict(work.onnxPath, frame)
    work.write(predictionLines(predictions, rows))
    rows += part.nRows
    work.onRows(rows)
    // Synchronous work all through: without a turn of the event loop no message to cancel would arrive.
    await new Promise(setImmediate)
  }
  return rows
}
