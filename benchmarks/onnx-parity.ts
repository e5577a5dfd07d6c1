/**
 * What an exported model differs from its pipeline by, on every development table and for every learner:
 *
 *     node benchmarks/onnx-parity.ts [FOLDER with datasets.json, default ../shared/data]
 *
 * Each learner is fitted with its starting parameters on all rows, a half-and-half ensemble of the first two is added, all
 * are exported and certified: real rows and variants, at least 10,000. Exit 1 when one does not pass.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportModel } from '../core/models/export-model.ts'
import { certify } from '../core/models/parity.ts'
import { readTable } from '../core/tables/read-table.ts'
import type { Column, Frame, Target, Task } from '../engine/frame/frame.ts'
import { extraTrees } from '../engine/learners/forest/extra-trees.ts'
import { randomForest } from '../engine/learners/forest/random-forest.ts'
import { gradientBoosting } from '../engine/learners/gbdt/gradient-boosting.ts'
import type { Learner } from '../engine/learners/learner.ts'
import { elasticNet } from '../engine/learners/linear/elastic-net.ts'
import { logisticRegression } from '../engine/learners/linear/logistic-regression.ts'
import type { Pipeline, PipelineMember } from '../engine/pipeline/pipeline.ts'
import type { ChosenInputs } from '../engine/preprocess/choose-inputs.ts'
import { chooseInputs } from '../engine/preprocess/choose-inputs.ts'
import { fitEncoders } from '../engine/preprocess/fit-encoders.ts'

interface Table {
  readonly name: string
  readonly file: string
  readonly target: string
  readonly task: Task
}

const [, , folder = '../shared/data'] = process.argv
if (!existsSync(join(folder, 'datasets.json'))) throw new Error(`There is no datasets.json in ${folder}.`)
const tables = JSON.parse(readFileSync(join(folder, 'datasets.json'), 'utf8')) as Table[]
const learners: readonly Learner[] = [gradientBoosting, randomForest, extraTrees, logisticRegression, elasticNet]
const scratch = mkdtempSync(join(tmpdir(), 'maestro-parity-'))
const results: Record<string, unknown>[] = []

for (const table of tables) {
  const read = await readTable({ path: join(folder, table.file), scratch, types: {}, reading: {} })
  const { frame, target } = withoutMissingTarget(read.frame, table)
  const chosen = chooseInputs(frame, table.target, [])
  const members = learners
    .filter(({ tasks }) => tasks.includes(table.task))
    .map((learner) => fitMember(learner, chosen, target))
  for (const member of members) await report(table, frame, pipelineOf(target, chosen, [member]))
  const pair = members.slice(0, 2).map((member) => ({ ...member, weight: 0.5 }))
  await report(table, frame, pipelineOf(target, chosen, pair))
}
rmSync(scratch, { recursive: true })
mkdirSync('benchmarks/results', { recursive: true })
writeFileSync('benchmarks/results/onnx-parity.json', `${JSON.stringify(results, null, 2)}\n`)

function withoutMissingTarget(frame: Frame, { target, task }: Table): { frame: Frame; target: Target } {
  const column = frame.columns.find(({ name }) => name === target)
  if (column === undefined) throw new Error(`No column ${target}.`)
  const labels = column.storage === 'codes' ? Float64Array.from(column.codes, codeOrNaN) : column.values
  const rows = Int32Array.from(labels.keys()).filter((row) => !Number.isNaN(labels[row]))
  const kept = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row] as number)
  const columns = frame.columns.map(
    (each): Column =>
      each.storage === 'codes'
        ? { ...each, codes: rows.map((row) => each.codes[row] as number) }
        : { ...each, values: kept(each.values) },
  )
  if (task === 'regression') {
    return { frame: { nRows: rows.length, columns }, target: { task, name: target, classes: [], values: kept(labels) } }
  }
  const distinct = [...new Set(kept(labels))].sort((a, b) => a - b)
  const classes = distinct.map((code) => (column.storage === 'codes' ? (column.levels[code] as string) : String(code)))
  const values = kept(labels).map((label) => distinct.indexOf(label))
  return { frame: { nRows: rows.length, columns }, target: { task, name: target, classes, values } }
}

function codeOrNaN(code: number): number {
  return code < 0 ? Number.NaN : code
}

function fitMember(learner: Learner, { columns, inputs }: ChosenInputs, target: Target): PipelineMember {
  const rows = Int32Array.from(target.values.keys())
  const { encoders, features, trainMatrix } = fitEncoders({
    columns,
    inputs,
    target,
    rows,
    encoding: learner.encoding,
    seed: 1,
  })
  const parameters = Object.fromEntries(Object.entries(learner.space).map(([name, { start }]) => [name, start]))
  const { model } = learner.fit(
    {
      task: target.task,
      nClasses: target.classes.length,
      matrix: trainMatrix,
      labels: target.values,
      weights: null,
      rows,
      validationRows: null,
      seed: 1,
      shouldStop: () => false,
    },
    parameters,
  )
  return { weight: 1, learner: learner.name, encoders, features, model, targetTransform: 'none' }
}

function pipelineOf({ task, name, classes }: Target, { inputs }: ChosenInputs, members: PipelineMember[]): Pipeline {
  return { task, target: name, classes, inputs, members, threshold: 0.5 }
}

async function report(table: Table, frame: Frame, pipeline: Pipeline): Promise<void> {
  const path = join(scratch, 'model.onnx')
  const { onnx } = exportModel(pipeline, frame, {})
  writeFileSync(path, onnx)
  const start = performance.now()
  const { passed, labelFlips, maxAbsDiff, rows } = await certify(pipeline, path, frame)
  const learner = pipeline.members.map((member) => member.learner).join(' + ')
  const seconds = (performance.now() - start) / 1000
  results.push({ table: table.name, learner, passed, labelFlips, maxAbsDiff, rows, seconds, bytes: onnx.length })
  console.log(
    `${table.name.padEnd(16)} ${learner.padEnd(34)} ${passed ? 'passed' : 'FAILED'} ${labelFlips} flips, ` +
      `${maxAbsDiff.toExponential(1)} on ${rows} rows in ${seconds.toFixed(2)} s, ${Math.ceil(onnx.length / 1000)} kB`,
  )
  if (!passed) process.exitCode = 1
}
