/**
 * Time from a CSV of a million rows and 20 columns to a stored, profiled dataset, against DuckDB's bare read of the same
 * file into a table with types found over all rows; alternately in one run, so that other work on the machine meets both.
 *
 *   node benchmarks/import-csv.ts [rounds] [rows]
 *
 * Ours is the whole import job without the host's insert: reading, types, exact profile, warnings, digest, and the
 * source, columns and profile flushed to the disk. The bar: at most 2 times DuckDB's time. Prints the medians and writes
 * them to benchmarks/results/import-csv.json.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, version } from '@duckdb/node-api'
import { createBlobStore } from '../core/blobs/blob-store.ts'
import type { JobContext } from '../core/jobs/job-context.ts'
import { main } from '../core/tables/import-main.ts'
import { writeMixedTable } from './import-csv-table.ts'
import type { Timing } from './measured.ts'
import { machine, median, round, summarise } from './measured.ts'

const rounds = Number(process.argv[2] ?? 5)
const nRows = Number(process.argv[3] ?? 1_000_000)
const bar = { timeRatio: 2 }

async function timed(work: () => Promise<unknown>): Promise<Timing> {
  const wall = performance.now()
  const cpu = process.cpuUsage()
  await work()
  const spent = process.cpuUsage(cpu)
  return { wall: performance.now() - wall, cpu: (spent.user + spent.system) / 1000 }
}

/** In a workspace of its own, removed afterwards and not timed. */
async function importOnce(file: string, folder: string): Promise<Timing> {
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch, { recursive: true })
  const never = new AbortController().signal
  const context: JobContext = {
    jobId: 'benchmark',
    scratch,
    blobs: createBlobStore(join(folder, 'blobs')),
    report: () => undefined,
    log: () => undefined,
    emit: () => Promise.resolve(),
    cancelled: never,
    stopRequested: never,
  }
  const specification = {
    path: file,
    fileName: 'mixed.csv',
    name: 'mixed',
    datasetId: null,
    types: {},
    reading: {},
    removeAfter: false,
  }
  const timing = await timed(() => main(specification, context))
  rmSync(scratch, { recursive: true })
  rmSync(join(folder, 'blobs'), { recursive: true })
  return timing
}

async function readOnce(file: string): Promise<Timing> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const timing = await timed(() =>
    connection.run(`CREATE TABLE mixed AS SELECT * FROM read_csv('${file}', sample_size = -1)`),
  )
  connection.closeSync()
  instance.closeSync()
  return timing
}

const folder = mkdtempSync(join(tmpdir(), 'import-csv-'))
try {
  const file = join(folder, 'mixed.csv')
  writeMixedTable(file, nRows)
  const ours: Timing[] = []
  const theirs: Timing[] = []
  // The first round warms both up and is not counted.
  for (let turn = 0; turn <= rounds; turn++) {
    const own = await importOnce(file, folder)
    const other = await readOnce(file)
    if (turn === 0) continue
    ours.push(own)
    theirs.push(other)
  }
  const walls = (timings: readonly Timing[]) => median(timings.map(({ wall }) => wall))
  const result = {
    what: `CSV of ${nRows} rows x 20 columns, ${Math.round(statSync(file).size / 1e6)} MB, to a stored, profiled dataset; ${rounds} rounds`,
    machine: machine(`DuckDB ${version()}`),
    milliseconds: { maestro: summarise(ours), duckdbBareRead: summarise(theirs) },
    wallRatio: round(walls(ours) / walls(theirs), 3),
    medianOfRoundRatios: round(median(ours.map((own, turn) => own.wall / (theirs[turn] as Timing).wall)), 3),
    peakMemoryMegabytes: Math.round(process.resourceUsage().maxRSS / 1000),
    bar,
  }
  const met = result.wallRatio <= bar.timeRatio
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  writeFileSync(
    join(import.meta.dirname, 'results', 'import-csv.json'),
    `${JSON.stringify({ ...result, met }, null, 2)}\n`,
  )
  console.log(JSON.stringify(result, null, 2))
  console.log(met ? 'The bar is met.' : 'The bar is missed.')
  process.exitCode = met ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
