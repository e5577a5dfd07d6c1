import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Inference } from '../../core/models/inference.ts'
import { createInference } from '../../core/models/inference.ts'
import type { ChildProcess, Processes } from '../../core/processes/processes.ts'
import { nodeProcesses } from '../../core/processes/processes.ts'
import type { Frame } from '../../engine/frame/frame.ts'
import { exportPipeline } from '../../engine/onnx/export-pipeline.ts'
import { randomStream } from '../../engine/random.ts'
import { doublingModel, endlessModel } from '../fixtures/onnx-files.ts'
import { randomFrame, randomPipeline } from '../fixtures/random-pipelines.ts'
import { referencePredictions } from '../fixtures/reference-predictions.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-inference-'))
const doubling = join(folder, 'doubling.onnx')
const endless = join(folder, 'endless.onnx')
beforeAll(() => {
  writeFileSync(doubling, doublingModel)
  writeFileSync(endless, endlessModel)
})
afterAll(() => rmSync(folder, { recursive: true }))

let started: ChildProcess[] = []
let inference: Inference
const processes: Processes = {
  start(entry) {
    const child = nodeProcesses.start(entry)
    started.push(child)
    return child
  },
}
beforeEach(() => {
  started = []
  inference = createInference({ processes, logger: pino({ enabled: false }) })
})
afterEach(async () => inference.close())

function numbers(...values: number[]): Frame {
  return {
    nRows: values.length,
    columns: [{ storage: 'float64', name: 'x', type: 'number', values: Float64Array.from(values) }],
  }
}

const isAlive = (child: ChildProcess | undefined): boolean => {
  try {
    return process.kill(child?.pid ?? 0, 0)
  } catch {
    return false
  }
}

test('one process answers one request after another', async () => {
  expect([...(await inference.predictOnnx(doubling, numbers(1, 2, 3))).values]).toEqual([2, 4, 6])
  expect([...(await inference.predictOnnx(doubling, numbers(4))).values]).toEqual([8])
  expect(started).toHaveLength(1)
})

test('a pipeline gives labels in its own spelling and probabilities, over several batches, rows in the order asked for', async () => {
  const random = randomStream(5)
  const pipeline = randomPipeline(random, { task: 'multiclass', family: 'forest', nMembers: 2 })
  const path = join(folder, 'pipeline.onnx')
  writeFileSync(path, exportPipeline(pipeline, { producer: 'maestro', version: '0', metadata: {} }))
  const frame = randomFrame(random, 9_000, pipeline)
  const rows = Int32Array.from({ length: 8_500 }, (_, index) => 8_999 - index)
  const predictions = await inference.predictOnnx(path, frame, { rows })
  const expected = referencePredictions(pipeline, frame)
  const nClasses = pipeline.classes.length
  expect(predictions).toMatchObject({ nRows: 8_500, nClasses })
  for (const [index, row] of rows.entries()) {
    const reference = expected[row] as number[]
    const best = reference.indexOf(Math.max(...reference))
    const code = predictions.labelCodes?.[index] as number
    expect(predictions.labels[code]).toBe(pipeline.classes[best])
    expect(predictions.values[index * nClasses + best]).toBeCloseTo(reference[best] as number, 12)
  }
})

test('a model that never ends is killed at the deadline; those that wait behind it are answered by a new process', async () => {
  await inference.predictOnnx(doubling, numbers(1))
  const stuck = inference.predictOnnx(endless, numbers(1), { deadlineMs: 500 })
  const behind = inference.predictOnnx(doubling, numbers(21))
  await expect(stuck).rejects.toMatchObject({ code: 'MODEL_FAILED', message: expect.stringContaining('0.5 seconds') })
  expect([...(await behind).values]).toEqual([42])
  expect(started).toHaveLength(2)
  await expect.poll(() => isAlive(started[0]), { timeout: 20_000 }).toBe(false)
})

test('a process that crashes fails the request it ran, and the next request starts another', async () => {
  await inference.predictOnnx(doubling, numbers(1))
  const running = inference.predictOnnx(endless, numbers(1))
  const rejected = expect(running).rejects.toMatchObject({ code: 'MODEL_FAILED' })
  process.kill(started[0]?.pid ?? 0, 'SIGSEGV')
  await rejected
  expect([...(await inference.predictOnnx(doubling, numbers(3))).values]).toEqual([6])
  expect(started).toHaveLength(2)
})

