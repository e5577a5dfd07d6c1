import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline as streamTo } from 'node:stream/promises'
import type { Frame } from '../../engine/frame/frame.ts'
import { alignColumns, PipelineInputError } from '../../engine/pipeline/align-columns.ts'
import type { Pipeline, Predictions } from '../../engine/pipeline/pipeline.ts'
import { predictPipeline } from '../../engine/pipeline/predict-pipeline.ts'
import { limits } from '../../shared/domain/limits.ts'
import type { ParityCertificate } from '../../shared/domain/training.ts'
import { MaestroError } from '../../shared/errors.ts'
import { engineVersion } from './engine-version.ts'
import { frameBatch, rowsPerBatch } from './frame-batches.ts'
import type { OnnxPredictions } from './onnx-predictions.ts'
import { createOnnxSessions, runtimeVersion } from './onnx-sessions.ts'
import { parityRows } from './parity-rows.ts'

export interface CertifyOptions {
  /** Rows to try at least. Default: what the limits ask for, 10,000. */
  readonly rows?: number
  readonly seed?: number
  readonly cancelled?: AbortSignal
  /** Told after each batch. */
  readonly onProgress?: (fraction: number) => void
  /**
   * Runs the model file. By default ONNX Runtime in this process, which is for jobs: it blocks, and only their processes
   * may be killed. The host gives `inference.predictOnnx`.
   */
  readonly predict?: (path: string, frame: Frame) => Promise<OnnxPredictions>
}

/**
 * Where the engine's own decision hangs by less than this, either label is right: two correct sums in another order
 * differ by about 1e-15, and a forest of 100 trees does give 0.5 exactly.
 */
const tieMargin = 1e-9

/** Rows named in a certificate that fails. */
const worstRows = 10

/**
 * Proves that a model file predicts what its pipeline predicts: rows of the table, and variants of them with missing,
 * unseen, infinite, threshold-sitting and extreme values, at least 10,000 rows in all.
 *
 * The difference of a row is the largest one between its probabilities; for a regression that of the predictions,
 * divided by the engine's where that is beyond ±1. It may be 1e-6 at most. A label flip is a row whose labels differ
 * although the engine's decision is clear: by more than 1e-9, its probability lies off the threshold (binary) or above
 * that of the other label (multiclass). No flip is allowed.
 *
 * The certificate's `passed` says how it went; a failure to run is thrown as MaestroError (SIGNATURE_MISMATCH when the
 * table lacks a column, DATASET_EMPTY, MODEL_INVALID, MODEL_FAILED, CANCELLED).
 */
export async function certify(
  pipeline: Pipeline,
  onnxPath: string,
  frame: Frame,
  options: CertifyOptions = {},
): Promise<ParityCertificate> {
  if (frame.nRows === 0) throw new MaestroError('DATASET_EMPTY', 'There are no rows to compare the model on.')
  const {
    frame: tried,
    sourceRows,
    cases,
  } = parityRows(pipeline, inputColumns(pipeline, frame), frame.nRows, {
    count: options.rows ?? limits.parityRows,
    seed: options.seed ?? 0,
  })
  const differences = await compareAll(pipeline, onnxPath, tried, options)
  const outside = differences.filter(({ difference }) => !(difference <= limits.parityTolerance))
  const labelFlips = differences.filter(({ flipped }) => flipped).length
  return {
    rows: tried.nRows,
    labelFlips,
    maxAbsDiff: differences.reduce((max, { difference }) => Math.max(max, difference), 0),
    tolerance: limits.parityTolerance,
    passed: labelFlips === 0 && outside.length === 0,
    cases: { ...cases },
    engineVersion,
    runtimeVersion,
    modelDigest: await fileDigest(onnxPath),
    worst: differences
      .filter(({ difference, flipped }) => flipped || !(difference <= limits.parityTolerance))
      .sort((a, b) => b.difference - a.difference)
      .slice(0, worstRows)
      .map(({ row, engine, onnx }) => ({ row: sourceRows[row] as number, engine, onnx })),
    createdAt: new Date().toISOString(),
  }
}

function inputColumns(pipeline: Pipeline, frame: Frame): ReturnType<typeof alignColumns> {
  try {
    return alignColumns(pipeline.inputs, frame)
  } catch (error) {
    if (error instanceof PipelineInputError) throw new MaestroError('SIGNATURE_MISMATCH', error.message)
    throw error
  }
}

/** The value of a row on which engine and file differ most. */
interface RowDifference {
  readonly row: number
  readonly engine: number
  readonly onnx: number
  readonly difference: number
  readonly flipped: boolean
}

async function compareAll(
  pipeline: Pipeline,
  onnxPath: string,
  frame: Frame,
  { predict, cancelled, onProgress }: CertifyOptions,
): Promise<RowDifference[]> {
  const sessions = createOnnxSessions()
  const run = predict ?? sessions.predict
  const size = rowsPerBatch(frame.columns.length)
  const differences: RowDifference[] = []
  try {
    for (let start = 0; start < frame.nRows; start += size) {
      if (cancelled?.aborted) throw new MaestroError('CANCELLED')
      const end = Math.min(frame.nRows, start + size)
      const batch = frameBatch(frame, start, end)
      const engine = predictPipeline(pipeline, batch)
      const onnx = await run(onnxPath, batch)
      for (let row = 0; row < batch.nRows; row++) {
        differences.push({ ...compareRow(pipeline, engine, onnx, row), row: start + row })
      }
      onProgress?.(end / frame.nRows)
    }
  } finally {
    await sessions.release()
  }
  return differences
}

function compareRow(
  pipeline: Pipeline,
  engine: Predictions,
  onnx: OnnxPredictions,
  row: number,
): Omit<RowDifference, 'row'> {
  const width = Math.max(1, pipeline.classes.length)
  const isRegression = pipeline.task === 'regression'
  let worst = { engine: 0, onnx: 0, difference: -1 }
  for (let at = row * width; at < (row + 1) * width; at++) {
    const expected = engine.values[at] as number
    const actual = onnx.values[at] ?? Number.NaN
    const difference = differenceOf(expected, actual, isRegression)
    if (difference > worst.difference) worst = { engine: expected, onnx: actual, difference }
  }
  if (isRegression || onnx.labelCodes === null) return { ...worst, flipped: !isRegression }
  const label = onnx.labels[onnx.labelCodes[row] as number] as string
  const probabilities = engine.values.subarray(row * width, (row + 1) * width)
  return { ...worst, flipped: isFlip(pipeline, probabilities, pipeline.classes.indexOf(label)) }
}

/** Equal infinities and two NaN agree; one of them alone is as far off as can be. */
function differenceOf(expected: number, actual: number, relative: boolean): number {
  if (expected === actual || (Number.isNaN(expected) && Number.isNaN(actual))) return 0
  const difference = Math.abs(expected - actual) / (relative ? Math.max(1, Math.abs(expected)) : 1)
  return Number.isFinite(difference) ? difference : Number.MAX_VALUE
}

function isFlip({ task, threshold }: Pipeline, probabilities: Float64Array, label: number): boolean {
  if (task === 'binary') {
    const positive = probabilities[1] as number
    return label !== Number(positive > threshold) && Math.abs(positive - threshold) > tieMargin
  }
  const greatest = probabilities.reduce((max, value) => Math.max(max, value), -Infinity)
  return !(greatest - (probabilities[label] ?? -Infinity) <= tieMargin)
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256')
  await streamTo(createReadStream(path), hash)
  return `sha256:${hash.digest('hex')}`
}
