/**
 * Time to score 1,000,000 rows of 28 numbers by gradient boosting of 100 trees with 31 leaves: by the engine, from columns
 * to probabilities, and by the ONNX file in ONNX Runtime, in the batches in which Maestro scores tables, against
 * LightGBM's predict of a model fitted on the same rows with the same hyperparameters. One thread each, one after the
 * other in one run; compared by time on the processor, which other work on the machine disturbs less.
 *
 *   node benchmarks/scoring.ts [rounds]
 *
 * LightGBM is taken from the Python that MAESTRO_PYTHON names (default python3). The bars are ratios of the medians.
 * Writes benchmarks/results/scoring.json.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { frameBatch, rowsPerBatch } from '../core/models/frame-batches.ts'
import { createOnnxSessions, runtimeVersion } from '../core/models/onnx-sessions.ts'
import type { Frame } from '../engine/frame/frame.ts'
import { learnerByName } from '../engine/learners/registry.ts'
import { exportPipeline } from '../engine/onnx/export-pipeline.ts'
import type { Pipeline } from '../engine/pipeline/pipeline.ts'
import { predictPipeline } from '../engine/pipeline/predict-pipeline.ts'
import { randomStream } from '../engine/random.ts'
import { machine, median, round } from './measured.ts'
import { oneThread, startPythonPeer } from './python-peer.ts'

const nRows = 1_000_000
const nTraining = 100_000
const nFeatures = 28
const nTrees = 100
const maxLeaves = 31
const bar = 1
const rounds = Number(process.argv[2] ?? 3)

const random = randomStream(28)
const columns = Array.from({ length: nFeatures }, () => new Float32Array(nRows))
const labels = new Float64Array(nRows)
for (let row = 0; row < nRows; row++) {
  let margin = 0
  for (const [j, column] of columns.entries()) {
    const value = random.nextNormal()
    column[row] = value
    margin += j % 4 === 0 ? Math.sin(2 * value) : j % 4 === 1 ? 0.3 * value * (columns[j - 1]?.[row] as number) : 0
  }
  labels[row] = Number(margin + random.nextNormal() > 0)
}
const frame: Frame = {
  nRows,
  columns: columns.map((values, j) => ({
    storage: 'float64',
    name: `x${j}`,
    type: 'number',
    values: Float64Array.from(values),
  })),
}
const features = columns.map((_, input) => ({ name: `x${input}`, input, kind: 'numeric' as const, cardinality: 0 }))

const { model } = learnerByName('gradient-boosting').fit(
  {
    task: 'binary',
    nClasses: 2,
    matrix: { nRows, features, columns },
    labels,
    weights: null,
    rows: Int32Array.from({ length: nTraining }, (_, row) => row),
    validationRows: null,
    seed: 1,
    shouldStop: () => false,
  },
  { nTrees, maxLeaves, minRowsInLeaf: 20, learningRate: 0.1 },
)
const pipeline: Pipeline = {
  task: 'binary',
  target: 'y',
  classes: ['0', '1'],
  inputs: features.map(({ name }) => ({ name, type: 'number' })),
  members: [
    {
      weight: 1,
      learner: 'gradient-boosting',
      encoders: features.map(({ input }) => ({
        kind: 'numeric',
        input,
        offset: 0,
        impute: null,
        mean: 0,
        inverseScale: 1,
      })),
      features,
      model,
      targetTransform: 'none',
    },
  ],
  threshold: 0.5,
}

const folder = mkdtempSync(join(tmpdir(), 'maestro-scoring-'))
const onnxPath = join(folder, 'model.onnx')
writeFileSync(onnxPath, exportPipeline(pipeline, { producer: 'benchmark', version: '1', metadata: {} }))
for (const [j, column] of columns.entries()) writeFileSync(join(folder, `x${j}.f32`), column)
writeFileSync(join(folder, 'labels.f64'), labels.subarray(0, nTraining))

const peer = await startPythonPeer(
  'scoring.py',
  [folder, ...[nRows, nTraining, nFeatures, nTrees, maxLeaves].map(String)],
  oneThread,
)
const { version } = peer.greeting as { version: string }

/** Milliseconds on the processor. */
async function timeOf(action: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await action()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const sessions = createOnnxSessions()
/** The greatest difference between what engine and file say, so that both are seen to have done the work. */
let difference = 0
let engineValues = new Float64Array(0)
const scoreByEngine = (): void => {
  engineValues = predictPipeline(pipeline, frame).values as Float64Array<ArrayBuffer>
}
async function scoreByFile(): Promise<void> {
  const size = rowsPerBatch(nFeatures)
  for (let start = 0; start < nRows; start += size) {
    const end = Math.min(nRows, start + size)
    const { values } = await sessions.predict(onnxPath, frameBatch(frame, start, end))
    for (let at = 0; at < values.length; at++) {
      difference = Math.max(difference, Math.abs((values[at] as number) - (engineValues[2 * start + at] as number)))
    }
  }
}

const times = { engine: [] as number[], file: [] as number[], lightgbm: [] as number[] }
let theirMean = 0
for (let turn = 0; turn < rounds; turn++) {
  times.engine.push(await timeOf(scoreByEngine))
  times.file.push(await timeOf(scoreByFile))
  const { cpu, mean } = (await peer.ask('score')) as { cpu: number; mean: number }
  times.lightgbm.push(cpu)
  theirMean = mean
}
peer.end()
await sessions.release()
rmSync(folder, { recursive: true })

let sum = 0
for (let row = 0; row < nRows; row++) sum += engineValues[2 * row + 1] as number
const lightgbmMs = round(median(times.lightgbm), 1)
const results = (['engine', 'file'] as const).map((name) => {
  const ms = round(median(times[name]), 1)
  return { name: name === 'engine' ? 'engine' : 'ONNX file', ms, lightgbmMs, ratio: ms / lightgbmMs, bar }
})
for (const { name, ms, ratio } of results) {
  console.log(`${name}: ${ms} ms, ${ratio.toFixed(2)} of LightGBM's time (${lightgbmMs} ms), bar ${bar}`)
}
console.log(`engine and file differ by ${difference}; mean probability ${sum / nRows}, LightGBM's ${theirMean}`)
writeFileSync(
  'benchmarks/results/scoring.json',
  `${JSON.stringify(
    {
      what: `${nRows} rows × ${nFeatures} numbers, ${nTrees} trees × ${maxLeaves} leaves, ${rounds} rounds, one thread each, time on the processor`,
      machine: machine(`LightGBM ${version}`, `ONNX Runtime ${runtimeVersion}`),
      loadAverage: loadavg().map((load) => round(load, 1)),
      greatestDifference: difference,
      results,
    },
    null,
    2,
  )}\n`,
)
