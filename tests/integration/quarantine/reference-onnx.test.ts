import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { foreignSignature, readForeignInterface } from '../../../core/models/foreign-signature.ts'
import { frameBatch } from '../../../core/models/frame-batches.ts'
import type { OnnxPredictions } from '../../../core/models/onnx-predictions.ts'
import { createOnnxSessions } from '../../../core/models/onnx-sessions.ts'
import { createQuarantine } from '../../../core/models/quarantine/quarantine.ts'
import { nodeProcesses } from '../../../core/processes/processes.ts'
import type { ReferenceCase, ReferenceOutput } from '../../fixtures/reference-onnx.ts'
import {
  admitted,
  referenceCase,
  referenceCases,
  referenceFrame,
  referenceNumber,
  referencePresent,
} from '../../fixtures/reference-onnx.ts'

const names = referenceCases()

/** Matrix kernels differ between processors in the last float32 digits; of doubles only the order of sums does. */
const tolerance = { float32: 2e-6, float64: 1e-12 }

describe.skipIf(!referencePresent)('foreign exports (skipped where ../shared is not there)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-foreign-'))
  const sessions = createOnnxSessions()
  const quarantine = createQuarantine(nodeProcesses, { reuse: true })
  afterAll(async () => {
    quarantine.close()
    await sessions.release()
    rmSync(folder, { recursive: true })
  })

  test.each(names)('%s', { timeout: 120_000 }, async (name) => {
    const given = referenceCase(name)
    const { report, outputs } = await quarantine.examine(given.path)
    if (given.status === 'not-loadable') {
      expect(report.verdict).toBe('rejected')
      expect(report.findings.find(({ severity }) => severity === 'error')?.message).toMatch(/declared as|locale/)
      return
    }
    expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    const { bytes, model } = admitted(given.path)
    const plan = readForeignInterface(model, outputs)
    const signature = foreignSignature(plan, [])
    const frame = referenceFrame(given)
    expect(signature.inputs).toHaveLength(frame.columns.length)
    expect(signature.inputs.map(({ type }) => type)).toEqual(frame.columns.map(({ type }) => type))
    const path = join(folder, `${name}.onnx`)
    writeFileSync(path, bytes)
    if (given.status === 'batch-fails') {
      await expect(sessions.predict(path, frame)).rejects.toMatchObject({ code: 'MODEL_FAILED' })
      return
    }
    const predictions = await sessions.predict(path, fedRows(given))
    compareNumbers(given, predictions)
    compareLabels(given, predictions)
  })
})

/** A file of a fixed batch was observed on one batch. */
function fedRows(given: ReferenceCase) {
  const frame = referenceFrame(given)
  const [first] = Object.values(given.outputs)
  const observed = first?.shape?.[0] ?? first?.data.length ?? frame.nRows
  return frameBatch(frame, 0, observed)
}

function compareNumbers(given: ReferenceCase, { values, nRows }: OnnxPredictions): void {
  if (values.length === 0) {
    expect(given.name).toBe('skl-isolation-forest')
    return
  }
  const numbers = Object.values(given.outputs).filter(
    ({ kind, type }) => kind !== 'tensor' || /^float/.test(type ?? ''),
  )
  const width = values.length / nRows
  const expected = numbers.length === 1 ? flat(numbers[0] as ReferenceOutput) : interleaved(numbers)
  expect(values).toHaveLength(expected.length)
  const bar = numbers.some(({ type }) => type === 'float64') ? tolerance.float64 : tolerance.float32
  for (const [at, value] of expected.entries()) {
    const row = Math.floor(at / width)
    const actual = values[at] as number
    if (Object.is(actual, value) || actual === value) continue
    // Neighbours at equal distance may be taken in another order.
    const mayTie = /knn/.test(given.name) && /^(threshold|huge)/.test(given.rowKinds[row] ?? '')
    if (!mayTie && !(Math.abs(actual - value) <= bar * Math.max(1, Math.abs(value)))) {
      expect.fail(`row ${row} (${given.rowKinds[row]}): ${actual} where ONNX Runtime gave ${value}`)
    }
  }
}

function compareLabels(given: ReferenceCase, { labelCodes, labels }: OnnxPredictions): void {
  const { label: name } = given.roles
  const output = typeof name === 'string' ? given.outputs[name] : undefined
  if (output === undefined) return
  const actual = Array.from(labelCodes ?? [], (code) => labels[code])
  const expected = output.data.flat().map(String)
  if (/knn/.test(given.name)) expect(actual.filter((label, row) => label !== expected[row]).length).toBeLessThan(3)
  else expect(actual).toEqual(expected)
}

function flat(output: ReferenceOutput): number[] {
  return output.data.flat(3).map(referenceNumber)
}

/** One output a class, as one row of all. */
function interleaved(outputs: readonly ReferenceOutput[]): number[] {
  const columns = outputs.map(flat)
  return (columns[0] ?? []).flatMap((_, row) => columns.map((column) => column[row] as number))
}
