import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createQuarantine } from '../../../core/models/quarantine/quarantine.ts'
import { nodeProcesses } from '../../../core/processes/processes.ts'
import { randomStream } from '../../../engine/random.ts'
import { damaged } from '../../fixtures/damaged-bytes.ts'
import { foreignModel, negatingModel, stumpModel } from '../../fixtures/foreign-models.ts'
import { endlessModel } from '../../fixtures/onnx-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-quarantine-'))
const quarantine = createQuarantine(nodeProcesses)
beforeAll(() => expect(readdirSync(folder)).toEqual([]))
afterAll(() => {
  quarantine.close()
  rmSync(folder, { recursive: true })
})

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** Each node doubles what it is given: 2^30 numbers from thirty nodes. */
const doublingModel = foreignModel({
  nodes: Array.from({ length: 30 }, (_, at) => ({
    operator: 'Concat',
    inputs: [at === 0 ? 'x' : `v${at}`, at === 0 ? 'x' : `v${at}`],
    outputs: [at === 29 ? 'y' : `v${at + 1}`],
    attributes: { axis: { integer: 0 } },
  })),
})

describe('a model that', () => {
  test('is sound is run on zeros, and written out as one file', async () => {
    const out = join(folder, 'out.onnx')
    const { report, outputs } = await quarantine.examine(fileOf('stump.onnx', stumpModel()), { out })
    expect(report).toMatchObject({ verdict: 'accepted', findings: [], sandbox: { outcome: 'ran' } })
    expect(report.sandbox?.peakBytes).toBeGreaterThan(2 ** 20)
    expect(outputs).toEqual([{ name: 'y', type: 'float32', shape: [1, 1], start: ['1'] }])
    expect(readdirSync(folder)).toContain('out.onnx')
  })

  test('never ends is killed at its limit', async () => {
    const path = fileOf('endless.onnx', endlessModel)
    const start = performance.now()
    const { report } = await quarantine.examine(path, { seconds: 2 })
    expect(report).toMatchObject({ verdict: 'rejected', sandbox: { outcome: 'timeout' } })
    expect(report.findings.map(({ code }) => code)).toContain('TIME')
    // Starting the process and reading the file come on top of the limit, and a busy machine on top of those.
    expect(performance.now() - start).toBeLessThan(20_000)
  })

  test('takes too much memory is killed', async () => {
    const limit = 500 * 2 ** 20
    const { report } = await quarantine.examine(fileOf('doubling.onnx', doublingModel), { memoryBytes: limit })
    expect(report).toMatchObject({ verdict: 'rejected', sandbox: { outcome: 'memory' } })
    expect(report.sandbox?.peakBytes).toBeGreaterThan(limit)
    expect(report.findings.map(({ code }) => code)).toContain('MEMORY')
  })

  test('fails when it runs is refused with the reason', async () => {
    const outOfRange = foreignModel({
      nodes: [{ operator: 'Gather', inputs: ['x', 'index'], outputs: ['y'] }],
      constants: [['index', { type: 'int64', shape: [1], values: [1_000_000] }]],
    })
    const { report } = await quarantine.examine(fileOf('gather.onnx', outOfRange))
    expect(report).toMatchObject({ verdict: 'rejected', sandbox: { outcome: 'failed' } })
    expect(report.findings[0]?.message).toMatch(/out of data bounds/)
  })

  test('is no model is never run', async () => {
    const { report } = await quarantine.examine(fileOf('page.onnx', new TextEncoder().encode('<html>')))
    expect(report).toMatchObject({ verdict: 'rejected', graph: null, sandbox: null })
  })

  test('comes after a killed one is examined as if nothing had been', async () => {
    const { report } = await quarantine.examine(join(folder, 'stump.onnx'))
    expect(report.verdict).toBe('accepted')
  })

  test('is not there is an error', async () => {
    await expect(quarantine.examine(join(folder, 'gone.onnx'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })
})

test('2,000 damaged files end in a verdict each, and hurt nobody', { timeout: 120_000 }, async () => {
  const before = readdirSync(folder).sort()
  const reused = createQuarantine(nodeProcesses, { reuse: true })
  const random = randomStream(20, 26)
  const originals = [
    negatingModel,
    stumpModel(),
    stumpModel({ post_transform: { text: 'NONE' } }),
    doublingModel.slice(0, 600),
  ]
  const verdicts = { accepted: 0, rejected: 0 }
  const path = join(folder, 'damaged.onnx')
  for (let at = 0; at < 2_000; at++) {
    // Now and then one that may loop without end: each costs its whole time.
    const original = at % 200 === 0 ? endlessModel : (originals[at % originals.length] as Uint8Array)
    writeFileSync(path, damaged(original, random))
    const { report } = await reused.examine(path, { seconds: 1, memoryBytes: 700 * 2 ** 20 })
    verdicts[report.verdict]++
    if (report.verdict === 'rejected') expect(report.findings.some(({ severity }) => severity === 'error')).toBe(true)
  }
  reused.close()
  rmSync(path)
  // Both happen, so neither the damage nor the verdicts are always the same.
  expect(verdicts.accepted).toBeGreaterThan(50)
  expect(verdicts.rejected).toBeGreaterThan(500)
  expect(readdirSync(folder).sort()).toEqual(before)
})
