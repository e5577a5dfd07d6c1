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
  const attempt = async (part: Frame): Promise<OnnxPredictions | null> => {
    try {
      return await predict(part)
    } catch (error) {
      if (error instanceof MaestroError && error.code === 'MODEL_FAILED') return null
      throw error
    }
  }
  const takenOfHalves = async (from: number, to: number): Promise<number[]> => {
    if (to - from <= 1) return []
    const middle = from + Math.floor((to - from) / 2)
    return [...(await taken(from, middle)), ...(await taken(middle, to))]
  }
  const taken = async (from: number, to: number): Promise<number[]> => {
    if ((await attempt(frameBatch(frame, from, to))) === null) return takenOfHalves(from, to)
    return Array.from({ length: to - from }, (_, at) => from + at)
  }
  const { nRows } = frame
  if (nRows === 0) return null
  const answers = await attempt(frame)
  if (answers !== null) return { rows: Int32Array.from({ length: nRows }, (_, row) => row), answers }
  const rows = Int32Array.from(await takenOfHalves(0, nRows))
  return rows.length === 0 ? null : { rows, answers: await predict(frameBatch(frame, 0, rows.length, rows)) }
}
