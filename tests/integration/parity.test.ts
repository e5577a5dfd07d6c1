import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { certify } from '../../core/models/parity.ts'
import type { Frame } from '../../engine/frame/frame.ts'
import type { TreeEnsemble } from '../../engine/learners/tree/tree-ensemble.ts'
import { exportPipeline } from '../../engine/onnx/export-pipeline.ts'
import type { Pipeline, PipelineMember } from '../../engine/pipeline/pipeline.ts'
import { randomStream } from '../../engine/random.ts'
import { parityCertificate } from '../../shared/domain/training.ts'
import type { RandomPipelineOptions } from '../fixtures/random-pipelines.ts'
import { randomFrame, randomPipeline } from '../fixtures/random-pipelines.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-parity-'))
const path = join(folder, 'model.onnx')
afterAll(() => rmSync(folder, { recursive: true }))

function write(pipeline: Pipeline): void {
  writeFileSync(path, exportPipeline(pipeline, { producer: 'maestro', version: '0', metadata: {} }))
}

const kinds: readonly RandomPipelineOptions[] = [
  { task: 'binary', family: 'trees', nMembers: 3 },
  { task: 'binary', family: 'linear', nMembers: 1 },
  { task: 'multiclass', family: 'forest', nMembers: 1, depth: 4 },
  { task: 'multiclass', family: 'linear', nMembers: 2 },
  { task: 'regression', family: 'trees', nMembers: 2 },
  { task: 'regression', family: 'forest', nMembers: 1, depth: 4 },
]

describe('a faithful export is certified', () => {
  for (const [seed, kind] of kinds.entries()) {
    test(`${kind.nMembers} × ${kind.family}, ${kind.task}`, async () => {
      const random = randomStream(seed, 77)
      const pipeline = randomPipeline(random, kind)
      write(pipeline)
      const certificate = await certify(pipeline, path, randomFrame(random, 150, pipeline), { seed })
      expect(certificate).toMatchObject({ labelFlips: 0, passed: true, worst: [] })
      // Doubles throughout: what is left are sums in another order.
      expect(certificate.maxAbsDiff).toBeLessThan(1e-12)
      expect(certificate.rows).toBeGreaterThanOrEqual(10_000)
      expect(certificate.cases.plain).toBe(150)
      for (const name of ['missing', 'unseen', 'infinite', 'threshold', 'extreme']) {
        expect(certificate.cases[name]).toBeGreaterThanOrEqual(1_000)
      }
      expect(Object.values(certificate.cases).reduce((sum, rows) => sum + rows, 0)).toBe(certificate.rows)
      expect(parityCertificate.parse(certificate)).toEqual(certificate)
      expect(certificate.modelDigest).toBe(`sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`)
    })
  }
})

describe('an export that does something else is not', () => {
  const random = randomStream(3, 78)
  const pipeline = randomPipeline(random, { task: 'binary', family: 'trees', nMembers: 1, depth: 5 })
  const [member] = pipeline.members
  const frame = randomFrame(random, 300, pipeline)
  const certifyOther = async (other: Pipeline): Promise<ReturnType<typeof certify>> => {
    write(other)
    return certify(pipeline, path, frame)
  }
  const trees = member?.model as TreeEnsemble
  const withTrees = (changed: Partial<TreeEnsemble>): Pipeline => ({
    ...pipeline,
    members: [{ ...(member as PipelineMember), model: { ...trees, ...changed } }],
  })

  test('when a leaf is a little off', async () => {
    const certificate = await certifyOther(withTrees({ leafValues: trees.leafValues.map((value) => value + 1e-4) }))
    expect(certificate.passed).toBe(false)
    expect(certificate.maxAbsDiff).toBeGreaterThan(1e-6)
    expect(certificate.worst.length).toBeGreaterThan(0)
    expect(certificate.worst[0]?.row).toBeLessThan(300)
  })
  test('when missing values go the other way', async () => {
    const certificate = await certifyOther(withTrees({ missingLeft: trees.missingLeft.map((left) => 1 - left) }))
    expect(certificate.passed).toBe(false)
  })
  test('when thresholds are one float32 step off: only rows that sit on them tell', async () => {
    const certificate = await certifyOther(
      withTrees({ threshold: trees.threshold.map((value) => Math.fround(value - Math.abs(value) * 2 ** -23)) }),
    )
    expect(certificate.passed).toBe(false)
  })
  test('when the decision threshold differs, although all probabilities are right', async () => {
    const certificate = await certifyOther({ ...pipeline, threshold: pipeline.threshold + 0.2 })
    expect(certificate.maxAbsDiff).toBeLessThan(1e-12)
    expect(certificate.labelFlips).toBeGreaterThan(0)
    expect(certificate.passed).toBe(false)
  })
  test('when the labels are exchanged', async () => {
    const certificate = await certifyOther({ ...pipeline, classes: [...pipeline.classes].reverse() })
    expect(certificate.labelFlips).toBe(certificate.rows)
  })
})

test('a row that sits on the decision threshold but for rounding is no flip', async () => {
  // One tree, probabilities 0.1 × 3 against a threshold of 0.3: 0.30000000000000004 in one order, 0.3 in another.
  const random = randomStream(9)
  const pipeline = randomPipeline(random, { task: 'binary', family: 'forest', nMembers: 1 })
  const [member] = pipeline.members
  const model = { ...member?.model, leafValues: new Float64Array(10_000), base: Float64Array.of(0.1 + 0.2) }
  const onThreshold = { ...pipeline, threshold: 0.3, members: [{ ...member, model }] } as Pipeline
  const otherRounding = { ...onThreshold, threshold: 0.1 + 0.2 }
  write(otherRounding)
  const certificate = await certify(onThreshold, path, randomFrame(random, 100, pipeline))
  expect(certificate).toMatchObject({ labelFlips: 0, passed: true })
})

test('a table without rows or without a column is refused with a code', async () => {
  const random = randomStream(4)
  const pipeline = randomPipeline(random, { task: 'binary', family: 'trees', nMembers: 1 })
  write(pipeline)
  const frame = randomFrame(random, 10, pipeline)
  const fewer: Frame = { ...frame, columns: frame.columns.slice(1) }
  await expect(certify(pipeline, path, fewer)).rejects.toMatchObject({ code: 'SIGNATURE_MISMATCH' })
  await expect(certify(pipeline, path, { ...frame, nRows: 0 })).rejects.toMatchObject({ code: 'DATASET_EMPTY' })
  await expect(certify(pipeline, path, frame, { cancelled: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'CANCELLED',
  })
})
