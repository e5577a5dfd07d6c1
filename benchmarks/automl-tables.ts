/**
 * Our AutoML against scikit-learn's HistGradientBoosting with defaults, on real tables: the splits, budgets and metrics
 * of the AutoML protocol (see automl-splits.ts), both in one run on the same machine.
 *
 *   node benchmarks/automl-tables.ts [--data FOLDER] [--budget SECONDS|protocol] [--tables a,b] [--seeds N] [--threads N] [--out FILE]
 *
 * FOLDER holds datasets.json and the tables. Tables under 3,000 rows run with seeds 0, 1, 2, larger ones with seed 0.
 * Primary metric: roc_auc (binary), log_loss (multiclass), rmse (regression), on the held-out 30%. scikit-learn is taken
 * from the Python that MAESTRO_PYTHON names (default python3). The bar: better on at least 10 of 12 tables at 30 s.
 * Writes benchmarks/results/automl-tables.json.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { main } from '../core/automl/automl-main.ts'
import { createBlobStore } from '../core/blobs/blob-store.ts'
import type { JobContext } from '../core/jobs/job-context.ts'
import { newId } from '../core/storage/ids.ts'
import { writeColumnFile } from '../core/tables/column-file.ts'
import { contentDigest } from '../core/tables/import-main.ts'
import { readTable } from '../core/tables/read-table.ts'
import { computeMetric } from '../engine/metrics/metrics.ts'
import type { Predictions } from '../engine/pipeline/pipeline.ts'
import { predictPipeline } from '../engine/pipeline/predict-pipeline.ts'
import { parsePipeline } from '../engine/pipeline/serialise-pipeline.ts'
import { automlSpecification } from '../shared/domain/training.ts'
import { defaultMetric, lessIsBetter, type TaskName } from '../shared/domain/values.ts'
import { formatCsv, parseCsv, type Split, splitTable } from './automl-splits.ts'
import { machine } from './measured.ts'

interface Table {
  readonly name: string
  readonly file: string
  readonly target: string
  readonly task: TaskName
  readonly rows: number
}

interface Measured {
  readonly score: number
  readonly seconds: number
}

interface OursMeasured extends Measured {
  readonly trials: number
  readonly winner: string
  readonly onnxBytes: number
  /** What the search itself believed. */
  readonly claimed: number
}

const { values: given } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    budget: { type: 'string', default: '30' },
    tables: { type: 'string', default: '' },
    seeds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '0' },
    out: { type: 'string', default: 'benchmarks/results/automl-tables.json' },
    verbose: { type: 'boolean', default: false },
  },
})
/** By the protocol small tables have 20 seconds and larger ones 60. */
const budgetOf = ({ rows }: Table) => (given.budget === 'protocol' ? (rows < 3_000 ? 20 : 60) : Number(given.budget))
const budget = given.budget === 'protocol' ? '20 or 60' : given.budget
const python = process.env.MAESTRO_PYTHON ?? 'python3'
const bar = { wins: 10, of: 12 }

function labelsOf(split: Split, table: Table): Float64Array {
  const target = split.test.header.indexOf(table.target)
  const codeOf = new Map(split.classes.map((label, code) => [label, code]))
  return Float64Array.from(split.test.rows, (row) => {
    const cell = row[target] as string
    return table.task === 'regression' ? Number(cell) : (codeOf.get(cell) as number)
  })
}

/** Columns in the order of `classes`. Labels that look like numbers may be spelled differently: 0 and 0.0 are one. */
function inClassOrder(values: Float64Array, from: readonly string[], classes: readonly string[]): Predictions {
  const same = (a: string, b: string) => a === b || (a.trim() !== '' && Number(a) === Number(b))
  const places = classes.map((label) => from.findIndex((other) => same(label, other)))
  const nRows = values.length / from.length
  const ordered = new Float64Array(nRows * classes.length)
  for (let row = 0; row < nRows; row++) {
    for (const [k, place] of places.entries()) {
      ordered[row * classes.length + k] = place < 0 ? 0 : (values[row * from.length + place] as number)
    }
  }
  return { nRows, nClasses: classes.length, values: ordered }
}

