import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBlobStore } from '../../core/blobs/blob-store.ts'
import type { JobHandler } from '../../core/jobs/job-context.ts'
import { exportModel } from '../../core/models/export-model.ts'
import type { Inference } from '../../core/models/inference.ts'
import { createInference } from '../../core/models/inference.ts'
import { createSignatureReader } from '../../core/models/model-signature.ts'
import { createOnnxSessions } from '../../core/models/onnx-sessions.ts'
import { nodeProcesses } from '../../core/processes/processes.ts'
import type { PredictService } from '../../core/services/predict/predict-service.ts'
import { createPredictService } from '../../core/services/predict/predict-service.ts'
import { scoreTable } from '../../core/services/predict/score-table.ts'
import { createWarningCollector } from '../../core/services/predict/warning-collector.ts'
import { workspacePaths } from '../../core/workspace/workspace-paths.ts'
import type { Frame } from '../../engine/frame/frame.ts'
import { serialisePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import { randomStream } from '../../engine/random.ts'
import type { Job } from '../../shared/domain/jobs.ts'
import { predictionRow, predictionWarning, signature as signatureSchema } from '../../shared/domain/models.ts'
import { MaestroError } from '../../shared/errors.ts'
import { asImported } from '../fixtures/as-imported.ts'
import { randomFrame, randomPipeline } from '../fixtures/random-pipelines.ts'
import { referencePredictions } from '../fixtures/reference-predictions.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-predict-'))
const paths = workspacePaths(folder)
const random = randomStream(12)
const pipeline = randomPipeline(random, { task: 'binary', family: 'trees', nMembers: 2, depth: 4 })
const frame = asImported(randomFrame(random, 3_000, pipeline))
const onnxPath = join(folder, 'model.onnx')

const pipelinePath = join(folder, 'pipeline.json')
const unregistered = {
  label: 'trial 7',
  onnxPath: '',
  pipelinePath,
  pipelineDigest: 'p',
  datasetVersionId: 'rows/2',
  signature: null,
}

let inference: Inference
let service: PredictService
let handler: JobHandler
const started: { kind: string; specification: unknown; title: string }[] = []

beforeAll(() => {
  mkdirSync(paths.uploads)
  writeFileSync(pipelinePath, serialisePipeline(pipeline))
  writeFileSync(onnxPath, exportModel(pipeline, frame, {}).onnx)
  inference = createInference({ processes: nodeProcesses, logger: pino({ enabled: false }) })
  const jobs = {
    register: (given: JobHandler) => {
      handler = given
    },
    start: (kind: string, specification: unknown, about: { title: string }) => {
      started.push({ kind, specification: handler.parse(specification), title: about.title })
      return { id: 'job' } as Job
    },
  }
  service = createPredictService(
    {
      inference,
      paths,
      jobs,
      blobs: createBlobStore(paths.blobs),
      assertWritable: () => undefined,
    } as unknown as Parameters<typeof createPredictService>[0],
    {
      resolve(reference) {
        if (reference === 'run') return unregistered
        if (reference !== 'model') throw new MaestroError('NOT_FOUND')
        return { ...unregistered, onnxPath }
      },
    },
    {
      resolve(reference) {
        if (reference !== 'rows/2') throw new MaestroError('NOT_FOUND', `There is no dataset ${reference}.`)
        return { columnFilePath: '/columns', dataset: { name: 'rows' } }
      },
      readFrame: () => frame,
    },
  )
})
afterAll(async () => {
  await inference.close()
  rmSync(folder, { recursive: true })
})

