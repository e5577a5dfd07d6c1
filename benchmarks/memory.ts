/**
 * Peak memory of training gradient boosting on 1,000,000 rows of 28 numbers, ours against LightGBM's: each in a process
 * of its own that holds the table as float32 and nothing else, 20 trees of 31 leaves, one thread. More trees take no more
 * memory than their nodes.
 *
 *   node benchmarks/memory.ts
 *
 * LightGBM is taken from the Python that MAESTRO_PYTHON names (default python3). The bar: at most LightGBM's peak plus the
 * size of the table. Writes benchmarks/results/memory.json.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { learnerByName } from '../engine/learners/registry.ts'
import { randomStream } from '../engine/random.ts'
import { machine } from './measured.ts'

const nRows = 1_000_000
const nFeatures = 28
const parameters = { nTrees: 20, maxLeaves: 31, minRowsInLeaf: 20, learningRate: 0.1 }
const tableBytes = 4 * nRows * nFeatures

interface Peak {
  readonly version: string
  /** Bytes of the whole process at its largest, and before it trained. */
  readonly peak: number
  readonly before: number
}

const [, , folder] = process.argv
if (folder === undefined) compare()
else console.log(JSON.stringify(trainHere(folder)))

function compare(): void {
  const files = mkdtempSync(join(tmpdir(), 'maestro-memory-'))
  writeTable(files)
  const ours = JSON.parse(execFileSync(process.execPath, [import.meta.filename, files], { encoding: 'utf8' })) as Peak
  const python = process.env.MAESTRO_PYTHON ?? 'python3'
  const sizes = [nRows, nFeatures, parameters.nTrees].map(String)
  const theirs = JSON.parse(
    execFileSync(python, ['benchmarks/memory.py', files, ...sizes], { encoding: 'utf8' }),
  ) as Peak
  rmSync(files, { recursive: true })
  const result = {
    what: `${nRows} rows × ${nFeatures} numbers as float32, ${parameters.nTrees} trees, one thread, a process each`,
    machine: machine(`LightGBM ${theirs.version}`),
    maestroMB: megabytes(ours.peak),
    maestroBeforeMB: megabytes(ours.before),
    lightgbmMB: megabytes(theirs.peak),
    lightgbmBeforeMB: megabytes(theirs.before),
    tableMB: megabytes(tableBytes),
    barMB: megabytes(theirs.peak + tableBytes),
    ratio: ours.peak / (theirs.peak + tableBytes),
  }
  console.log(
    `${result.maestroMB} MB at the most, LightGBM ${result.lightgbmMB} MB; bar ${result.barMB} MB with the table`,
  )
  writeFileSync('benchmarks/results/memory.json', `${JSON.stringify(result, null, 2)}\n`)
}

function writeTable(files: string): void {
  const random = randomStream(28)
  const labels = new Float64Array(nRows)
  for (let j = 0; j < nFeatures; j++) {
    const column = Float32Array.from({ length: nRows }, () => random.nextNormal())
    for (let row = 0; row < nRows; row++) {
      const value = column[row] as number
      labels[row] = (labels[row] as number) + (j % 4 === 0 ? Math.sin(2 * value) : 0.2 * value)
    }
    writeFileSync(join(files, `x${j}.f32`), column)
  }
  for (let row = 0; row < nRows; row++) labels[row] = Number((labels[row] as number) + random.nextNormal() > 0)
  writeFileSync(join(files, 'labels.f64'), labels)
}

/** Reads into the array itself, as column files are read. */
function readInto<Values extends Float32Array | Float64Array>(path: string, values: Values): Values {
  const file = openSync(path, 'r')
  const bytes = new Uint8Array(values.buffer)
  for (let read = 0; read < bytes.length; ) read += readSync(file, bytes, read, bytes.length - read, read)
  closeSync(file)
  return values
}

function trainHere(files: string): Peak {
  const columns = Array.from({ length: nFeatures }, (_, j) =>
    readInto(join(files, `x${j}.f32`), new Float32Array(nRows)),
  )
  const labels = readInto(join(files, 'labels.f64'), new Float64Array(nRows))
  const before = process.memoryUsage.rss()
  learnerByName('gradient-boosting').fit(
    {
      task: 'binary',
      nClasses: 2,
      matrix: {
        nRows,
        features: columns.map((_, input) => ({ name: `x${input}`, input, kind: 'numeric', cardinality: 0 })),
        columns,
      },
      labels,
      weights: null,
      rows: Int32Array.from({ length: nRows }, (_, row) => row),
      validationRows: null,
      seed: 1,
      shouldStop: () => false,
    },
    parameters,
  )
  return { version: process.versions.node, peak: 1024 * process.resourceUsage().maxRSS, before }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10
}