async function runOurs(table: Table, seed: number, folder: string, split: Split): Promise<OursMeasured> {
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch, { recursive: true })
  const read = (path: string) => readTable({ path, scratch, types: {}, reading: {} })
  const { frame } = await read(join(folder, 'train.csv'))
  const columnFilePath = join(folder, 'columns')
  writeColumnFile(columnFilePath, frame)
  const blobs = createBlobStore(join(folder, 'blobs'))
  const never = new AbortController().signal
  let pipelineDigest = ''
  let onnxBytes = 0
  let claimed = Number.NaN
  const context: JobContext = {
    jobId: newId(),
    scratch,
    blobs,
    report: () => undefined,
    log: (level, message) => {
      if (given.verbose || level === 'error') console.log(`    ${level}: ${message}`)
    },
    emit: (event) => {
      const told = event as {
        type: string
        parity?: unknown
        row?: { score: number }
        artifacts?: { path: string; digest: string; bytes: number }[]
      }
      if (told.type === 'model' && told.parity) {
        claimed = told.row?.score ?? Number.NaN
        for (const { path, digest, bytes } of told.artifacts ?? []) {
          if (path === 'pipeline.json') pipelineDigest = digest
          if (path === 'model.onnx') onnxBytes = bytes
        }
      }
      return Promise.resolve()
    },
    cancelled: never,
    stopRequested: never,
  }
  const specification = automlSpecification.parse({
    dataset: table.name,
    target: table.target,
    task: table.task,
    budgetSeconds: budgetOf(table),
    seed,
    threads: Number(given.threads),
  })
  const started = performance.now()
  const digest = contentDigest(frame)
  const result = await main(
    {
      specification,
      jobId: context.jobId,
      experimentId: newId(),
      experimentName: table.name,
      dataset: { name: table.name, versionId: newId(), digest, rows: frame.nRows },
      columnFilePath,
      finished: [],
    },
    context,
  )
  const seconds = (performance.now() - started) / 1000
  const pipeline = parsePipeline(blobs.read(pipelineDigest).toString('utf8'))
  const { frame: test } = await read(join(folder, 'test.csv'))
  const predicted = predictPipeline(pipeline, test)
  const predictions =
    pipeline.task === 'regression' ? predicted : inClassOrder(predicted.values, pipeline.classes, split.classes)
  const winner = pipeline.members
    .map(
      ({ learner, weight, model }) =>
        `${weight.toFixed(2)} ${learner}${model.kind === 'trees' ? ` (${model.roots.length} trees)` : ''}`,
    )
    .join(' + ')
  return {
    score: computeMetric(defaultMetric[table.task], labelsOf(split, table), predictions),
    seconds,
    trials: Number(result.trialsRun),
    winner,
    onnxBytes,
    claimed,
  }
}

let pythonVersion = ''

function runPeer(table: Table, seed: number, folder: string, split: Split): Measured {
  const out = join(folder, 'peer.csv')
  const script = join(import.meta.dirname, 'automl-tables.py')
  const files = [join(folder, 'train.csv'), join(folder, 'test.csv')]
  const answer = execFileSync(python, [script, ...files, table.target, table.task, String(seed), out], {
    encoding: 'utf8',
  })
  const { version, fitSeconds } = JSON.parse(answer.trim().split('\n').at(-1) as string) as {
    version: string
    fitSeconds: number
  }
  pythonVersion = version
  const { header, rows } = parseCsv(readFileSync(out, 'utf8'))
  const values = Float64Array.from(rows.flat(), Number)
  const predictions: Predictions =
    table.task === 'regression'
      ? { nRows: rows.length, nClasses: 0, values }
      : inClassOrder(values, header, split.classes)
  return { score: computeMetric(defaultMetric[table.task], labelsOf(split, table), predictions), seconds: fitSeconds }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

async function runTable(table: Table) {
  const text = parseCsv(readFileSync(join(given.data, table.file), 'utf8'))
  const metric = defaultMetric[table.task]
  const runs: { seed: number; ours: OursMeasured; peer: Measured }[] = []
  for (let seed = 0; seed < (table.rows < 3_000 ? Number(given.seeds) : 1); seed++) {
    const folder = mkdtempSync(join(tmpdir(), 'maestro-automl-'))
    try {
      const split = splitTable(text, { ...table, seed })
      writeFileSync(join(folder, 'train.csv'), formatCsv(split.train))
      writeFileSync(join(folder, 'test.csv'), formatCsv(split.test))
      const peer = runPeer(table, seed, folder, split)
      const ours = await runOurs(table, seed, folder, split)
      runs.push({ seed, ours, peer })
      console.log(
        `  ${table.name} ${seed}: ours ${ours.score.toPrecision(5)} (claimed ${ours.claimed.toPrecision(5)}), peer ${peer.score.toPrecision(5)}; ` +
          `${ours.seconds.toFixed(1)} s, ${ours.trials} trials, ${(ours.onnxBytes / 1e6).toFixed(1)} MB: ${ours.winner}`,
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const ours = meanOf(runs.map((run) => run.ours.score))
  const peer = meanOf(runs.map((run) => run.peer.score))
  const wins = lessIsBetter.has(metric) ? ours < peer : ours > peer
  console.log(
    `${wins ? 'win ' : 'LOSS'} ${table.name} ${metric}: ours ${ours.toPrecision(5)}, HGB ${peer.toPrecision(5)}`,
  )
  return { table: table.name, metric, ours, peer, wins, runs }
}

const tables = (JSON.parse(readFileSync(join(given.data, 'datasets.json'), 'utf8')) as Table[]).filter(
  ({ name }) => given.tables === '' || given.tables.split(',').includes(name),
)
const results = []
for (const table of tables) results.push(await runTable(table))
const wins = results.filter((result) => result.wins).length
console.log(`better on ${wins} of ${results.length} tables (bar: ${bar.wins} of ${bar.of}) at ${budget} s`)
const report = {
  what: `Maestro AutoML at ${budget} s, ${Number(given.threads) || availableParallelism()} threads, against HistGradientBoosting defaults`,
  machine: machine(`scikit-learn ${pythonVersion}`),
  budgetSeconds: budget,
  bar,
  wins,
  results,
}
writeFileSync(given.out, `${JSON.stringify(report, null, 2)}\n`)
if (tables.length >= bar.of && wins < bar.wins) process.exitCode = 1
