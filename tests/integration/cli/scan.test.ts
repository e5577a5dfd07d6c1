import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { foreignModel, stumpModel } from '../../fixtures/foreign-models.ts'
import { maestro, maestroJson } from '../../fixtures/run-maestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-scan-'))
const workspace = join(folder, 'workspace')
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 }))

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

test('a sound model is accepted, with what it is', async () => {
  const { exitCode, json } = await maestroJson(workspace, 'scan', fileOf('stump.onnx', stumpModel()))
  expect(exitCode).toBe(0)
  expect(json).toMatchObject({
    verdict: 'accepted',
    findings: [],
    graph: {
      opsets: [{ version: 17 }, { domain: 'ai.onnx.ml', version: 3 }],
      ops: [{ operator: 'TreeEnsembleRegressor' }],
    },
    sandbox: { outcome: 'ran' },
  })
})

test('a rejected one is exit 5, with the reason in plain words and no terminal codes', async () => {
  const evil = foreignModel({
    nodes: [{ operator: 'Run\u001b[31m', domain: 'com.evil', inputs: ['x'], outputs: ['y'] }],
  })
  const path = fileOf('evil.onnx', evil)
  const { exitCode, stdout } = await maestro(workspace, 'scan', path)
  expect(exitCode).toBe(5)
  expect(stdout).toMatch(/^REJECTED\n/)
  expect(stdout).toContain('Maestro runs no operators of others')
  expect(stdout).toContain('It was not run.')
  expect(stdout).not.toContain('\u001b')
  const asJson = await maestroJson(workspace, 'scan', path)
  expect(asJson).toMatchObject({ exitCode: 5, json: { verdict: 'rejected', sandbox: null } })
})
