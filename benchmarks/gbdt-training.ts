/**
 * Time to train gradient boosting, binning included, ours against LightGBM's: the same float32 rows and the same
 * hyperparameters, alternately in one run, so that other work on the machine meets both.
 *
 *   node benchmarks/gbdt-training.ts [--only NAME] [--rounds N] [--threads N] [--trees N] [--out FILE]
 *
 * NAME is one of `settings` in gbdt-training-tables.ts, where the bars are: time with two threads (the default), and
 * quality on test rows. With other work on the machine LightGBM's two threads wait for one another, and so do ours: only
 * time on the processor with --threads 1 tells something then. LightGBM is taken from the Python that MAESTRO_PYTHON names
 * (default python3). Prints the medians and writes them to benchmarks/results/gbdt-training.json, where other settings and
 * numbers of threads stay as they were.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createThreadTeam } from '../core/workers/thread-team.ts'
import type { FitInput } from '../engine/learners/learner.ts'
import { predictTrees } from '../engine/learners/tree/predict-trees.ts'
import type { TreeEnsemble } from '../engine/learners/tree/tree-ensemble.ts'
import { computeMetric } from '../engine/metrics/metrics.ts'
import { applyLink } from '../engine/pipeline/apply-link.ts'
import { makeTables, type Setting, settings, type Table } from './gbdt-training-tables.ts'
import type { Timing } from './measured.ts'
import { machine, median, round, summarise } from './measured.ts'
import { startPythonPeer } from './python-peer.ts'

const { values: given } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '0' },
    threads: { type: 'string', default: '2' },
    trees: { type: 'string', default: '0' },
    out: { type: 'string', default: join(import.meta.dirname, 'results', 'gbdt-training.json') },
  },
})
const threads = Number(given.threads)

function writeTable(folder: string, name: string, { matrix, labels }: Table): void {
  writeFileSync(join(folder, `${name}.f32`), Buffer.concat(matrix.columns.map((column) => Buffer.from(column.buffer))))
  writeFileSync(join(folder, `${name}.y`), Uint8Array.from(labels))
}

/** Area under the curve of two classes, log loss of more. */
function qualityOf({ task, nClasses }: Setting, scores: Float64Array, labels: Float64Array): number {
  const isBinary = task === 'binary'
  const values = applyLink(scores, isBinary ? 1 : nClasses, isBinary ? 'logistic' : 'softmax')
  return computeMetric(isBinary ? 'roc_auc' : 'log_loss', labels, { nRows: labels.length, nClasses, values })
}

function readScores(folder: string): Float64Array {
  const bytes = readFileSync(join(folder, 'scores.f64'))
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

function ratio(ours: readonly Timing[], theirs: readonly Timing[], kind: keyof Timing): number {
  return round(median(ours.map((own) => own[kind])) / median(theirs.map((other) => other[kind])), 3)
}

async function measure(setting: Setting, folder: string) {
  // What else ran: above a fraction of a core, LightGBM's barriers suffer more than ours and the wall ratio flatters.
  const loadBefore = round(loadavg()[0] as number, 2)
  const { train, test } = makeTables(setting)
  writeTable(folder, 'train', train)
  writeTable(folder, 'test', test)
  const { task, nClasses, nTrain, cardinalities } = setting
  const input: FitInput = {
    task,
    nClasses,
    ...train,
    weights: null,
    rows: Int32Array.from({ length: nTrain }, (_, row) => row),
    validationRows: null,
    seed: 1,
    shouldStop: () => false,
  }
  const nTrees = Number(given.trees) || setting.nTrees
  const rounds = Number(given.rounds) || setting.rounds
  const parameters = { nTrees, maxLeaves: 31, learningRate: 0.1, minRowsInLeaf: 20, lambda: 0 }
  const team = createThreadTeam(threads)
  const peer = await startPythonPeer('gbdt-training.py', [folder, JSON.stringify({ ...setting, threads })])
  const ours: Timing[] = []
  const theirs: Timing[] = []
  let scores: Float64Array = new Float64Array(0)
  // The first round warms both up and is not counted.
  for (let turn = 0; turn <= rounds; turn++) {
    const wall = performance.now()
    const cpu = process.cpuUsage()
    const { model } = await team.fitGradientBoosting(input, parameters)
    const spent = process.cpuUsage(cpu)
    const own = { wall: performance.now() - wall, cpu: (spent.user + spent.system) / 1000 }
    const other = (await peer.ask(nTrees)) as Timing
    if (turn === 0) scores = predictTrees(model as TreeEnsemble, test.matrix)
    else {
      ours.push(own)
      theirs.push(other)
    }
  }
  peer.end()
  await team.close()
  const quality = {
    metric: task === 'binary' ? 'roc_auc' : 'log_loss',
    maestro: qualityOf(setting, scores, test.labels),
    lightgbm: qualityOf(setting, readScores(folder), test.labels),
  }
  const worse = (task === 'binary' ? -1 : 1) * (quality.maestro - quality.lightgbm)
  const ratios = { wallRatio: ratio(ours, theirs, 'wall'), cpuRatio: ratio(ours, theirs, 'cpu') }
  const timeRatio = threads === 1 ? ratios.cpuRatio : ratios.wallRatio
  const iterations = `${nTrees} iterations of trees with 31 leaves`
  return {
    name: threads === 2 ? setting.name : `${setting.name}, threads: ${threads}`,
    threads,
    what: `${nTrain} rows x ${cardinalities.length} features, ${iterations}, ${task}, ${rounds} rounds`,
    lightgbmVersion: (peer.greeting as { version: string }).version,
    loadBefore,
    milliseconds: { maestro: summarise(ours), lightgbm: summarise(theirs) },
    ...ratios,
    medianOfRoundRatios: round(median(ours.map((own, turn) => own.wall / (theirs[turn] as Timing).wall)), 3),
    quality: { ...quality, worseBy: round(worse, 5) },
    bar: setting.bar,
    met: timeRatio <= setting.bar.timeRatio && worse <= setting.bar.quality,
  }
}

type Measured = Awaited<ReturnType<typeof measure>>

function store(measured: readonly Measured[]): void {
  const known = existsSync(given.out)
    ? ((JSON.parse(readFileSync(given.out, 'utf8')) as { settings?: Measured[] }).settings ?? [])
    : []
  const all = [...measured, ...known.filter((old) => !measured.some(({ name }) => name === old.name))]
  const place = ({ name }: Measured) => settings.findIndex((setting) => name.startsWith(setting.name))
  all.sort((a, b) => place(a) - place(b) || a.threads - b.threads)
  writeFileSync(given.out, `${JSON.stringify({ machine: machine(), settings: all }, null, 2)}\n`)
}

const chosen = settings.filter(({ name }) => given.only === '' || name === given.only)
if (chosen.length === 0) throw new Error(`--only takes one of: ${settings.map(({ name }) => name).join(', ')}`)
const measured: Measured[] = []
for (const setting of chosen) {
  const folder = mkdtempSync(join(tmpdir(), 'gbdt-training-'))
  try {
    const result = await measure(setting, folder)
    measured.push(result)
    console.log(JSON.stringify(result, null, 2))
    console.log(`${result.name}: the bar is ${result.met ? 'met' : 'missed'}.`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
store(measured)
if (measured.some(({ met }) => !met)) process.exitCode = 1
