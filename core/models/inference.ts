import type { Logger } from 'pino'
import type { Frame } from '../../engine/frame/frame.ts'
import { fromErrorRecord, MaestroError } from '../../shared/errors.ts'
import type { ChildProcess, Processes } from '../processes/processes.ts'
import { entryUrl } from '../workers/entries.ts'
import { frameBatch, rowsPerBatch } from './frame-batches.ts'
import type { ModelAnswer, ModelRequest } from './model-process.ts'
import type { OnnxPredictions } from './onnx-predictions.ts'
import { refusalInBatch } from './row-refusal.ts'

interface PredictOptions {
  /** Rows of the frame, in this order; all by default. */
  readonly rows?: Int32Array
  /** Milliseconds that a batch of rows may take, starting the process and loading the model included. Default 60,000. */
  readonly deadlineMs?: number
  /** Stops between batches. */
  readonly signal?: AbortSignal
}

/** Runs ONNX models in a process of their own, which is killed when a model hangs and started again when it is needed. */
export interface Inference {
  /**
   * Predicts rows with a model file; columns are found by name. Throws MaestroError: MODEL_FAILED when the model hangs,
   * crashes or fails; MODEL_INVALID when it cannot be loaded; SIGNATURE_MISMATCH when the rows lack a column;
   * FILE_NOT_FOUND; CANCELLED.
   */
  predictOnnx(path: string, frame: Frame, options?: PredictOptions): Promise<OnnxPredictions>
  close(): Promise<void>
}

const defaultDeadlineMs = 60_000
/** How long a process that was told to end may take. */
const farewellMs = 1_000

interface Batch {
  readonly request: ModelRequest
  readonly deadlineMs: number
  readonly resolve: (predictions: OnnxPredictions) => void
  readonly reject: (error: MaestroError) => void
}

export function createInference({
  processes,
  logger,
}: {
  readonly processes: Processes
  readonly logger: Logger
}): Inference {
  /** Batches wait here, not in the process: those behind one that hangs are run by the next process. */
  const waiting: Batch[] = []
  let running: Batch | null = null
  let child: ChildProcess | null = null
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function startNext(): void {
    if (running !== null) return
    const batch = waiting.shift()
    if (batch === undefined) return
    running = batch
    child ??= startProcess()
    timer = setTimeout(endStuckProcess, batch.deadlineMs)
    child.send(batch.request)
  }

  function startProcess(): ChildProcess {
    const started = processes.start(entryUrl('model-process'))
    started.onMessage((answer) => {
      if (child === started) settle(answer as ModelAnswer)
    })
    started.onExit((code) => {
      if (child !== started) return
      child = null
      logger.warn({ code }, 'the model process ended')
      const how = code === null ? 'was ended by the system' : `ended with code ${code}`
      settle({
        error: {
          code: 'MODEL_FAILED',
          message: `The process that runs the model ${how} while it predicted.`,
          hint: 'The model may need more memory than there is, or use an operator that crashes.',
          details: {},
        },
      })
    })
    return started
  }

  function endStuckProcess(): void {
    const stuck = child
    const deadlineMs = running?.deadlineMs ?? 0
    child = null
    stuck?.kill()
    logger.warn({ path: running?.request.path, deadlineMs }, 'the model process was killed at its deadline')
    settle({
      error: {
        code: 'MODEL_FAILED',
        message: `The model did not answer within ${deadlineMs / 1000} seconds and was stopped.`,
        hint: 'The model may loop without end; if it is only slow, send fewer rows.',
        details: { deadlineMs },
      },
    })
  }

  function settle(answer: ModelAnswer): void {
    clearTimeout(timer)
    const batch = running
    running = null
    if (batch !== null) {
      if ('error' in answer) batch.reject(fromErrorRecord(answer.error))
      else batch.resolve(answer.predictions)
    }
    startNext()
  }

  function predictBatch(request: ModelRequest, deadlineMs: number): Promise<OnnxPredictions> {
    return new Promise((resolve, reject) => {
      if (closed) {
        reject(new MaestroError('MODEL_FAILED', 'Maestro is closing.'))
        return
      }
      waiting.push({ request, deadlineMs, resolve, reject })
      startNext()
    })
  }

  return {
    async predictOnnx(path, frame, { rows, deadlineMs = defaultDeadlineMs, signal } = {}) {
      const nRows = rows?.length ?? frame.nRows
      const size = rowsPerBatch(frame.columns.length)
      const parts: OnnxPredictions[] = []
      // One batch at a time, so that a single row of somebody else waits for one batch at the most.
      for (let start = 0; start < nRows; start += size) {
        if (signal?.aborted) throw new MaestroError('CANCELLED')
        const batch = frameBatch(frame, start, Math.min(nRows, start + size), rows ?? null)
        try {
          parts.push(await predictBatch({ path, frame: batch }, deadlineMs))
        } catch (error) {
          throw refusalInBatch(error, start)
        }
      }
      return joinPredictions(parts)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      const ending = child
      child = null
      const error = new MaestroError('MODEL_FAILED', 'Maestro closed while the model predicted.')
      for (const batch of [...(running ? [running] : []), ...waiting.splice(0)]) batch.reject(error)
      running = null
      if (ending !== null) await endProcess(ending)
    },
  }
}

/** Politely first: a process that is between two batches leaves at once. */
async function endProcess(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.onExit(() => resolve()))
  child.stop()
  const timer = setTimeout(() => child.kill(), farewellMs)
  await gone
  clearTimeout(timer)
}

/** Puts batches of one model after one another. */
function joinPredictions(parts: readonly OnnxPredictions[]): OnnxPredictions {
  const nRows = parts.reduce((sum, part) => sum + part.nRows, 0)
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.values.length, 0))
  const labels = [...new Set(parts.flatMap((part) => part.labels))]
  const codeOf = new Map(labels.map((label, code) => [label, code]))
  const hasLabels = parts.some((part) => part.labelCodes !== null)
  const labelCodes = hasLabels ? new Int32Array(nRows) : null
  let row = 0
  let at = 0
  for (const part of parts) {
    values.set(part.values, at)
    const codes = part.labels.map((label) => codeOf.get(label) as number)
    part.labelCodes?.forEach((code, index) => {
      if (labelCodes) labelCodes[row + index] = codes[code] as number
    })
    row += part.nRows
    at += part.values.length
  }
  const joined = { nRows, nClasses: parts[0]?.nClasses ?? 0, values, labelCodes, labels }
  const scores = parts.flatMap((part) => (part.scores ? [part.scores] : []))
  return scores.length === 0 ? joined : { ...joined, scores: Float64Array.from(scores.flatMap((part) => [...part])) }
}
