import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { explainPipeline } from '../../../../engine/explain/explain-pipeline.ts'
import type { Attributions } from '../../../../engine/explain/explanation.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import { foreignInterface } from '../../../../engine/onnx/reader/foreign-interface.ts'
import { foreignPipeline } from '../../../../engine/pipeline/foreign-pipeline.ts'
import { admitted, referenceCase } from '../../../fixtures/reference-onnx.ts'

interface Values {
  readonly values: readonly (readonly (number | readonly number[])[])[]
  readonly expected_value: number | readonly number[]
  readonly rows_of_x?: readonly number[]
}

interface ReferenceCase {
  readonly name: string
  readonly model: string | null
  readonly features: readonly string[]
  readonly x: readonly (readonly (number | null)[])[]
  readonly background: readonly (readonly (number | null)[])[]
  readonly interventional_onnx_exact?: Values
  readonly interventional_raw_exact?: Values
}

const folder = resolve('../shared/reference/shap')
const present = existsSync(folder)
const cases = present
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ReferenceCase)
      // An isolation forest is there for its trees alone: its file answers something else than shap explains.
      .filter((each) => each.model !== null && each.interventional_onnx_exact !== undefined)
  : []

test.skipIf(!present)('every case with a model is explained (skipped where ../shared is not there)', () => {
  expect(cases.length).toBe(24)
})

function columnsOf(names: readonly string[], rows: ReferenceCase['x']): Column[] {
  return names.map((name, at) => ({
    storage: 'float64',
    name,
    type: 'number',
    values: Float64Array.from(rows, (row) => row[at] ?? Number.NaN),
  }))
}

describe.each(cases)('$name from its file', (reference) => {
  const { model } = admitted(referenceCase(basename(reference.model as string)).path)
  const plan = foreignInterface(model)
  const pipeline = foreignPipeline({
    model,
    plan,
    inputs: reference.features.map((name) => ({ name, type: 'number' })),
    target: 'y',
    runtimeOnly: false,
    runtime: () => {
      throw new Error('not asked')
    },
  })
  const explain = (method: 'auto' | 'exact', output: 'raw' | 'probability'): Attributions =>
    explainPipeline({
      pipeline,
      columns: columnsOf(reference.features, reference.x),
      rows: Int32Array.from(reference.x.keys()),
      background: {
        columns: columnsOf(reference.features, reference.background),
        rows: Int32Array.from(reference.background.keys()),
      },
      method,
      output,
      seed: 0,
    })

  test('has the values of ONNX Runtime’s own output, by enumeration', () => {
    const known = reference.interventional_onnx_exact as Values
    const ours = explain('auto', 'probability')
    expect(ours.exact).toBe(true)
    for (const [at, row] of (known.rows_of_x ?? [...reference.x.keys()]).entries()) {
      for (const [feature, listed] of (known.values[at] ?? []).entries()) {
        const theirs = [listed].flat()
        // Of two classes the second is explained here.
        const wanted = theirs.length === 2 && ours.nOutputs === 1 ? theirs.slice(1) : theirs
        expect(wanted).toHaveLength(ours.nOutputs)
        for (const [k, value] of wanted.entries()) {
          const own = ours.values[(row * ours.nOutputs + k) * ours.nPlayers + feature] as number
          const output = ours.scores[row * ours.nOutputs + k] as number
          // The collection's own tolerance: float32 noise of the runtime.
          expect(Math.abs(own - value)).toBeLessThanOrEqual(5e-6 * Math.max(1, Math.abs(output)))
        }
      }
    }
  })
})
