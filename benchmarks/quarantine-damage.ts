/**
 * The deep run of the quarantine: damaged copies of small models, each of which must end in a verdict, and a graph that
 * passes must be evaluated or refused by the engine:
 *
 *     node benchmarks/quarantine-damage.ts [FILES, default 20000] [FROM, default 0] [SEED, default 1]
 *
 * About ten minutes on two cores; with FROM it goes on where a run ended, so that it can be done in slices. Exit 1 on the
 * first that is neither accepted nor rejected with a reason. Writes benchmarks/results/quarantine-damage.json.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { inspectOnnx } from '../core/models/quarantine/inspect-onnx.ts'
import { createQuarantine } from '../core/models/quarantine/quarantine.ts'
import { nodeProcesses } from '../core/processes/processes.ts'
import { emptyCells } from '../engine/onnx/evaluate/graph-cells.ts'
import { readGraphModel } from '../engine/onnx/evaluate/graph-model.ts'
import { GraphEvaluationError } from '../engine/onnx/evaluate/graph-tensor.ts'
import { ForeignInterfaceError, foreignInterface } from '../engine/onnx/reader/foreign-interface.ts'
import { randomStream } from '../engine/random.ts'
import { damaged } from '../tests/fixtures/damaged-bytes.ts'
import { negatingModel, stumpModel, textClassifierModel } from '../tests/fixtures/foreign-models.ts'
import { endlessModel } from '../tests/fixtures/onnx-files.ts'
import { machine } from './measured.ts'

const files = Number(process.argv[2] ?? 20_000)
const from = Number(process.argv[3] ?? 0)
const seed = Number(process.argv[4] ?? 1)
const resultPath = resolve('benchmarks/results/quarantine-damage.json')

/** What earlier slices of the same run found. */
interface Found {
  readonly seed: number
  readonly files: number
  readonly accepted: number
  readonly rejected: number
  readonly evaluated: number
  readonly refused: number
  readonly codes: Readonly<Record<string, number>>
  readonly outcomes: Readonly<Record<string, number>>
  readonly slowest: number
  readonly seconds: number
  readonly left: readonly string[]
}

function before(): Found | null {
  if (from === 0) return null
  const found = existsSync(resultPath) ? (JSON.parse(readFileSync(resultPath, 'utf8')) as Found) : null
  if (found?.files === from && found.seed === seed) return found
  throw new Error(`The stored run ended at ${found?.files ?? 0} with seed ${found?.seed ?? seed}; go on from there.`)
}

const folder = mkdtempSync(join(tmpdir(), 'maestro-damage-'))
const path = join(folder, 'damaged.onnx')
const quarantine = createQuarantine(nodeProcesses, { reuse: true })
const originals = [negatingModel, stumpModel(), stumpModel({ post_transform: { text: 'NONE' } }), textClassifierModel]
const limitSeconds = 1
const earlier = before()
const counts = {
  accepted: earlier?.accepted ?? 0,
  rejected: earlier?.rejected ?? 0,
  evaluated: earlier?.evaluated ?? 0,
  refused: earlier?.refused ?? 0,
}
const codes: Record<string, number> = { ...earlier?.codes }
const outcomes: Record<string, number> = { ...earlier?.outcomes }
let slowest = earlier?.slowest ?? 0
const start = performance.now()
for (let at = from; at < files; at++) {
  const original = at % 500 === 0 ? endlessModel : (originals[at % originals.length] as Uint8Array)
  const bytes = damaged(original, randomStream(seed, at))
  writeFileSync(path, bytes)
  const began = performance.now()
  const { report } = await quarantine.examine(path, { seconds: limitSeconds, memoryBytes: 700 * 2 ** 20 })
  slowest = Math.max(slowest, (performance.now() - began) / 1_000)
  counts[report.verdict]++
  const outcome = report.sandbox?.outcome ?? 'not run'
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  const reason = report.findings.find(({ severity }) => severity === 'error')?.code
  if (report.verdict === 'accepted') counts[evaluate(bytes)]++
  else if (reason === undefined) throw new Error(`File ${at} was rejected without a reason.`)
  else codes[reason] = (codes[reason] ?? 0) + 1
}
quarantine.close()
rmSync(path)
const left = readdirSync(folder)
rmSync(folder, { recursive: true })
const result: Found & Record<string, unknown> = {
  what: 'damaged copies of small models, each examined by the quarantine with a limit of a second and 700 MB',
  machine: machine(),
  seed,
  files,
  ...counts,
  // First reason of those rejected, and what became of the trial runs.
  codes,
  outcomes,
  slowest,
  limitSeconds,
  seconds: (earlier?.seconds ?? 0) + (performance.now() - start) / 1_000,
  left: [...(earlier?.left ?? []), ...left],
}
console.log(JSON.stringify(result))
mkdirSync(resolve('benchmarks/results'), { recursive: true })
writeFileSync(resultPath, `${JSON.stringify(result, null, 2)}\n`)
// Reading and running have their own limit each, and a process is killed within a second of it.
if (result.left.length > 0 || slowest > 2 * limitSeconds + 2) process.exitCode = 1

function evaluate(bytes: Uint8Array): 'evaluated' | 'refused' {
  const { model } = inspectOnnx(bytes, null)
  if (model === null) throw new Error('An accepted file cannot be read again.')
  try {
    const plan = foreignInterface(model)
    readGraphModel(model, plan).predict(emptyCells(plan, 3))
    return 'evaluated'
  } catch (error) {
    if (error instanceof GraphEvaluationError || error instanceof ForeignInterfaceError) return 'refused'
    throw error
  }
}
