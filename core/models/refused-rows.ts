import type { Frame } from '../../engine/frame/frame.ts'
import { MaestroError } from '../../shared/errors.ts'
import { frameBatch } from './frame-batches.ts'
import type { OnnxPredictions } from './onnx-predictions.ts'

/** Answers to some of the rows: `rows[i]` is the row that answer i belongs to. */
export interface PartialAnswers {
  readonly rows: Int32Array
  readonly answers: OnnxPredictions
}

/**
 * Predicts as many of the rows as the model takes: one that it refuses, such as a category that it does not know, makes
 * the whole batch fail, so that parts are tried until those rows stand alone. Null where it takes none.
 */
export async function predictTaken(
  frame: Frame,
  predict: (frame: Frame) => Promise<OnnxPredictions>,
): Promise<PartialAnswers | null> {
  const taken = async (from: number, size: number): Promise<number[]> => {
    try {
      await predict(frameBatch(frame, from, from + size))
      return Array.from({ length: size }, (_, at) => from + at)
    } catch (error) {
      if (!(error instanceof MaestroError) || error.code !== 'MODEL_FAILED') throw error
      if (size <= 1) return []
      const half = Math.floor(size / 2)
      return [...(await taken(from, half)), ...(await taken(from + half, size - half))]
    }
  }
  const rows = Int32Array.from(await taken(0, frame.nRows))
  return rows.length === 0 ? null : { rows, answers: await predict(frameBatch(frame, 0, rows.length, rows)) }
}
