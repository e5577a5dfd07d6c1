import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { exportModel } from '../../core/models/export-model.ts'
import { certify } from '../../core/models/parity.ts'
import type { Calibration } from '../../engine/calibration/calibration.ts'
import { explainPipeline, predictionIsScore } from '../../engine/explain/explain-pipeline.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import { predictPipeline } from '../../engine/pipeline/predict-pipeline.ts'
import { parsePipeline, serialisePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import { randomStream } from '../../engine/random.ts'
import { randomFrame, randomPipeline } from '../fixtures/random-pipelines.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-calibrated-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sigmoid: Calibration = { kind: 'sigmoid', slope: 0.37, intercept: -0.81 }
const isotonic: Calibration = {
  kind: 'isotonic',
  x: [0.013, 0.1, 0.33, 0.330001, 0.72, 0.995],
  y: [0.002, 0.17, 0.17, 0.4, 0.83, 0.999],
}
const temperature: Calibration = { kind: 'temperature', temperature: 2.6 }
const sharp: Calibration = { kind: 'temperature', temperature: 0.05 }

const cases = [
  ['binary', 'trees', 1, sigmoid],
  ['binary', 'forest', 3, isotonic],
  ['binary', 'linear', 1, isotonic],
  ['binary', 'forest', 1, { kind: 'sigmoid', slope: 40, intercept: 3 }],
  ['binary', 'linear', 2, temperature],
  ['multiclass', 'trees', 2, temperature],
  ['multiclass', 'forest', 1, sharp],
] as const satisfies readonly (readonly [Pipeline['task'], 'trees' | 'forest' | 'linear', number, Calibration])[]

describe.each(cases)('a calibrated %s pipeline of %s, %i members, %o', (task, family, nMembers, calibration) => {
  const random = randomStream(31, nMembers)
  const plain = randomPipeline(random, { task, family, nMembers })
  const pipeline: Pipeline = { ...plain, calibration }
  const frame = randomFrame(random, 200, plain)

  test('predicts in ONNX Runtime as in the engine, threshold-sitting and extreme rows included', async () => {
    const path = join(folder, 'model.onnx')
    writeFileSync(path, exportModel(pipeline, frame, {}).onnx)
    const certificate = await certify(pipeline, path, frame, { rows: 2_000 })
    expect(certificate).toMatchObject({ passed: true, labelFlips: 0 })
    expect(certificate.maxAbsDiff).toBeLessThan(1e-9)
  })

  test('is another than without, adds up to one, and comes back from its text', () => {
    const { values, nClasses, nRows } = predictPipeline(pipeline, frame)
    expect(values).not.toEqual(predictPipeline(plain, frame).values)
    for (let row = 0; row < nRows; row++) {
      const total = values.subarray(row * nClasses, (row + 1) * nClasses).reduce((sum, each) => sum + each, 0)
      expect(Math.abs(total - 1)).toBeLessThan(1e-12)
    }
    expect(predictPipeline(parsePipeline(serialisePipeline(pipeline)), frame).values).toEqual(values)
  })

  test('is explained as it predicts: probabilities by games that know the calibration', () => {
    expect(predictionIsScore(pipeline)).toBe(false)
    const rows = Int32Array.of(0, 1, 2)
    const background = { columns: frame.columns, rows: Int32Array.from({ length: 5 }, (_, row) => 10 + row) }
    const explained = explainPipeline({
      pipeline,
      columns: frame.columns,
      rows,
      background,
      method: 'exact',
      output: 'probability',
      seed: 1,
    })
    const { values, nClasses } = predictPipeline(pipeline, frame, rows)
    const expected = task === 'binary' ? values.filter((_, at) => at % 2 === 1) : values
    expect(explained.scores).toHaveLength(task === 'binary' ? 3 : 3 * nClasses)
    for (const [at, score] of explained.scores.entries()) expect(score).toBeCloseTo(expected[at] as number, 12)
  })
})
