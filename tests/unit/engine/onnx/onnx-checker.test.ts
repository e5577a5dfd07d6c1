import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Column, Frame } from '../../../../engine/frame/frame.ts'
import type { Pipeline } from '../../../../engine/pipeline/pipeline.ts'
import { predictedLabels, predictPipeline } from '../../../../engine/pipeline/predict-pipeline.ts'
import { goldenModels } from '../../../golden/onnx/golden-models.ts'

type RawColumn = readonly (number | string | null)[]
interface Golden {
  readonly models: Readonly<
    Record<
      string,
      {
        readonly digest: string
        readonly columns: Readonly<Record<string, RawColumn>>
        readonly outputs: Readonly<Record<string, readonly (number | string)[]>>
      }
    >
  >
}

const golden = JSON.parse(
  readFileSync(new URL('../../../golden/onnx/onnx-checker.json', import.meta.url), 'utf8'),
) as Golden

/** The evaluator sums trees in float64 as well; what is left is the order of sums and NumPy's exp. */
const tolerance = 1e-12

describe('ONNX itself finds the files valid, and its reference evaluator predicts what the engine predicts', () => {
  for (const { name, pipeline, bytes } of goldenModels) {
    test(name, () => {
      const expected = golden.models[name]
      // Another digest means another file: make the golden outputs anew, by onnx-checker.py.
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(expected?.digest)
      const frame = frameOf(pipeline, expected?.columns ?? {})
      const predictions = predictPipeline(pipeline, frame)
      const answers = Object.values(expected?.outputs ?? {})
      const numbers = answers.at(-1) as number[]
      for (const [at, value] of predictions.values.entries()) {
        const difference = Math.abs((numbers[at] as number) - value) / Math.max(1, Math.abs(value))
        expect(difference).toBeLessThan(tolerance)
      }
      if (pipeline.task !== 'regression') expect(answers[0]).toEqual(predictedLabels(pipeline, predictions))
    })
  }
})

function frameOf(pipeline: Pipeline, columns: Readonly<Record<string, RawColumn>>): Frame {
  const made = pipeline.inputs.map(({ name, type }): Column => {
    const cells = columns[name] ?? []
    if (type === 'number' || type === 'datetime' || type === 'boolean') {
      return {
        storage: 'float64',
        name,
        type,
        values: Float64Array.from(cells, (cell) => (cell ?? Number.NaN) as number),
      }
    }
    const levels = [...new Set(cells as readonly string[])].filter((cell) => cell !== '').sort()
    return {
      storage: 'codes',
      name,
      type,
      levels,
      codes: Int32Array.from(cells, (cell) => levels.indexOf(cell as string)),
    }
  })
  return { nRows: Object.values(columns)[0]?.length ?? 0, columns: made }
}
