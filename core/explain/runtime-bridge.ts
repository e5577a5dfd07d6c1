import type { MessagePort } from 'node:worker_threads'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { Frame } from '../../engine/frame/frame.ts'
import type { ErrorRecord } from '../../shared/errors.ts'
import { fromErrorRecord, MaestroError, toErrorRecord } from '../../shared/errors.ts'
import type { OnnxPredictions } from '../models/onnx-predictions.ts'
import type { AskRuntime } from './foreign-model.ts'

/** Predicts with a file; the host's runs in a process that can be killed. */
export type PredictOnnx = (path: string, frame: Frame) => Promise<OnnxPredictions>

interface Question {
  readonly path: string
  readonly frame: Frame
  /** Set to 1 once the answer has been sent. */
  readonly answered: Int32Array<SharedArrayBuffer>
}

type Answer = { readonly predictions: OnnxPredictions } | { readonly error: ErrorRecord }

/** Longer than any batch may take: the process behind it is killed before. */
const patienceMs = 120_000

/**
 * The two ends of a line on which a thread asks the host for predictions and blocks until they come. Explanations ask for
 * thousands of small batches one after another, in code that is the same for models that need no runtime.
 */
export function openRuntimeLine(predict: PredictOnnx): { readonly threadEnd: MessagePort; close(): void } {
  const { port1: hostEnd, port2: threadEnd } = new MessageChannel()
  hostEnd.on('message', ({ path, frame, answered }: Question) => {
    const settle = (answer: Answer) => {
      hostEnd.postMessage(answer)
      Atomics.store(answered, 0, 1)
      Atomics.notify(answered, 0)
    }
    predict(path, frame).then(
      (predictions) => settle({ predictions }),
      (error: unknown) => settle({ error: toErrorRecord(error) }),
    )
  })
  // The line alone keeps no host running.
  hostEnd.unref()
  return { threadEnd, close: () => hostEnd.close() }
}

/** The thread's end as a function that blocks. Throws what predicting threw, MODEL_FAILED where no answer comes. */
export function askOverLine(threadEnd: MessagePort): AskRuntime {
  return (path, frame) => {
    const question: Question = { path, frame, answered: new Int32Array(new SharedArrayBuffer(4)) }
    threadEnd.postMessage(question)
    Atomics.wait(question.answered, 0, 0, patienceMs)
    const received = receiveMessageOnPort(threadEnd) as { readonly message: Answer } | undefined
    if (received === undefined) throw new MaestroError('MODEL_FAILED', 'ONNX Runtime did not answer.')
    if ('error' in received.message) throw fromErrorRecord(received.message.error)
    return received.message.predictions
  }
}
