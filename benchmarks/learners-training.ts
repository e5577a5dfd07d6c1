/**
 * Time to train linear models, forests and an epoch of a neural network, ours against scikit-learn's, one thread each,
 * one after the other in one run, and how well both predict rows held out. Compared by time on the processor, which
 * other work on the machine disturbs less.
 *
 *   node benchmarks/learners-training.ts [rounds]
 *
 * scikit-learn is taken from the Python that MAESTRO_PYTHON names (default python3). The bars are ratios of the medians.
 * Writes benchmarks/results/learners-training.json.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { FitInput, Parameters } from '../engine/learners/learner.ts'
import { learnerByName } from '../engine/learners/registry.ts'
import { rocAuc } from '../engine/metrics/ranking.ts'
import { scoreModel } from '../engine/pipeline/predict-pipeline.ts'
import type { FeatureMatrix } from '../engine/preprocess/feature-matrix.ts'
import { randomStream } from '../engine/random.ts'
import { machine, median, round } from './measured.ts'
import { oneThread, startPythonPeer } from './python-peer.ts'

/** Rows to train on, and behind them rows to judge by. */
interface Table {
  readonly columns: readonly Float32Array[]
  readonly numbers: Float64Array
  readonly classes: Float64Array
  readonly nTraining: number
}

const numeric = { nTraining: 100_000, nHeldOut: 20_000, nFeatures: 100 }
const texts = { nTraining: 10_000, nHeldOut: 5_000, nFeatures: 1_000 }
const rounds = Number(process.argv[2] ?? 5)

/** What is fitted: which table, how many of its features, and what the time ratio must not exceed. */
const tasks: readonly {
  readonly name: string
  /** scikit-learn's side knows it by this name. */
  readonly peer: string
  readonly learner: string
  readonly table: 'numbers' | 'texts'
  readonly features: number
  readonly bar: number
  readonly parameters: Parameters
}[] = [
  {
    name: 'elastic net',
    peer: 'elastic-net',
    learner: 'elastic-net',
    table: 'numbers',
    features: 100,
    bar: 1,
    parameters: { alpha: 0.01, l1Ratio: 0.5 },
  },
  {
    name: 'logistic regression',
    peer: 'logistic-regression',
    learner: 'logistic-regression',
    table: 'numbers',
    features: 100,
    bar: 1,
    parameters: { c: 1 },
  },
  {
    name: 'random forest, 10 trees',
    peer: 'random-forest',
    learner: 'random-forest',
    table: 'numbers',
    features: 20,
    bar: 0.15,
    parameters: { nTrees: 10 },
  },
  {
    name: 'extra trees, 10 trees',
    peer: 'extra-trees',
    learner: 'extra-trees',
    table: 'numbers',
    features: 20,
    bar: 1,
    parameters: { nTrees: 10 },
  },
  {
    name: 'extra trees on 1,000 words, 10 trees',
    peer: 'extra-trees-words',
    learner: 'extra-trees',
    table: 'texts',
    features: 1_000,
    bar: 1,
    parameters: { nTrees: 10 },
  },
  {
    name: 'neural network, one epoch of 128-128',
    peer: 'neural-network',
    learner: 'neural-network',
    table: 'numbers',
    features: 20,
    bar: 1,
    parameters: { width: 128, depth: 2, epochs: 1, batchRows: 256, dropout: 0 },
  },
]

const tables = { numbers: makeNumbers(), texts: makeTexts() }

function makeNumbers(): Table {
  const { nTraining, nHeldOut, nFeatures } = numeric
  const nRows = nTraining + nHeldOut
  const random = randomStream(11)
  const columns = Array.from({ length: nFeatures }, () => new Float32Array(nRows))
  const numbers = new Float64Array(nRows)
  for (let row = 0; row < nRows; row++) {
    let score = 0
    for (const [j, column] of columns.entries()) {
      const value = random.nextNormal()
      column[row] = value
      score += (value * ((j % 7) - 3)) / 12
    }
    numbers[row] = score + Math.sin(2 * (columns[0]?.[row] as number)) + random.nextNormal()
  }
  return { columns, numbers, classes: numbers.map((value) => Number(value > 0)), nTraining }
}

/** Weights of words: one in ten texts has the commonest, one in hundreds the rarest; every 25th word says something. */
function makeTexts(): Table {
  const { nTraining, nHeldOut, nFeatures } = texts
  const nRows = nTraining + nHeldOut
  const random = randomStream(12)
  const columns = Array.from({ length: nFeatures }, () => new Float32Array(nRows))
  const numbers = new Float64Array(nRows)
  for (let row = 0; row < nRows; row++) {
    let score = random.nextNormal()
    for (const [j, column] of columns.entries()) {
      if (random.nextFloat() > 1 / (10 + 0.3 * j)) continue
      column[row] = 0.1 + random.nextFloat()
      if (j % 25 === 0) score += j % 50 === 0 ? 2 : -2
    }
    numbers[row] = score
  }
  return { columns, numbers, classes: numbers.map((value) => Number(value > 0)), nTraining }
}

