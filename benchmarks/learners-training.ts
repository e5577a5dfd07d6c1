/**
 * Time to train linear models, a forest and an epoch of a neural network, ours against scikit-learn's, one thread each,
 * one after the other in one run. Compared by time on the processor, which other work on the machine disturbs less.
 *
 *   node benchmarks/learners-training.ts [rounds]
 *
 * scikit-learn is taken from the Python that MAESTRO_PYTHON names (default python3). The bars are ratios of the medians.
 * Writes benchmarks/results/learners-training.json.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { FitInput, Parameters } from '../engine/learners/learner.ts'
import { learnerByName } from '../engine/learners/registry.ts'
import { randomStream } from '../engine/random.ts'

const nRows = 100_000
const nFeatures = 100
const rounds = Number(process.argv[2] ?? 1)

/** What is fitted: how many of the features it takes, and what the time ratio must not exceed. */
const tasks = [
  { name: 'elastic net', learner: 'elastic-net', features: 100, bar: 1, parameters: { alpha: 0.01, l1Ratio: 0.5 } },
  { name: 'logistic regression', learner: 'logistic-regression', features: 100, bar: 1, parameters: { c: 1 } },
  { name: 'random forest, 10 trees', learner: 'random-forest', features: 20, bar: 0.15, parameters: { nTrees: 10 } },
  {
    name: 'neural network, one epoch of 128-128',
    learner: 'neural-network',
    features: 20,
    bar: 1,
    parameters: { width: 128, depth: 2, epochs: 1, batchRows: 256, dropout: 0 },
  },
] as const satisfies readonly { learner: string; parameters: Parameters; [key: string]: unknown }[]

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
const classes = numbers.map((value) => Number(value > 0))

function inputOf({ learner, features }: (typeof tasks)[number]): FitInput {
  const isNumber = learner === 'elastic-net'
  return {
    task: isNumber ? 'regression' : 'binary',
    nClasses: isNumber ? 0 : 2,
    matrix: {
      nRows,
      features: Array.from({ length: features }, (_, input) => ({
        name: `x${input}`,
        input,
        kind: 'numeric' as const,
        cardinality: 0,
      })),
      columns: columns.slice(0, features),
    },
    labels: isNumber ? numbers : classes,
    weights: null,
    rows: Int32Array.from({ length: nRows }, (_, row) => row),
    // Ten rows, so that the network does not keep a tenth of them for itself.
    validationRows: learner === 'neural-network' ? Int32Array.from({ length: 10 }, (_, row) => row) : null,
    seed: 1,
    shouldStop: () => false,
  }
}

/** Milliseconds on the processor. */
function fitOnce(task: (typeof tasks)[number]): number {
  const input = inputOf(task)
  const before = process.cpuUsage()
  learnerByName(task.learner).fit(input, task.parameters)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const folder = mkdtempSync(join(tmpdir(), 'maestro-learners-'))
for (const [j, column] of columns.entries()) writeFileSync(join(folder, `x${j}.f32`), column)
writeFileSync(join(folder, 'numbers.f64'), numbers)
const python = spawn(process.env.MAESTRO_PYTHON ?? 'python3', ['benchmarks/learners-training.py', folder, `${nRows}`], {
  env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
})
python.stderr.pipe(process.stderr)
const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]()
const read = async () => JSON.parse(String((await lines.next()).value)) as { version: string; cpu: number }

const { version } = await read()
const results = []
for (const task of tasks) {
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(fitOnce(task))
    python.stdin.write(`${task.learner}\n`)
    theirs.push((await read()).cpu)
  }
  const ratio = median(ours) / median(theirs)
  const { name, bar } = task
  results.push({ name, maestroMs: round1(median(ours)), scikitLearnMs: round1(median(theirs)), ratio, bar })
  console.log(`${name}: ${ratio.toFixed(2)} of scikit-learn's time, bar ${bar}`)
}
python.stdin.end()
rmSync(folder, { recursive: true })
writeFileSync(
  'benchmarks/results/learners-training.json',
  `${JSON.stringify(
    {
      what: `${nRows} rows, ${rounds} rounds, one thread each, time on the processor`,
      machine: `${cpus()[0]?.model ?? ''}, ${cpus().length} cores; Node ${process.versions.node}; scikit-learn ${version}`,
      loadAverage: loadavg().map(round1),
      results,
    },
    null,
    2,
  )}\n`,
)

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] as number
}

function round1(value: number): number {
  return Math.round(10 * value) / 10
}
