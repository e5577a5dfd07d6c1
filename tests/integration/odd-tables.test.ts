import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { AutomlEvent } from '../../core/automl/automl-job.ts'
import { main as automl } from '../../core/automl/automl-main.ts'
import { readColumnFile } from '../../core/tables/column-file.ts'
import { main as importTable } from '../../core/tables/import-main.ts'
import { predictPipeline } from '../../engine/pipeline/predict-pipeline.ts'
import { parsePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'
import { automlSpecification } from '../../shared/domain/training.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { OddTable } from '../fixtures/odd-tables.ts'
import { oddTables } from '../fixtures/odd-tables.ts'
import { createMainRunner } from '../fixtures/run-job-main.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-odd-'))
const { run, blobs } = createMainRunner(folder)
const id = '0'.repeat(32)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function json(digest: string): unknown {
  return JSON.parse(blobs.read(digest).toString('utf8'))
}

/** Imports the table as the window does; gives its columns and what was found odd about it. */
async function imported(csv: string) {
  const path = join(folder, 'table.csv')
  writeFileSync(path, csv)
  const source = {
    path,
    fileName: 'table.csv',
    name: 'odd',
    datasetId: null,
    types: {},
    reading: {},
    removeAfter: false,
  }
  const { result } = await run(importTable, source)
  const { warnings } = json(String(result.profileBlob)) as { warnings: DatasetWarning[] }
  return { digest: String(result.digest), columnFilePath: blobs.path(String(result.columnsBlob)), warnings }
}

async function trained({ csv, target, specification }: OddTable) {
  const table = await imported(csv)
  const asked = { dataset: 'odd', target, threads: 1, trials: 2, folds: 3, budgetSeconds: 20, ...specification }
  const { events } = await run(automl, {
    specification: automlSpecification.parse(asked),
    jobId: id,
    experimentId: id,
    experimentName: 'odd',
    dataset: { name: 'odd', versionId: id, digest: table.digest, rows: 0 },
    columnFilePath: table.columnFilePath,
    finished: [],
  })
  const told = events as AutomlEvent[]
  const states = told.flatMap((event) => (event.type === 'state' ? [event.state] : []))
  const [state] = states.slice(-1)
  if (!state) throw new Error('the job never told its state')
  const model = told.find((event) => event.type === 'model' && event.parity !== null)
  const pipeline = model?.type === 'model' ? model.artifacts.find(({ path }) => path === 'pipeline.json') : undefined
  return {
    state,
    warnings: [...table.warnings, ...state.warnings],
    pipeline: parsePipeline(blobs.read(pipeline?.digest ?? '').toString('utf8')),
    frame: readColumnFile(table.columnFilePath),
  }
}

async function expectModel(table: OddTable): Promise<void> {
  const { state, warnings, pipeline, frame } = await trained(table)
  expect(state.parity).toMatchObject({ passed: true, labelFlips: 0 })
  const { low, value, high } = state.best?.score ?? { low: 1, value: Number.NaN, high: 0 }
  expect(low <= value && value <= high, `${low} to ${high} must hold ${value}`).toBe(true)
  const { values, nClasses, nRows } = predictPipeline(pipeline, frame)
  expect(values.every(Number.isFinite)).toBe(true)
  for (let row = 0; nClasses > 0 && row < nRows; row++) {
    const total = values.subarray(row * nClasses, (row + 1) * nClasses).reduce((sum, each) => sum + each, 0)
    expect(Math.abs(total - 1)).toBeLessThan(1e-9)
  }
  if (table.classes) expect([...pipeline.classes].sort()).toEqual([...table.classes].sort())
  for (const [code, column] of table.warns ?? []) {
    const found = warnings.filter((warning) => warning.code === code)
    expect(warnings.map((warning) => `${warning.code} ${warning.column ?? ''}`).join('\n')).toContain(code)
    if (column === null) continue
    expect(found.map((warning) => warning.column)).toContain(column)
    expect(found.some(({ message }) => message.includes(column))).toBe(true)
  }
}

async function expectRefusal(table: OddTable, [code, says]: readonly [string, RegExp]): Promise<void> {
  const error = await trained(table).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(MaestroError)
  const refused = error as MaestroError
  expect(refused).toMatchObject({ code })
  expect(`${refused.message} ${refused.hint}`).toMatch(says)
  expect(refused.hint).not.toBe('')
}

describe(`of ${oddTables.length} odd tables`, () => {
  it('there are at least forty', () => expect(oddTables.length).toBeGreaterThanOrEqual(40))

  it.each(oddTables.filter(({ refusal }) => refusal === undefined).map((table) => [table.title, table] as const))(
    '%s gives a sound model and says what is odd',
    async (_title, table) => expectModel(table),
    120_000,
  )

  it.each(oddTables.flatMap((table) => (table.refusal ? [[table.title, table, table.refusal] as const] : [])))(
    '%s is refused with what to do',
    async (_title, table, refusal) => expectRefusal(table, refusal),
    120_000,
  )
})
