import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBlobStore } from '../../core/blobs/blob-store.ts'
import type { JobContext } from '../../core/jobs/job-context.ts'
import { exportModel } from '../../core/models/export-model.ts'
import { main } from '../../core/services/predict/predict-main.ts'
import type { PredictResult } from '../../core/services/predict/predict-specification.ts'
import { writeColumnFile } from '../../core/tables/column-file.ts'
import type { Column, Frame } from '../../engine/frame/frame.ts'
import { randomStream } from '../../engine/random.ts'
import type { JobProgress } from '../../shared/domain/jobs.ts'
import { asImported } from '../fixtures/as-imported.ts'
import { randomFrame, randomPipeline } from '../fixtures/random-pipelines.ts'
import { referencePredictions } from '../fixtures/reference-predictions.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-predict-file-'))
const onnxPath = join(folder, 'model.onnx')
const random = randomStream(31)
const pipeline = randomPipeline(random, { task: 'multiclass', family: 'trees', nMembers: 2, depth: 4 })
const frame = asImported(randomFrame(random, 9_000, pipeline))
const expected = referencePredictions(pipeline, frame)

let progress: Partial<JobProgress>[]
let cancelled: AbortController
let job: JobContext
const blobs = createBlobStore(join(folder, 'blobs'))

beforeAll(() => writeFileSync(onnxPath, exportModel(pipeline, frame, {}).onnx))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  progress = []
  cancelled = new AbortController()
  job = {
    jobId: 'j1',
    scratch: mkdtempSync(join(folder, 'scratch-')),
    blobs,
    report: (given) => void progress.push(given),
    log: () => undefined,
    emit: () => Promise.resolve(),
    cancelled: cancelled.signal,
    stopRequested: new AbortController().signal,
  }
})

function cellText(column: Column, row: number): string {
  if (column.storage === 'codes') return column.levels[column.codes[row] as number] ?? ''
  const value = column.values[row] as number
  if (Number.isNaN(value)) return ''
  if (column.type === 'datetime') return new Date(value * 1000).toISOString()
  if (column.type === 'boolean') return value === 1 ? 'yes' : 'no'
  return Object.is(value, -0) ? '-0.0' : String(value)
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

function asCsv(table: Frame): string {
  const header = table.columns.map(({ name }) => quoted(name)).join(',')
  const lines = Array.from({ length: table.nRows }, (_, row) =>
    table.columns.map((column) => quoted(cellText(column, row))).join(','),
  )
  return [header, ...lines, ''].join('\n')
}

function expectPredictions(csv: string): void {
  const [header, ...lines] = csv.trimEnd().split('\n')
  expect(header).toBe(['row', 'prediction', ...pipeline.classes.map((label) => `p_${label}`)].join(','))
  expect(lines).toHaveLength(frame.nRows)
  for (const [row, probabilities] of expected.entries()) {
    const [number, label, ...numbers] = (lines[row] as string).split(',')
    expect(Number(number)).toBe(row)
    expect(label).toBe(pipeline.classes[probabilities.indexOf(Math.max(...probabilities))])
    const differences = numbers.map((text, k) => Math.abs(Number(text) - (probabilities[k] as number)))
    expect(Math.max(...differences)).toBeLessThan(1e-12)
  }
}

const out = join(folder, 'out.csv')
const specification = (kind: 'columns' | 'file', path: string, target: string | null) => ({
  onnxPath,
  table: { kind, path, name: 'rows' },
  out: target,
  downloadName: 'rows predictions.csv',
})

describe('a table is scored into a CSV', () => {
  test('from text to text, whatever the cells hold', async () => {
    const path = join(folder, 'rows.csv')
    writeFileSync(path, asCsv(frame))
    const result = (await main(specification('file', path, out), job)) as unknown as PredictResult
    expectPredictions(readFileSync(out, 'utf8'))
    expect(result).toMatchObject({ rows: 9_000, out, href: null, rejected: 0 })
    expect(result.seconds).toBeGreaterThan(0)
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([])
    const unseen = result.warningCounts.find(({ column, code }) => column === 'kind' && code === 'UNSEEN')
    // The model was described with this very table, so nothing in it is unseen.
    expect(unseen).toBeUndefined()
    expect(result.warningCounts).toContainEqual({ column: 'age', code: 'INFINITE', rows: expect.any(Number) })
    const fractions = progress.flatMap(({ fraction }) => (fraction === undefined ? [] : [fraction]))
    expect(fractions.at(-1)).toBe(1)
    expect(fractions.length).toBeGreaterThan(1)
  })
  test('from a gzipped file, into a download', async () => {
    const path = join(folder, 'rows.csv.gz')
    writeFileSync(path, gzipSync(asCsv(frame)))
    const result = (await main(specification('file', path, null), job)) as unknown as PredictResult
    expect(result.out).toBeNull()
    const [, hex] = /^\/files\/([0-9a-f]{64})\/rows%20predictions\.csv$/.exec(result.href ?? '') ?? []
    expectPredictions(blobs.read(`sha256:${hex}`).toString())
  })
  test("from a dataset's column file", async () => {
    const path = join(folder, 'rows.columns')
    writeColumnFile(path, frame)
    await main(specification('columns', path, out), job)
    expectPredictions(readFileSync(out, 'utf8'))
  })
})

describe('what cannot be scored leaves nothing behind', () => {
  const path = join(folder, 'table.csv')
  const target = join(folder, 'never.csv')
  const failing = async (content: string): Promise<unknown> => {
    writeFileSync(path, content)
    return main(specification('file', path, target), job).catch((error: unknown) => error)
  }
  test.each([
    ['other columns', 'a,b\n1,2\n3,4\n', 'SIGNATURE_MISMATCH'],
    ['an empty file', '', 'DATASET_EMPTY'],
    ['a header alone', 'age,kind\n', 'DATASET_EMPTY'],
  ])('%s', async (_, content, code) => {
    expect(await failing(content)).toMatchObject({ code })
    expect(existsSync(target)).toBe(false)
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([])
  })
  test('a cancelled job', async () => {
    writeFileSync(path, asCsv(frame))
    const running = main(specification('file', path, target), { ...job, report: () => cancelled.abort() })
    await expect(running).rejects.toThrow()
    expect(existsSync(target)).toBe(false)
  })
  test('a folder that does not exist', async () => {
    writeFileSync(path, asCsv({ ...frame, nRows: 5 }))
    await expect(main(specification('file', path, join(folder, 'none', 'out.csv')), job)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    })
  })
})