test('a process that died while nothing ran is replaced without anybody noticing', async () => {
  await inference.predictOnnx(doubling, numbers(1))
  // Told after the host, which listens for longer.
  const gone = new Promise<void>((resolve) => started[0]?.onExit(() => resolve()))
  process.kill(started[0]?.pid ?? 0, 'SIGKILL')
  await gone
  expect([...(await inference.predictOnnx(doubling, numbers(3))).values]).toEqual([6])
})

test('broken files, missing files and missing columns are told apart', async () => {
  const broken = join(folder, 'broken.onnx')
  writeFileSync(broken, 'no model')
  await expect(inference.predictOnnx(broken, numbers(1))).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  await expect(inference.predictOnnx(join(folder, 'none.onnx'), numbers(1))).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  })
  // One column of another name would be taken for x: registered models may have names of their own.
  const [x] = numbers(1).columns as [Frame['columns'][number]]
  const other: Frame = {
    nRows: 1,
    columns: [
      { ...x, name: 'y' },
      { ...x, name: 'z' },
    ],
  }
  await expect(inference.predictOnnx(doubling, other)).rejects.toMatchObject({
    code: 'SIGNATURE_MISMATCH',
    details: { missing: ['x'] },
  })
  const texts: Frame = {
    nRows: 1,
    columns: [{ storage: 'codes', name: 'x', type: 'text', codes: Int32Array.of(0), levels: ['a'] }],
  }
  await expect(inference.predictOnnx(doubling, texts)).rejects.toMatchObject({ code: 'SIGNATURE_MISMATCH' })
  expect([...(await inference.predictOnnx(doubling, numbers(3))).values]).toEqual([6])
  expect(started).toHaveLength(1)
})

test('a file that was written anew is loaded anew', async () => {
  const path = join(folder, 'changing.onnx')
  const random = randomStream(6)
  const write = (): number => {
    const pipeline = randomPipeline(random, { task: 'regression', family: 'linear', nMembers: 1 })
    writeFileSync(path, exportPipeline(pipeline, { producer: 'maestro', version: '0', metadata: {} }))
    return referencePredictions(pipeline, frame)[0]?.[0] as number
  }
  const frame = randomFrame(random, 1, randomPipeline(random, { task: 'regression', family: 'linear', nMembers: 1 }))
  for (let i = 0; i < 2; i++) {
    const expected = write()
    expect((await inference.predictOnnx(path, frame)).values[0]).toBeCloseTo(expected, 8)
  }
})

test('closing ends the process and refuses what comes after', async () => {
  await inference.predictOnnx(doubling, numbers(1))
  const running = inference.predictOnnx(endless, numbers(1))
  const rejected = expect(running).rejects.toMatchObject({ code: 'MODEL_FAILED' })
  await inference.close()
  await rejected
  expect(isAlive(started[0])).toBe(false)
  await expect(inference.predictOnnx(doubling, numbers(1))).rejects.toMatchObject({ code: 'MODEL_FAILED' })
})

test('cancelling stops between batches', async () => {
  const cancel = AbortSignal.abort()
  await expect(inference.predictOnnx(doubling, numbers(1), { signal: cancel })).rejects.toMatchObject({
    code: 'CANCELLED',
  })
})

test('one row takes less than 100 ms when warm', async () => {
  const random = randomStream(7)
  const pipeline = randomPipeline(random, { task: 'binary', family: 'trees', nMembers: 3 })
  const path = join(folder, 'warm.onnx')
  writeFileSync(path, exportPipeline(pipeline, { producer: 'maestro', version: '0', metadata: {} }))
  const frame = randomFrame(random, 1, pipeline)
  await inference.predictOnnx(path, frame)
  const times: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    const start = performance.now()
    await inference.predictOnnx(path, frame)
    times.push(performance.now() - start)
  }
  // The machine that runs this may be busy with something else.
  expect(Math.min(...times)).toBeLessThan(100)
})

test('no model process is left behind', () => {
  const running = execFileSync('ps', ['-eo', 'ppid,args'], { encoding: 'utf8' })
  const ours = running
    .split('\n')
    .filter((line) => line.includes('model-process') && line.trim().startsWith(`${process.pid} `))
  expect(ours).toEqual([])
})
