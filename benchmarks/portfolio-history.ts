/**
 * Tries the whole portfolio on synthetic tables and the sample tables, and writes what each configuration reached to
 * engine/search/past-tables.ts: what the search orders its portfolio by. Takes some minutes of one processor.
 *
 *     node benchmarks/portfolio-history.ts [TABLES A TASK] [--synthetic-only]
 */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { planSearch } from '../core/automl/plan-search.ts'
import { prepareTraining } from '../core/automl/prepare-training.ts'
import { runSearch } from '../core/automl/run-search.ts'
import { createTrialPool } from '../core/automl/trial-pool.ts'
import { lossOf, meanScore } from '../core/automl/trial-record.ts'
import { engineVersion } from '../core/models/engine-version.ts'
import { readTable } from '../core/tables/read-table.ts'
import type { Column, Frame } from '../engine/frame/frame.ts'
import { isTriedByDefault, learnersOfTask } from '../engine/learners/registry.ts'
import { randomStream } from '../engine/random.ts'
import type { PastTable } from '../engine/search/advise-portfolio.ts'
import { metaFeatures } from '../engine/search/meta-features.ts'
import { configurationKey } from '../engine/search/search-space.ts'
import { automlSpecification, metricOf } from '../shared/domain/training.ts'

const perTask = Number(process.argv[2] ?? 22)
const started = performance.now()
const noHistory = { version: 'none', madeBy: '', tables: [] }

interface NamedTable {
  readonly name: string
  readonly target: string
  readonly task: PastTable['task']
  readonly frame: Frame
}

/** A table whose target mixes straight lines, steps and products of a few columns with noise, all drawn by the seed. */
function syntheticTable(task: PastTable['task'], seed: number): NamedTable {
  const random = randomStream(seed, 0x7ab1e)
  const between = (low: number, high: number) => low + (high - low) * random.nextFloat()
  const nRows = Math.round(Math.exp(between(Math.log(150), Math.log(1_900))))
  const nNumbers = 2 + random.nextBelow(18)
  const nCategories = random.nextBelow(2) === 0 ? 0 : 1 + random.nextBelow(6)
  const missing = random.nextBelow(3) === 0 ? 0.15 * random.nextFloat() : 0
  const isSkewed = random.nextBelow(3) === 0
  const numbers = Array.from({ length: nNumbers }, () =>
    Float64Array.from({ length: nRows }, () => (isSkewed ? Math.exp(random.nextNormal()) : random.nextNormal())),
  )
  const categories = Array.from({ length: nCategories }, () => {
    const nLevels = 2 + random.nextBelow(25)
    return { nLevels, codes: Int32Array.from({ length: nRows }, () => random.nextBelow(nLevels)) }
  })
  // How much of each kind of relation there is: some tables are straight, some are made of steps, some of products.
  const share = { line: random.nextFloat() ** 2, step: random.nextFloat() ** 2, product: random.nextFloat() ** 2 }
  const score = new Float64Array(nRows)
  const used = Math.min(nNumbers, 2 + random.nextBelow(6))
  for (let at = 0; at < used; at++) {
    const x = numbers[at] as Float64Array
    const y = numbers[(at + 1) % used] as Float64Array
    const [slope, jump, cut, product] = [
      random.nextNormal(),
      random.nextNormal(),
      random.nextNormal(),
      random.nextNormal(),
    ]
    for (let row = 0; row < nRows; row++) {
      const own = x[row] as number
      score[row] =
        (score[row] as number) +
        share.line * slope * own +
        2 * share.step * jump * Number(own > cut) +
        share.product * product * own * (y[row] as number)
    }
  }
  for (const { nLevels, codes } of categories) {
    const effects = Float64Array.from({ length: nLevels }, () => 0.6 * random.nextNormal())
    for (let row = 0; row < nRows; row++)
      score[row] = (score[row] as number) + (effects[codes[row] as number] as number)
  }
  const mean = score.reduce((sum, value) => sum + value, 0) / nRows
  const deviation = Math.sqrt(score.reduce((sum, value) => sum + (value - mean) ** 2, 0) / nRows) || 1
  const noise = between(0.2, 1.5)
  const noisy = score.map((value) => (value - mean) / deviation + noise * random.nextNormal())
  const columns: Column[] = [
    ...numbers.map(
      (values, at): Column => ({
        storage: 'float64',
        name: `n${at}`,
        type: 'number',
        values: shared(values.map((value) => (random.nextFloat() < missing ? Number.NaN : value))),
      }),
    ),
    ...categories.map(({ nLevels, codes }, at): Column => {
      const held = new Int32Array(new SharedArrayBuffer(4 * nRows))
      held.set(codes)
      const levels = Array.from({ length: nLevels }, (_, level) => `level ${String(level).padStart(2, '0')}`)
      return { storage: 'codes', name: `c${at}`, type: 'category', codes: held, levels }
    }),
    targetColumn(task, noisy, between(0.05, 0.5), 3 + random.nextBelow(4)),
  ]
  return { name: `synthetic ${task} ${seed}`, target: 'y', task, frame: { nRows, columns } }
}

