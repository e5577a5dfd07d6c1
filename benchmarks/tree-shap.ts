/**
 * Time to explain LightGBM's trees, ours against python shap's: the same 100 trees of 31 leaves and the same float32 rows,
 * alternately in one run, so that other work on the machine meets both.
 *
 *   node benchmarks/tree-shap.ts [rounds]
 *
 * shap and LightGBM are taken from the Python that MAESTRO_PYTHON names (default python3). Both sides work in one thread,
 * except LightGBM's own routine, which shap calls where it is given a booster: it is measured besides, with all cores.
 * The bars are ratios of wall times. Prints the medians and writes them to benchmarks/results/tree-shap.json.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { interventionalTreeShap } from '../engine/explain/interventional-tree-shap.ts'
import { treeInteractions } from '../engine/explain/tree-interactions.ts'
import { treeShap } from '../engine/explain/tree-shap.ts'
import type { TreeEnsemble } from '../engine/learners/tree/tree-ensemble.ts'
import type { FeatureMatrix } from '../engine/preprocess/feature-matrix.ts'
import { ensembleOf, type PlainTrees } from '../tests/fixtures/plain-trees.ts'
import type { Timing } from './measured.ts'
import { machine, median, round, summarise } from './measured.ts'
import type { PythonPeer } from './python-peer.ts'
import { startPythonPeer } from './python-peer.ts'

const nRows = 10_000
const nBackground = 100
const rounds = Number(process.argv[2] ?? 5)
const threads = cpus().length

function readMatrix(file: string, rows: number, nFeatures: number): FeatureMatrix {
  const bytes = readFileSync(file)
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  return {
    nRows: rows,
    features: Array.from({ length: nFeatures }, (_, input) => {
      return { name: `f${input}`, input, kind: 'numeric' as const, cardinality: 0 }
    }),
    columns: Array.from({ length: nFeatures }, (_, f) => values.subarray(f * rows, (f + 1) * rows)),
  }
}

function readDoubles(file: string): Float64Array {
  const bytes = readFileSync(file)
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

/** Largest difference, relative to the larger of 1 and the value. */
function largestDifference(ours: Float64Array, theirs: Float64Array): number {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} values against ${theirs.length}`)
  let largest = 0
  for (const [i, value] of ours.entries()) {
    const other = theirs[i] as number
    largest = Math.max(largest, Math.abs(value - other) / Math.max(1, Math.abs(other)))
  }
  return largest
}

interface Contest {
  readonly name: string
  readonly peer: string
  readonly rows: number
  /** Most that ours may take of the peer's wall time; null: for information. */
  readonly bar: number | null
  readonly rounds: number
  readonly explain: () => Float64Array
}

function contestsFor(model: TreeEnsemble, rows: FeatureMatrix, background: FeatureMatrix): Contest[] {
  const range = (to: number) => ({ from: 0, to })
  return [
    {
      name: 'path-dependent',
      peer: 'path-dependent',
      rows: nRows,
      bar: 0.3,
      rounds,
      explain: () => treeShap(model, rows),
    },
    {
      name: 'path-dependent, 1k rows',
      peer: 'path-dependent',
      rows: 1000,
      bar: 0.3,
      rounds,
      explain: () => treeShap(model, rows, range(1000)),
    },
    {
      name: `interventional, 1k rows x ${nBackground}`,
      peer: 'interventional',
      rows: 1000,
      bar: 0.15,
      rounds,
      explain: () => interventionalTreeShap(model, rows, background, range(1000)),
    },
    {
      name: 'interactions, 1k rows',
      peer: 'interactions',
      rows: 1000,
      bar: 0.5,
      // shap takes seven seconds for each.
      rounds: Math.min(rounds, 3),
      explain: () => treeInteractions(model, rows, range(1000)),
    },
    {
      name: `path-dependent, one thread, against LightGBM with ${threads} threads`,
      peer: 'lightgbm',
      rows: nRows,
      bar: null,
      rounds,
      explain: () => treeShap(model, rows),
    },
  ]
}

async function compete(contest: Contest, peer: PythonPeer, folder: string) {
  const ours: Timing[] = []
  const theirs: Timing[] = []
  let difference = 0
  // The first round warms both up and is not counted.
  for (let turn = 0; turn <= contest.rounds; turn++) {
    const wall = performance.now()
    const cpu = process.cpuUsage()
    const values = contest.explain()
    const spent = process.cpuUsage(cpu)
    const own = { wall: performance.now() - wall, cpu: (spent.user + spent.system) / 1000 }
    const other = (await peer.ask({ kind: contest.peer, rows: contest.rows })) as Timing
    if (turn === 0) difference = largestDifference(values, readDoubles(join(folder, `${contest.peer}.f64`)))
    else {
      ours.push(own)
      theirs.push(other)
    }
  }
  const wallRatio = median(ours.map((own) => own.wall)) / median(theirs.map((other) => other.wall))
  return {
    name: contest.name,
    milliseconds: { maestro: summarise(ours), peer: summarise(theirs) },
    wallRatio: round(wallRatio, 4),
    largestRelativeDifference: difference,
    bar: contest.bar,
    met: contest.bar === null ? null : wallRatio <= contest.bar,
  }
}

const loadBefore = round(loadavg()[0] as number, 2)
const folder = mkdtempSync(join(tmpdir(), 'tree-shap-'))
try {
  const peer = await startPythonPeer('tree-shap.py', [folder, String(threads)])
  const versions = peer.greeting as { readonly shap: string; readonly lightgbm: string }
  const model = ensembleOf(JSON.parse(readFileSync(join(folder, 'trees.json'), 'utf8')) as PlainTrees)
  const rows = readMatrix(join(folder, 'rows.f32'), nRows, model.nFeatures)
  const background = readMatrix(join(folder, 'background.f32'), nBackground, model.nFeatures)
  const contests = []
  for (const contest of contestsFor(model, rows, background)) {
    const result = await compete(contest, peer, folder)
    console.log(JSON.stringify(result, null, 2))
    contests.push(result)
  }
  peer.end()
  // shap's interventional routine holds thresholds and sums in float32, so only the others can be held to doubles.
  const exact = contests.filter(({ name }) => !name.startsWith('interventional'))
  const met =
    contests.every((contest) => contest.met !== false) &&
    exact.every(({ largestRelativeDifference }) => largestRelativeDifference <= 1e-10)
  const result = {
    what: `${model.roots.length} trees of 31 leaves by LightGBM, ${model.nFeatures} features, ${nRows} rows, one thread, ${rounds} rounds`,
    machine: machine(`shap ${versions.shap}, LightGBM ${versions.lightgbm}`),
    loadBefore,
    contests,
    differenceBar: 1e-10,
    met,
  }
  writeFileSync(join(import.meta.dirname, 'results', 'tree-shap.json'), `${JSON.stringify(result, null, 2)}\n`)
  console.log(met ? 'All bars are met.' : 'A bar is missed.')
  process.exitCode = met ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