describe('rows', () => {
  const record = {
    age: 1,
    label: '2.5',
    'Größe [m²]': null,
    Add_0: '2020-02-29',
    'has\nline break': 'yes',
    kind: 'a',
    town: 'Mars',
  }
  test('are predicted as the pipeline predicts them, with warnings by name', async () => {
    const answer = await service.rows('model', [record])
    const [input] = (await service.signature('model')).inputs
    expect(input).toMatchObject({ name: 'age', type: 'number' })
    const cells = [1, 2.5, Number.NaN, Date.UTC(2020, 1, 29) / 1000, 1]
    const single: Frame = {
      nRows: 1,
      columns: frame.columns.map((column, index) =>
        column.storage === 'float64'
          ? { ...column, values: Float64Array.of(cells[index] as number) }
          : { ...column, codes: Int32Array.of(index === 7 ? -1 : 0), levels: [index === 5 ? 'a' : 'Mars'] },
      ),
    }
    const [expected] = referencePredictions(pipeline, single) as [[number, number]]
    const [row] = answer.rows
    expect(predictionRow.parse(row)).toEqual(row)
    expect(row?.prediction).toBe(pipeline.classes[Number(expected[1] > pipeline.threshold)])
    for (const [k, label] of pipeline.classes.entries()) {
      expect(row?.probabilities?.[label]).toBeCloseTo(expected[k] as number, 12)
    }
    expect(answer.warnings.map(({ column, code }) => `${column} ${code}`)).toEqual([
      'Größe [m²] MISSING',
      'town UNSEEN',
      'unused MISSING_COLUMN',
    ])
    for (const warning of answer.warnings) expect(predictionWarning.parse(warning)).toEqual(warning)
  })
  test('take less than 100 ms when warm', async () => {
    await service.rows('model', [record])
    const times: number[] = []
    for (let turn = 0; turn < 5; turn++) times.push((await service.rows('model', [record])).milliseconds)
    // The machine that runs this may be busy with something else.
    expect(Math.min(...times)).toBeLessThan(100)
  })
  test('are predicted by a run that was never exported, with the ranges of its training table', async () => {
    const [fromRun, fromModel] = [await service.rows('run', [record]), await service.rows('model', [record])]
    expect(fromRun.rows).toEqual(fromModel.rows)
    expect(fromRun.warnings).toEqual(fromModel.warnings)
    await service.rows('run', [record])
    expect(createBlobStore(paths.blobs).list()).toHaveLength(1)
  })
  test('of an unknown model are refused', async () => {
    await expect(service.rows('other', [record])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('a signature is what the contract promises', async () => {
  const signature = await service.signature('model')
  expect(signatureSchema.strict().parse(signature)).toEqual(signature)
})

describe('a file job', () => {
  test('is given a dataset, a path or an upload, all resolved', async () => {
    const csv = join(folder, 'rows.csv')
    writeFileSync(csv, 'age\n1\n')
    writeFileSync(join(paths.uploads, 'u1.csv'), 'age\n1\n')
    await service.file({ model: 'model', data: 'rows/2', out: join(folder, 'out.csv') })
    await service.file({ model: 'model', data: csv })
    await service.file({ model: 'model', upload: 'u1.csv' })
    expect(started.map(({ specification }) => specification)).toEqual([
      {
        model: 'model',
        onnxPath,
        signature: null,
        table: { kind: 'columns', path: '/columns', name: 'rows' },
        out: join(folder, 'out.csv'),
        downloadName: 'rows-predictions.csv',
      },
      {
        model: 'model',
        onnxPath,
        signature: null,
        table: { kind: 'file', path: csv, name: 'rows.csv' },
        out: null,
        downloadName: 'rows-predictions.csv',
      },
      {
        model: 'model',
        onnxPath,
        signature: null,
        table: { kind: 'file', path: join(paths.uploads, 'u1.csv'), name: 'u1.csv' },
        out: null,
        downloadName: 'u1-predictions.csv',
      },
    ])
    expect(started[0]).toMatchObject({ kind: 'predict', title: 'Predict outcome for rows' })
  })
  test('is refused for what is not there, and for uploads that point elsewhere', async () => {
    await expect(service.file({ model: 'model' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(service.file({ model: 'model', data: '/none.csv' })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(service.file({ model: 'model', data: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(service.file({ model: 'model', upload: '../model.onnx' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('a scored table', () => {
  const parts = (table: Frame, size: number): Frame[] =>
    Array.from({ length: Math.ceil(table.nRows / size) }, (_, part) => {
      const [start, end] = [part * size, Math.min(table.nRows, (part + 1) * size)]
      return {
        nRows: end - start,
        columns: table.columns.map((column) =>
          column.storage === 'float64'
            ? { ...column, values: column.values.slice(start, end) }
            : { ...column, codes: column.codes.slice(start, end) },
        ),
      }
    })
  async function score(signal = new AbortController().signal) {
    const sessions = createOnnxSessions()
    const lines: string[] = []
    const progress: number[] = []
    const warnings = createWarningCollector()
    const rows = await scoreTable({
      onnxPath,
      signature: await createSignatureReader()(onnxPath),
      sessions,
      parts: parts(frame, 1_000),
      warnings,
      write: (text) => void lines.push(text),
      cancelled: signal,
      onRows: (done) => void progress.push(done),
    }).finally(async () => sessions.release())
    return { rows, csv: lines.join(''), progress, warnings }
  }
  test('has a line a row with the label in its own spelling and all probabilities', async () => {
    const { rows, csv, progress } = await score()
    const [header, ...lines] = csv.trimEnd().split('\n')
    expect(rows).toBe(3_000)
    expect(progress).toEqual([1_000, 2_000, 3_000])
    expect(header).toBe('row,prediction,p_no way,p_ja')
    expect(lines).toHaveLength(3_000)
    for (const [row, [negative, positive]] of (referencePredictions(pipeline, frame) as [number, number][]).entries()) {
      const [number, label, first, second] = (lines[row] as string).split(',')
      expect(Number(number)).toBe(row)
      expect(label).toBe(positive > pipeline.threshold ? 'ja' : 'no way')
      expect(Number(first)).toBeCloseTo(negative, 12)
      expect(Number(second)).toBeCloseTo(positive, 12)
    }
  })
  test('ends when it is cancelled', async () => {
    await expect(score(AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
