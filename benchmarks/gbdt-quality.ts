/**
 * Quality of gradient boosting, ours against LightGBM's, on real tables: the splits of the AutoML protocol, the same
 * columns (numbers as float32, categories as codes, missing values as they are) and the same hyperparameters.
 *
 *   node benchmarks/gbdt-quality.ts [--data FOLDER] [--tables a,b] [--seeds N] [--trees N] [--out FILE]
 *
 * FOLDER holds datasets.json and the tables. Log loss or root mean squared error on the held-out 30%, as a share of
 * LightGBM's; the mean over the seeds and its standard error. The bar: no table is worse by more than two standard errors,
 * nor are all together. LightGBM is taken from the Python that MAESTRO_PYTHON names (default python3). Writes
 * benchmarks/results/gbdt-quality.json; what was measured before of other tables stays.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readTable } from '../core/tables/read-table.ts'
import type { Column, Frame } from '../engine/frame/frame.ts'
import { gradientBoosting } from '../engine/learners/gbdt/gradient-boosting.ts'
import { predictTrees } from '../engine/learners/tree/predict-trees.ts'
import type { TreeEnsemble } from '../engine/learners/tree/tree-ensemble.ts'
import { computeMetric } from '../engine/metrics/metrics.ts'
import { applyLink } from '../engine/pipeline/apply-link.ts'
import type { FeatureMatrix } from '../engine/preprocess/feature-matrix.ts'
import type { TaskName } from '../shared/domain/values.ts'
import { formatCsv, parseCsv, type Split, splitTable } from './automl-splits.ts'
import { machine } from './measured.ts'
import { type PythonPeer, startPythonPeer } from './python-peer.ts'

interface Table {
  readonly name: string
  readonly file: string
  readonly target: string
  readonly task: TaskName
  readonly rows: number
}

/** A split, ready for both. */
interface Prepared {
  readonly train: FeatureMatrix
  readonly test: FeatureMatrix
  readonly trainLabels: Float64Array
  readonly testLabels: Float64Array
  readonly nClasses: number
}

const { values: given } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    tables: { type: 'string', default: '' },
    seeds: { type: 'string', default: '5' },
    trees: { type: 'string', default: '100' },
    out: { type: 'string', default: 'benchmarks/results/gbdt-quality.json' },
  },
})
const nTrees = Number(given.trees)

/** Small tables differ more from split to split and cost less. */
const seedsOf = ({ rows }: Table) => (rows < 5_000 ? 2 : 1) * Number(given.seeds)

/** Whole grades as classes: there are few tables of several classes. */
function withClasses(tables: readonly Table[]): Table[] {
  return tables.flatMap((table) =>
    table.name === 'winequality-red'
      ? [table, { ...table, name: 'winequality-red-classes', task: 'multiclass' as const }]
      : [table],
  )
}

async function prepare(split: Split, table: Table, folder: string): Promise<Prepared> {
  const target = split.train.header.indexOf(table.target)
  const labelOf = (cell: string) => (table.task === 'regression' ? Number(cell) : split.classes.indexOf(cell))
  const labelsOf = ({ rows }: Split['train']) => Float64Array.from(rows, (row) => labelOf(row[target] as string))
  // Read together, so that both parts have the same types; what is known of a category is what the training rows have.
  const path = join(folder, 'table.csv')
  writeFileSync(path, formatCsv({ header: split.train.header, rows: [...split.train.rows, ...split.test.rows] }))
  const { frame } = await readTable({ path, scratch: folder, types: {}, reading: {} })
  const nTrain = split.train.rows.length
  return {
    ...matricesOf(frame, table.target, nTrain),
    trainLabels: labelsOf(split.train),
    testLabels: labelsOf(split.test),
    nClasses: split.classes.length,
  }
}

/** Training and test rows. Texts that are mostly different from row to row are left out. */
function matricesOf(frame: Frame, target: string, nTrain: number): Pick<Prepared, 'train' | 'test'> {
  const columns = frame.columns
    .filter(({ name }) => name !== target)
    .map((column) => ({ name: column.name, ...valuesOf(column, nTrain) }))
    .filter(({ cardinality }) => cardinality <= nTrain / 2)
  const features = columns.map(({ name, cardinality }, input) => ({
    name,
    input,
    kind: cardinality > 0 ? ('codes' as const) : ('numeric' as const),
    cardinality,
  }))
  const part = (first: number, end: number): FeatureMatrix => ({
    nRows: end - first,
    features,
    columns: columns.map(({ values }) => values.slice(first, end)),
  })
  return { train: part(0, nTrain), test: part(nTrain, frame.nRows) }
}

function valuesOf(column: Column, nTrain: number): { readonly cardinality: number; readonly values: Float32Array } {
  if (column.storage === 'float64') return { cardinality: 0, values: Float32Array.from(column.values) }
  const known = new Map<number, number>()
  for (const code of column.codes.subarray(0, nTrain)) if (code >= 0 && !known.has(code)) known.set(code, known.size)
  return {
    cardinality: known.size,
    values: Float32Array.from(column.codes, (code) => known.get(code) ?? Number.NaN),
  }
}