function matrixOf({ columns }: Table, nFeatures: number, first: number, end: number): FeatureMatrix {
  return {
    nRows: end - first,
    features: Array.from({ length: nFeatures }, (_, input) => ({
      name: `x${input}`,
      input,
      kind: 'numeric' as const,
      cardinality: 0,
    })),
    columns: columns.slice(0, nFeatures).map((column) => column.slice(first, end)),
  }
}

function inputOf({ learner, features, table }: (typeof tasks)[number]): FitInput {
  const isNumber = learner === 'elastic-net'
  const given = tables[table]
  return {
    task: isNumber ? 'regression' : 'binary',
    nClasses: isNumber ? 0 : 2,
    matrix: matrixOf(given, features, 0, given.nTraining),
    labels: isNumber ? given.numbers : given.classes,
    weights: null,
    rows: Int32Array.from({ length: given.nTraining }, (_, row) => row),
    // Ten rows, so that the network does not keep a tenth of them for itself.
    validationRows: learner === 'neural-network' ? Int32Array.from({ length: 10 }, (_, row) => row) : null,
    seed: 1,
    shouldStop: () => false,
  }
}

const inputs = new Map<(typeof tasks)[number], FitInput>()
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Milliseconds on the processor, and R² or the area under the ROC curve on the rows held out. */
function fitOnce(task: (typeof tasks)[number]): { readonly cpu: number; readonly quality: number } {
  const input = inputs.get(task) ?? inputOf(task)
  inputs.set(task, input)
  // What earlier fits left behind is not this one's work.
  collectGarbage()
  const before = process.cpuUsage()
  const { model } = learnerByName(task.learner).fit(input, task.parameters)
  const { user, system } = process.cpuUsage(before)
  const table = tables[task.table]
  const scores = scoreModel(model, matrixOf(table, task.features, table.nTraining, table.numbers.length))
  const isNumber = input.task === 'regression'
  const quality = isNumber
    ? rSquared(table.numbers.subarray(table.nTraining), scores)
    : rocAuc(Uint8Array.from(table.classes.subarray(table.nTraining)), scores, null)
  return { cpu: (user + system) / 1000, quality }
}

function rSquared(expected: Float64Array, predicted: Float64Array): number {
  const mean = expected.reduce((sum, value) => sum + value, 0) / expected.length
  const missed = expected.reduce((sum, value, row) => sum + (value - (predicted[row] as number)) ** 2, 0)
  return 1 - missed / expected.reduce((sum, value) => sum + (value - mean) ** 2, 0)
}

const folder = mkdtempSync(join(tmpdir(), 'maestro-learners-'))
for (const [j, column] of tables.numbers.columns.entries()) writeFileSync(join(folder, `x${j}.f32`), column)
for (const [j, column] of tables.texts.columns.entries()) writeFileSync(join(folder, `word${j}.f32`), column)
writeFileSync(join(folder, 'numbers.f64'), tables.numbers.numbers)
writeFileSync(join(folder, 'topics.f64'), tables.texts.classes)
const sizes = [numeric.nTraining, numeric.nFeatures, texts.nTraining, texts.nFeatures].map(String)
const peer = await startPythonPeer('learners-training.py', [folder, ...sizes], oneThread)
const { version } = peer.greeting as { version: string }
const results = []
for (const task of tasks) {
  const ours: number[] = []
  const theirs: number[] = []
  let quality = 0
  let peerQuality = 0
  // The first round warms both up and is not counted.
  for (let turn = 0; turn <= rounds; turn++) {
    const fitted = fitOnce(task)
    const other = (await peer.ask(task.peer)) as { cpu: number; quality: number }
    quality = fitted.quality
    peerQuality = other.quality
    if (turn === 0) continue
    ours.push(fitted.cpu)
    theirs.push(other.cpu)
  }
  const { name, bar } = task
  const measure = task.learner === 'elastic-net' ? 'r2' : 'auc'
  results.push({
    name,
    maestroMs: round(median(ours), 1),
    scikitLearnMs: round(median(theirs), 1),
    ratio: round(median(ours) / median(theirs), 3),
    bar,
    measure,
    maestroQuality: round(quality, 5),
    scikitLearnQuality: round(peerQuality, 5),
  })
  console.log(
    `${name}: ${(median(ours) / median(theirs)).toFixed(2)} of scikit-learn's time, bar ${bar}; ` +
      `${measure} ${quality.toFixed(4)} against ${peerQuality.toFixed(4)}`,
  )
}
peer.end()
rmSync(folder, { recursive: true })
writeFileSync(
  'benchmarks/results/learners-training.json',
  `${JSON.stringify(
    {
      what: `${numeric.nTraining} rows (texts: ${texts.nTraining}), ${rounds} rounds, one thread each, time on the processor, quality on rows held out`,
      machine: machine(`scikit-learn ${version}`),
      loadAverage: loadavg().map((load) => round(load, 1)),
      results,
    },
    null,
    2,
  )}\n`,
)
