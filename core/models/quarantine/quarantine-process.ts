import { closeSync, constants, fstatSync, openSync, readSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { GraphSummary, QuarantineFinding } from '../../../shared/domain/quarantine.ts'
import { openParentLink } from '../../processes/parent-link.ts'
import { startThread } from '../../workers/start-thread.ts'
import { inspectOnnx } from './inspect-onnx.ts'
import { memoryWatchSlots } from './memory-watch.ts'
import type { Trial } from './trial-run.ts'
import { runTrial } from './trial-run.ts'

/** One file to examine. */
export interface QuarantineRequest {
  readonly path: string
  /** Bytes that the process may take, beyond four times the file. */
  readonly memoryBytes: number
  /** Where the model goes as one file, data of other files included, before it is run; null: nowhere. */
  readonly out: string | null
}

export type QuarantineAnswer =
  | {
      readonly stage: 'read'
      readonly findings: readonly QuarantineFinding[]
      readonly graph: GraphSummary | null
      /** Whether it may be run. */
      readonly sound: boolean
    }
  | { readonly stage: 'run'; readonly trial: Trial; readonly seconds: number; readonly peakBytes: number }

const megabyte = 1024 ** 2
const largestFile = 2 ** 31

const link = openParentLink()
const watch = new SharedArrayBuffer(8)
const slots = new Int32Array(watch)
startThread('memory-watch-worker', { workerData: { shared: watch } }).unref()

link.onMessage((request) => void examine(request as QuarantineRequest))

async function examine({ path, memoryBytes, out }: QuarantineRequest): Promise<void> {
  Atomics.store(slots, memoryWatchSlots.peak, 0)
  const file = readWhole(path)
  if (typeof file === 'string') {
    const finding = { code: 'NOT_ONNX', severity: 'error', message: file, where: '' } as const
    send({ stage: 'read', findings: [finding], graph: null, sound: false })
    return
  }
  Atomics.store(slots, memoryWatchSlots.limit, Math.round((memoryBytes + 4 * file.length) / megabyte))
  const { findings, graph, bytes, model } = inspectOnnx(file, dirname(path))
  if (bytes !== null && out !== null) writeFileSync(out, bytes, { flag: 'wx' })
  send({ stage: 'read', findings, graph, sound: bytes !== null })
  if (bytes === null || model === null) return
  // The answer must be on its way before this thread is blocked, perhaps for ever.
  await new Promise(setImmediate)
  const start = performance.now()
  const trial = await runTrial(bytes, model)
  const seconds = (performance.now() - start) / 1000
  const peak = Math.max(Atomics.load(slots, memoryWatchSlots.peak), Math.round(process.memoryUsage.rss() / megabyte))
  send({ stage: 'run', trial, seconds, peakBytes: peak * megabyte })
}

function send(answer: QuarantineAnswer): void {
  link.send(answer)
}

/** The file's bytes, or why it has none. Devices and pipes have no end. */
function readWhole(path: string): Uint8Array | string {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return 'The file cannot be read.'
  }
  try {
    const state = fstatSync(file)
    if (!state.isFile()) return 'This is not a file.'
    if (state.size > largestFile) return 'The file is larger than 2 GB, the most that the format can hold.'
    const bytes = new Uint8Array(state.size)
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30), done)
      if (read === 0) return 'The file became shorter while it was read.'
      done += read
    }
    return bytes
  } finally {
    closeSync(file)
  }
}