function lossOf(table: Table, { testLabels, nClasses }: Prepared, scores: Float64Array): number {
  const isNumber = table.task === 'regression'
  const link = isNumber ? 'identity' : table.task === 'binary' ? 'logistic' : 'softmax'
  const values = applyLink(scores, table.task === 'multiclass' ? nClasses : 1, link)
  const predictions = { nRows: testLabels.length, nClasses: isNumber ? 0 : nClasses, values }
  return computeMetric(isNumber ? 'rmse' : 'log_loss', testLabels, predictions)
}

function lossOfOurs(table: Table, prepared: Prepared): number {
  const { train, trainLabels, nClasses } = prepared
  const { model } = gradientBoosting.fit(
    {
      task: table.task,
      nClasses,
      matrix: train,
      labels: trainLabels,
      weights: null,
      rows: Int32Array.from({ length: train.nRows }, (_, row) => row),
      validationRows: null,
      seed: 1,
      shouldStop: () => false,
    },
    { nTrees, maxLeaves: 31, learningRate: 0.1, minRowsInLeaf: 20, lambda: 0 },
  )
  return lossOf(table, prepared, predictTrees(model as TreeEnsemble, prepared.test))
}

async function lossOfPeer(table: Table, prepared: Prepared, folder: string, peer: PythonPeer): Promise<number> {
  const { train, test, trainLabels, nClasses } = prepared
  for (const [name, matrix] of [['train', train] as const, ['test', test] as const]) {
    const columns = matrix.columns.map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength),
    )
    writeFileSync(join(folder, `${name}.f32`), Buffer.concat(columns))
  }
  writeFileSync(join(folder, 'train.f64'), new Uint8Array(trainLabels.buffer))
  await peer.ask({
    folder,
    nClasses,
    nTrees,
    objective: table.task,
    cardinalities: train.features.map((f) => f.cardinality),
  })
  const bytes = readFileSync(join(folder, 'scores.f64'))
  return lossOf(
    table,
    prepared,
    new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
  )
}

function summarise(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) }
}

const rounded = (value: number) => Number(value.toPrecision(4))

async function runTable(table: Table, peer: PythonPeer) {
  const text = parseCsv(readFileSync(join(given.data, table.file), 'utf8'))
  const runs: { readonly ours: number; readonly theirs: number }[] = []
  for (let seed = 0; seed < seedsOf(table); seed++) {
    const folder = mkdtempSync(join(tmpdir(), 'gbdt-quality-'))
    try {
      const prepared = await prepare(splitTable(text, { ...table, seed }), table, folder)
      runs.push({ ours: lossOfOurs(table, prepared), theirs: await lossOfPeer(table, prepared, folder, peer) })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const { mean, standardError } = summarise(runs.map(({ ours, theirs }) => ours / theirs - 1))
  const result = {
    table: table.name,
    task: table.task,
    seeds: runs.length,
    maestro: rounded(summarise(runs.map(({ ours }) => ours)).mean),
    lightgbm: rounded(summarise(runs.map(({ theirs }) => theirs)).mean),
    worseBy: rounded(mean),
    standardError: rounded(standardError),
  }
  console.log(JSON.stringify(result))
  return result
}

type Result = Awaited<ReturnType<typeof runTable>>

const all = withClasses(JSON.parse(readFileSync(join(given.data, 'datasets.json'), 'utf8')) as Table[])
const chosen = all.filter(({ name }) => given.tables === '' || given.tables.split(',').includes(name))
const peer = await startPythonPeer('gbdt-quality.py')
const measured: Result[] = []
for (const table of chosen) measured.push(await runTable(table, peer))
peer.end()
const known = existsSync(given.out)
  ? (JSON.parse(readFileSync(given.out, 'utf8')) as { results: Result[] }).results
  : []
const results = all.flatMap(({ name }) => [...measured, ...known].find(({ table }) => table === name) ?? [])
const together = summarise(results.map(({ worseBy }) => worseBy))
const worse = results.filter(({ worseBy, standardError }) => worseBy > 2 * standardError).map(({ table }) => table)
const met = worse.length === 0 && together.mean <= 2 * together.standardError
const { version } = peer.greeting as { version: string }
const report = {
  what: `${nTrees} iterations of trees with 31 leaves; loss on held-out rows over LightGBM's, less one`,
  machine: machine(`LightGBM ${version}`),
  bar: 'no table, nor their mean, worse by more than two standard errors',
  together: { worseBy: rounded(together.mean), standardError: rounded(together.standardError) },
  worse,
  met,
  results,
}
writeFileSync(given.out, `${JSON.stringify(report, null, 2)}\n`)
console.log(
  `${results.length} tables: worse by ${rounded(together.mean)} ± ${rounded(together.standardError)}; ${met ? 'met' : `missed: ${worse.join(', ')}`}`,
)
if (!met) process.exitCode = 1
