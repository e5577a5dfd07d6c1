/**
 * Time to train gradient boosting, binning included, ours against LightGBM's: the same float32 rows and the same
 * hyperparameters, alternately in one run, so that other work on the machine meets both.
 *
 *   node benchmarks/gbdt-training.ts [rounds] [threads]
 *
 * LightGBM is taken from the Python that MAESTRO_PYTHON names (default python3). The bar: at most 0.9 of LightGBM's time,
 * area under the curve within 0.002. Prints the medians and writes them to benchmarks/results/gbdt-training.json.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createThreadTeam } from '../core/workers/thread-team.ts'
import type { FitInput } from '../engine/learners/learner.ts'
import { predictTrees } from '../engine/learners/tree/predict-trees.ts'
import type { TreeEnsemble } from '../engine/learners/tree/tree-ensemble.ts'
import type { FeatureMatrix } from '../engine/preprocess/feature-matrix.ts'
import { type RandomStream, randomStream } from '../engine/random.ts'

const nTrain = 100_000
const nTest = 50_000
const nFeatures = 20
const nTrees = 100
const bar = { timeRatio: 0.9, aucDifference: 0.002 }

const rounds = Number(process.argv[2] ?? 7)
const threads = Number(process.argv[3] ?? 2)

interface Timing {
  /** Milliseconds. */
  readonly wall: number
  readonly cpu: number
}

interface Table {
  readonly matrix: FeatureMatrix
  readonly labels: Float64Array
}

/** Normal, log-normal, whole, rounded, correlated and uniform columns; a label that hangs on 13 of them. */
function makeTable(nRows: number, random: RandomStream): Table {
  const columns = Array.from({ length: nFeatures }, () => new Float32Array(nRows))
  const labels = new Float64Array(nRows)
  for (let row = 0; row < nRows; row++) {
    const x = Array.from({ length: nFeatures }, () => random.nextNormal())
    const at = (index: number) => x[index] as number
    x[3] = Math.exp(at(3))
    x[4] = random.nextBelow(12)
    x[5] = Math.round(at(5) * 10) / 10
    x[6] = at(0) * 0.8 + at(6) * 0.6
    x[7] = random.nextFloat()
    const margin =
      1.2 * Math.sin(2 * at(0)) +
      0.9 * at(1) * at(2) +
      (at(4) > 5 ? 0.5 * Math.log(at(3)) : 0) +
      (at(5) > 0.5 ? 0.7 : 0) -
      0.8 * Math.abs(at(6)) +
      1.5 * (at(7) - 0.5) * at(8) +
      0.3 * at(9) +
      0.2 * at(10) * at(11) * at(12) +
      0.3
    labels[row] = random.nextFloat() < 1 / (1 + Math.exp(-margin)) ? 1 : 0
    for (const [feature, column] of columns.entries()) column[row] = at(feature)
  }
  const features = columns.map((_, input) => ({ name: `f${input}`, input, kind: 'numeric' as const, cardinality: 0 }))
  return { matrix: { nRows, features, columns }, labels }
}

function writeTable(folder: string, name: string, { matrix, labels }: Table): void {
  writeFileSync(join(folder, `${name}.f32`), Buffer.concat(matrix.columns.map((column) => Buffer.from(column.buffer))))
  writeFileSync(join(folder, `${name}.y`), Uint8Array.from(labels))
}

function areaUnderCurve(scores: Float64Array, labels: Float64Array): number {
  const order = Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number))
  let ranks = 0
  let positives = 0
  for (let i = 0; i < order.length; ) {
    let end = i + 1
    while (end < order.length && scores[order[end] as number] === scores[order[i] as number]) end++
    for (const row of order.slice(i, end)) {
      if (labels[row] !== 1) continue
      ranks += (i + 1 + end) / 2
      positives++
    }
    i = end
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (scores.length - positives))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

interface Peer {
  readonly version: string
  train(): Promise<Timing>
  end(): void
}