function targetColumn(task: PastTable['task'], score: Float64Array, rare: number, nClasses: number): Column {
  if (task === 'regression') return { storage: 'float64', name: 'y', type: 'number', values: shared(score) }
  const sorted = score.toSorted()
  const k = task === 'binary' ? 2 : nClasses
  const cuts = task === 'binary' ? [1 - rare] : Array.from({ length: k - 1 }, (_, at) => (at + 1) / k)
  const limits = cuts.map((cut) => sorted[Math.floor(cut * score.length)] as number)
  const codes = new Int32Array(new SharedArrayBuffer(4 * score.length))
  for (const [row, value] of score.entries()) codes[row] = limits.filter((limit) => value >= limit).length
  const levels = Array.from({ length: k }, (_, level) => `class ${level}`)
  return { storage: 'codes', name: 'y', type: 'category', codes, levels }
}

function shared(values: Float64Array): Float64Array {
  const held = new Float64Array(new SharedArrayBuffer(8 * values.length))
  held.set(values)
  return held
}

async function sampleTables(): Promise<NamedTable[]> {
  const samples = [
    ['titanic', 'survived', 'binary'],
    ['iris', 'species', 'multiclass'],
    ['penguins', 'species', 'multiclass'],
    ['boston-housing', 'MEDV', 'regression'],
  ] as const
  return Promise.all(
    samples.map(async ([name, target, task]) => {
      const path = resolve(import.meta.dirname, `../resources/samples/${name}.csv`)
      const { frame } = await readTable({ path, scratch: tmpdir(), types: {}, reading: {} })
      return { name, target, task, frame }
    }),
  )
}

/** Judges the portfolio's configurations on a table by three folds, without any history. */
async function tryPortfolio({ name, target, task, frame }: NamedTable): Promise<PastTable> {
  const specification = automlSpecification.parse({ dataset: name, target, task, folds: 3, budgetSeconds: 600 })
  const data = prepareTraining(frame, specification)
  const metric = metricOf(task, 'squared')
  const learners = learnersOfTask(task).filter(isTriedByDefault)
  const count = planSearch(data, learners, specification, 1, noHistory).advice.configurations.length
  const plan = planSearch(data, learners, { ...specification, trials: count }, 1, noHistory)
  const pool = createTrialPool(1, {
    columns: data.columns,
    inputs: data.inputs,
    target: data.target,
    weights: null,
    folds: data.allFolds,
    basis: data.basis,
    datasetRows: data.datasetRows,
    metric,
  })
  const asked = new Map<number, string>()
  const { trials } = await runSearch({
    data,
    pool,
    metric,
    search: plan.search,
    fractions: plan.fractions,
    now: () => 0,
    deadline: () => 600,
    secondsPerFit: Number.POSITIVE_INFINITY,
    finished: [],
    signal: new AbortController().signal,
    onStarted: ({ trialId, learner, parameters }) => void asked.set(trialId, configurationKey({ learner, parameters })),
    onEnded: () => Promise.resolve(),
  })
  await pool.close()
  const losses = trials.flatMap((trial) =>
    trial.state === 'succeeded'
      ? [[asked.get(trial.trialId) as string, lossOf(metric, meanScore(trial))] as const]
      : [],
  )
  const sorted = losses.map(([, loss]) => loss).sort((a, b) => a - b)
  const least = sorted[0] ?? 0
  const spread = (sorted[Math.floor(sorted.length / 2)] ?? 0) - least || 1
  const regrets = Object.fromEntries([...asked.values()].map((key): [string, number | null] => [key, null]))
  for (const [key, loss] of losses) regrets[key] = Number(Math.min(9, (loss - least) / spread).toFixed(3))
  const features = Array.from(metaFeatures(data.columns, data.target), (value) => Number(value.toFixed(4)))
  return { name, task, features, regrets }
}

const tables: PastTable[] = []
const synthetic = (['binary', 'multiclass', 'regression'] as const).flatMap((task, at) =>
  Array.from({ length: perTask }, (_, number) => syntheticTable(task, 1_000 * (at + 1) + number)),
)
for (const table of [...(process.argv.includes('--synthetic-only') ? [] : await sampleTables()), ...synthetic]) {
  tables.push(await tryPortfolio(table))
  process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0)} s ${table.name} ${table.frame.nRows}\n`)
}

// Configurations are named once: each table lists its regrets in their order.
const keys = [...new Set(tables.flatMap(({ regrets }) => Object.keys(regrets)))].sort()
const lines = tables.map(({ name, task, features, regrets }) =>
  JSON.stringify([name, task, features, keys.map((key) => (key in regrets ? (regrets[key] ?? 'x') : '')).join(',')]),
)
writeFileSync(
  resolve(import.meta.dirname, '../engine/search/past-tables.ts'),
  [
    '/** Made by benchmarks/portfolio-history.ts; see there. Regrets in the order of `keys`; empty: not tried, x: given up. */',
    `export const madeBy = ${JSON.stringify(`benchmarks/portfolio-history.ts, engine ${engineVersion}, ${tables.length} tables, Node ${process.versions.node}`)}`,
    `export const keys: readonly string[] = [\n${keys.map((key) => `  ${JSON.stringify(key)},`).join('\n')}\n]`,
    `export const rows: readonly string[] = [\n${lines.map((line) => `  ${JSON.stringify(line)},`).join('\n')}\n]`,
    '',
  ].join('\n'),
)
