import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { describeSignature } from '../../../../core/models/describe-signature.ts'
import { exportModel } from '../../../../core/models/export-model.ts'
import { createSignatureReader } from '../../../../core/models/model-signature.ts'
import type { Frame } from '../../../../engine/frame/frame.ts'
import { exportPipeline } from '../../../../engine/onnx/export-pipeline.ts'
import type { Pipeline } from '../../../../engine/pipeline/pipeline.ts'
import { signature as signatureSchema } from '../../../../shared/domain/models.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-signature-'))
afterAll(() => rmSync(folder, { recursive: true }))

const frame: Frame = {
  nRows: 5,
  columns: [
    { storage: 'float64', name: 'fare', type: 'number', values: Float64Array.of(7, Number.NaN, 512, 8, Infinity) },
    { storage: 'float64', name: 'alive', type: 'boolean', values: Float64Array.of(1, 1, 0, 1, 0) },
    { storage: 'float64', name: 'day', type: 'datetime', values: Float64Array.of(0, 86_400, 172_800, 0, 0) },
    { storage: 'codes', name: 'port', type: 'category', codes: Int32Array.of(0, 2, 2, -1, 0), levels: ['C', 'Q', 'S'] },
    { storage: 'codes', name: 'note', type: 'text', codes: Int32Array.of(0, 0, 1, 1, 1), levels: ['x', 'y'] },
  ],
}
const pipeline: Pipeline = {
  task: 'regression',
  target: 'price',
  classes: [],
  inputs: [
    { name: 'fare', type: 'number' },
    { name: 'alive', type: 'boolean', spelling: ['dead', 'alive'] },
    { name: 'day', type: 'datetime' },
    { name: 'port', type: 'category' },
    { name: 'note', type: 'text' },
  ],
  members: [
    {
      weight: 1,
      learner: 'ridge',
      encoders: [{ kind: 'missing-indicator', input: 0 }],
      features: [{ name: 'fare is missing', input: 0, kind: 'numeric', cardinality: 0 }],
      targetTransform: 'none',
      model: {
        kind: 'linear',
        nFeatures: 1,
        nOutputs: 1,
        link: 'identity',
        weights: Float64Array.of(1),
        intercept: Float64Array.of(0),
      },
    },
  ],
  threshold: 0.5,
}

test('a signature tells ranges, levels by frequency, whether values were missing, and a typical value', () => {
  const described = describeSignature(pipeline, frame)
  expect(signatureSchema.parse(described)).toEqual(described)
  expect(described.inputs).toEqual([
    { name: 'fare', type: 'number', min: 7, max: 512, levels: null, missingSeen: true, example: 8 },
    {
      name: 'alive',
      type: 'boolean',
      min: null,
      max: null,
      levels: ['alive', 'dead'],
      missingSeen: false,
      example: 'alive',
    },
    {
      name: 'day',
      type: 'datetime',
      min: 0,
      max: 172_800,
      levels: null,
      missingSeen: false,
      example: '1970-01-01T00:00:00.000Z',
    },
    { name: 'port', type: 'category', min: null, max: null, levels: ['C', 'S'], missingSeen: true, example: 'C' },
    { name: 'note', type: 'text', min: null, max: null, levels: null, missingSeen: false, example: 'y' },
  ])
  expect(described.outputs).toEqual([{ name: 'prediction', type: 'double' }])
})

describe('the signature of a file', () => {
  const path = join(folder, 'model.onnx')
  test('is what it was exported with', async () => {
    const { onnx, signature } = exportModel(pipeline, frame, { dataset: 'boats', seed: 1 })
    writeFileSync(path, onnx)
    const read = await createSignatureReader()(path)
    expect(read).toEqual({ ...signature, spellings: new Map([['alive', ['dead', 'alive']]]) })
  })
  test('is names and types where nothing more was stored', async () => {
    const bare = join(folder, 'bare.onnx')
    writeFileSync(bare, exportPipeline(pipeline, { producer: 'Maestro', version: '0', metadata: {} }))
    const read = await createSignatureReader()(bare)
    expect(read.inputs[1]).toMatchObject({ name: 'alive', type: 'boolean', levels: ['dead', 'alive'] })
    expect(read.inputs[0]).toMatchObject({ name: 'fare', min: null, max: null, levels: null })
    expect(read.outputs).toEqual([{ name: 'prediction', type: 'double' }])
  })
  test('is read again when the file was written anew', async () => {
    const reader = createSignatureReader()
    const changing = join(folder, 'changing.onnx')
    for (const target of ['price', 'cost']) {
      writeFileSync(changing, exportModel({ ...pipeline, target }, frame, {}).onnx)
      utimesSync(changing, 1, target.length)
      expect((await reader(changing)).target).toBe(target)
    }
  })
  test('is refused with a code where there is none', async () => {
    const reader = createSignatureReader()
    const other = join(folder, 'other.onnx')
    await expect(reader(join(folder, 'none.onnx'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    writeFileSync(other, 'row,prediction\n')
    await expect(reader(other)).rejects.toMatchObject({ code: 'MODEL_INVALID' })
    writeFileSync(other, '')
    await expect(reader(other)).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  })
})
