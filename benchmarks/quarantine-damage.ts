/**
 * The deep run of the quarantine: damaged copies of small models, each of which must end in a verdict, and a graph that
 * passes must be evaluated or refused by the engine:
 *
 *     node benchmarks/quarantine-damage.ts [FILES, default 20000] [SEED, default 1]
 *
 * About ten minutes on two cores. Exit 1 on the first that is neither accepted nor rejected with a reason.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspectOnnx } from '../core/models/quarantine/inspect-onnx.ts'
import { createQuarantine } from '../core/models/quarantine/quarantine.ts'
import { nodeProcesses } from '../core/processes/processes.ts'
import { emptyCells } from '../engine/onnx/evaluate/graph-cells.ts'
import { readGraphModel } from '../engine/onnx/evaluate/graph-model.ts'
import { GraphEvaluationError } from '../engine/onnx/evaluate/graph-tensor.ts'
import { ForeignInterfaceError, foreignInterface } from '../engine/onnx/reader/foreign-interface.ts'
import { randomStream } from '../engine/random.ts'
import { damaged } from '../tests/fixtures/damaged-bytes.ts'
import { negatingModel, stumpModel } from '../tests/fixtures/foreign-models.ts'
import { endlessModel } from '../tests/fixtures/onnx-files.ts'

const files = Number(process.argv[2] ?? 20_000)
const random = randomStream(Number(process.argv[3] ?? 1), files)
const folder = mkdtempSync(join(tmpdir(), 'maestro-damage-'))
const path = join(folder, 'damaged.onnx')
const quarantine = createQuarantine(nodeProcesses, { reuse: true })
const originals = [negatingModel, stumpModel(), stumpModel({ post_transform: { text: 'NONE' } })]
const limitSeconds = 1
const counts = { accepted: 0, rejected: 0, evaluated: 0, refused: 0 }
let slowest = 0
const start = performance.now()
for (let at = 0; at < files; at++) {
  const original = at % 500 === 0 ? endlessModel : (originals[at % originals.length] as Uint8Array)
  const bytes = damaged(original, random)
  writeFileSync(path, bytes)
  const began = performance.now()
  const { report } = await quarantine.examine(path, { seconds: limitSeconds, memoryBytes: 700 * 2 ** 20 })
  slowest = Math.max(slowest, (performance.now() - began) / 1_000)
  counts[report.verdict]++
  if (report.verdict === 'accepted') counts[evaluate(bytes)]++
  else if (!report.findings.some(({ severity }) => severity === 'error')) {
    throw new Error(`File ${at} was rejected without a reason.`)
  }
}
quarantine.close()
rmSync(path)
const left = readdirSync(folder)
rmSync(folder, { recursive: true })
const seconds = (performance.now() - start) / 1_000
process.stdout.write(`${JSON.stringify({ files, ...counts, slowest, limitSeconds, seconds, left })}\n`)
// Reading and running have their own limit each, and a process is killed within a second of it.
if (left.length > 0 || slowest > 2 * limitSeconds + 2) process.exitCode = 1

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