async function startPeer(folder: string): Promise<Peer> {
  const script = join(import.meta.dirname, 'gbdt-training.py')
  const sizes = [nTrain, nTest, nFeatures, threads].map(String)
  const child: ChildProcessWithoutNullStreams = spawn(process.env.MAESTRO_PYTHON ?? 'python3', [
    script,
    folder,
    ...sizes,
  ])
  child.stderr.pipe(process.stderr)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async () => {
    const line = await lines.next()
    if (line.done)
      throw new Error('LightGBM did not answer. Set MAESTRO_PYTHON to a Python that has lightgbm and numpy.')
    return JSON.parse(line.value) as unknown
  }
  const { version } = (await read()) as { version: string }
  return {
    version,
    async train() {
      child.stdin.write(`${nTrees}\n`)
      return (await read()) as Timing
    },
    end: () => child.stdin.end(),
  }
}

function summarise(timings: readonly Timing[]) {
  const wall = timings.map((timing) => timing.wall)
  return {
    wallMedian: Math.round(median(wall)),
    wallFastest: Math.round(Math.min(...wall)),
    wallSlowest: Math.round(Math.max(...wall)),
    cpuMedian: Math.round(median(timings.map((timing) => timing.cpu))),
  }
}

/** What else ran: above a fraction of a core, LightGBM's barriers suffer more than ours and the ratio flatters. */
const loadBefore = Number((loadavg()[0] as number).toFixed(2))

const folder = mkdtempSync(join(tmpdir(), 'gbdt-training-'))
try {
  const random = randomStream(20, 100_000)
  const train = makeTable(nTrain, random)
  const test = makeTable(nTest, random)
  writeTable(folder, 'train', train)
  writeTable(folder, 'test', test)
  const input: FitInput = {
    task: 'binary',
    nClasses: 2,
    ...train,
    weights: null,
    rows: Int32Array.from({ length: nTrain }, (_, row) => row),
    validationRows: null,
    seed: 1,
    shouldStop: () => false,
  }
  const parameters = { nTrees, maxLeaves: 31, learningRate: 0.1, minRowsInLeaf: 20, lambda: 0 }
  const team = createThreadTeam(threads)
  const peer = await startPeer(folder)
  const ours: Timing[] = []
  const theirs: Timing[] = []
  // The first round warms both up and is not counted.
  let scores: Float64Array = new Float64Array(0)
  for (let round = 0; round <= rounds; round++) {
    const wall = performance.now()
    const cpu = process.cpuUsage()
    const { model } = await team.fitGradientBoosting(input, parameters)
    const spent = process.cpuUsage(cpu)
    const own = { wall: performance.now() - wall, cpu: (spent.user + spent.system) / 1000 }
    const other = await peer.train()
    if (round === 0) scores = predictTrees(model as TreeEnsemble, test.matrix)
    else {
      ours.push(own)
      theirs.push(other)
    }
  }
  peer.end()
  await team.close()
  const bytes = readFileSync(join(folder, 'scores.f64'))
  const peerScores = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  const auc = { maestro: areaUnderCurve(scores, test.labels), lightgbm: areaUnderCurve(peerScores, test.labels) }
  const result = {
    what: `${nTrain} rows x ${nFeatures} features, ${nTrees} trees of 31 leaves, binary, ${threads} threads, ${rounds} rounds`,
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores; Node ${process.versions.node}; LightGBM ${peer.version}`,
    loadBefore,
    milliseconds: { maestro: summarise(ours), lightgbm: summarise(theirs) },
    wallRatio: Number((median(ours.map((own) => own.wall)) / median(theirs.map((other) => other.wall))).toFixed(3)),
    cpuRatio: Number((median(ours.map((own) => own.cpu)) / median(theirs.map((other) => other.cpu))).toFixed(3)),
    medianOfRoundRatios: Number(median(ours.map((own, round) => own.wall / (theirs[round] as Timing).wall)).toFixed(3)),
    auc,
    aucDifference: Number((auc.maestro - auc.lightgbm).toFixed(5)),
    bar,
  }
  const met = result.wallRatio <= bar.timeRatio && result.aucDifference >= -bar.aucDifference
  writeFileSync(
    join(import.meta.dirname, 'results', 'gbdt-training.json'),
    `${JSON.stringify({ ...result, met }, null, 2)}\n`,
  )
  console.log(JSON.stringify(result, null, 2))
  console.log(met ? 'The bar is met.' : 'The bar is missed.')
  process.exitCode = met ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
