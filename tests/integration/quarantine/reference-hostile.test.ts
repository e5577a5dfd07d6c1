import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Quarantine } from '../../../core/models/quarantine/quarantine.ts'
import { createQuarantine } from '../../../core/models/quarantine/quarantine.ts'
import { nodeProcesses } from '../../../core/processes/processes.ts'

const reference = new URL('../../../../shared/reference/hostile', import.meta.url).pathname

interface Case {
  readonly file: string
  readonly what: string
  readonly must: string
  readonly also_right: readonly string[]
  readonly beside_it?: readonly string[]
  readonly setup?: readonly { readonly kind: string; readonly name: string }[]
}

const present = existsSync(reference)
const cases = present ? (JSON.parse(readFileSync(join(reference, 'manifest.json'), 'utf8')) as Case[]) : []
const observed = present
  ? (JSON.parse(readFileSync(join(reference, 'observed.json'), 'utf8')) as {
      files: Record<string, { onnxruntime: { text?: string } }>
    })
  : { files: {} }

describe.skipIf(!present)('the hostile files of the reference (skipped where ../shared is not there)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maestro-hostile-'))
  const secret = new Uint8Array(Float32Array.of(11, 22, 33, 44).buffer)
  let quarantine: Quarantine

  beforeAll(() => {
    quarantine = createQuarantine(nodeProcesses, { reuse: true })
    writeFileSync(join(folder, 'hostile-outside.bin'), secret)
  })
  afterAll(() => {
    quarantine.close()
    rmSync(folder, { recursive: true })
  })

  /** A folder of its own for each file, with what belongs to it and the links that it hopes for. */
  function packageOf({ file, beside_it = [], setup = [] }: Case): string {
    const inside = join(folder, file.replace('.onnx', ''))
    mkdirSync(inside)
    for (const name of [file, ...beside_it]) cpSync(join(reference, name), join(inside, name))
    for (const { kind, name } of setup) {
      const outside = join(folder, 'hostile-outside.bin')
      if (kind === 'symlink') symlinkSync(outside, join(inside, name))
      else if (kind === 'hardlink') linkSync(outside, join(inside, name))
      else symlinkSync(folder, join(inside, name))
    }
    return inside
  }

  test.each(cases)('$file: $what', { timeout: 120_000 }, async (given) => {
    const inside = packageOf(given)
    const before = treeDigest(folder)
    const { report, outputs } = await quarantine.examine(join(inside, given.file), {
      seconds: 3,
      memoryBytes: 700 * 2 ** 20,
    })
    const verdict =
      report.verdict === 'accepted' ? 'accept' : report.sandbox === null ? 'reject-static' : 'reject-in-sandbox'
    expect([given.must, ...given.also_right]).toContain(verdict)
    expect(treeDigest(folder)).toBe(before)
    const said = JSON.stringify({ report, outputs })
    expect(said).not.toContain(folder)
    expect(outputs.flatMap(({ start }) => start)).not.toContain('11')
    if (verdict !== 'accept') expect(report.findings.some(({ severity }) => severity === 'error')).toBe(true)
    else expect(startOf(outputs)).toEqual(startOfObserved(given.file))
    rmSync(inside, { recursive: true })
  })
})

function startOf(outputs: readonly { readonly start: readonly string[] }[]): number[] {
  return (outputs[0]?.start ?? []).map(Number)
}

/** `[(2, 1)] [1.0, 1.0]` → 1, 1 */
function startOfObserved(file: string): number[] {
  const list = /\] \[(.*)\]$/.exec(observed.files[file]?.onnxruntime.text ?? '')?.[1] ?? ''
  if (list === '') return []
  return list.split(', ').map((text) => {
    if (text === 'inf') return Infinity
    // -0 and 0 are the same number here.
    return text === 'nan' ? Number.NaN : Number(text) + 0
  })
}

function treeDigest(folder: string): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }).sort((a, b) =>
    join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
  )) {
    const path = join(entry.parentPath, entry.name)
    hash.update(path)
    if (entry.isFile()) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}
