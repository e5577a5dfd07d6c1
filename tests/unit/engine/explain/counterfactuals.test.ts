import { expect, test } from 'vitest'
import type { Counterfactual } from '../../../../engine/explain/counterfactuals.ts'
import { counterfactuals } from '../../../../engine/explain/counterfactuals.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import { alignColumns } from '../../../../engine/pipeline/align-columns.ts'
import type { Pipeline } from '../../../../engine/pipeline/pipeline.ts'
import { predictedClasses, predictPipelineColumns } from '../../../../engine/pipeline/predict-pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { linearModel, numericPipeline } from '../../../fixtures/numeric-pipeline.ts'
import { fc } from '../../../fixtures/properties.ts'
import { randomFrame, randomPipeline } from '../../../fixtures/random-pipelines.ts'

const rowsOf = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, at) => from + at)

function numbers(name: string, values: readonly number[]): Column {
  return { storage: 'float64', name, type: 'number', values: Float64Array.from(values) }
}

/** Row 0 scores -10; the others hold what may be taken. */
const pipeline = numericPipeline(linearModel([1, 1, 1], 0, 'logistic'), 'binary')
const columns = [
  numbers('f0', [-10, -12, 0, 9, 11, 15]),
  numbers('f1', [0, -3, 0, 2, 4, 6]),
  numbers('f2', [0, 1, 2, 3, 4, 5]),
]
const reference = { columns, rows: rowsOf(0, 6) }
const ask = { pipeline, columns, row: 0, reference, wanted: { kind: 'class' as const, code: 1 } }

test('a single change is enough where one is, and goes only as far as it must', () => {
  const found = counterfactuals(ask)
  // 9 + 0 + 0 is the least of the table's values above 0; the others reach 0 at most alone, and 11 only together.
  expect(found[0]?.changes).toEqual([{ input: 0, to: 9 }])
  // f1 alone adds 6 and f2 alone 5: only together are they more than 10.
  expect(found[1]?.changes).toEqual([
    { input: 1, to: 6 },
    { input: 2, to: 5 },
  ])
  expect(found).toHaveLength(2)
})

test('what must not change does not, and nothing is said where nothing helps', () => {
  const found = counterfactuals({ ...ask, immutable: [0] })
  expect(found.map(({ changes }) => changes.map(({ input }) => input))).toEqual([[1, 2]])
  expect(counterfactuals({ ...ask, immutable: [0, 1] })).toEqual([])
  expect(counterfactuals({ ...ask, immutable: [0], maxChanges: 1 })).toEqual([])
})

test('a row that has the outcome already needs no change', () => {
  expect(counterfactuals({ ...ask, wanted: { kind: 'class', code: 0 } })).toEqual([])
})

test('numbers are moved across a bound', () => {
  const regression = numericPipeline(linearModel([1, 1, 1], 0), 'regression')
  const [first] = counterfactuals({ ...ask, pipeline: regression, wanted: { kind: 'at-most', value: -11 } })
  expect(first).toMatchObject({ changes: [{ input: 0, to: -12 }], outputs: [-12] })
  const [up] = counterfactuals({ ...ask, pipeline: regression, wanted: { kind: 'at-least', value: 4.5 } })
  expect(up).toMatchObject({ changes: [{ input: 0, to: 9 }], outputs: [9] })
})

const drawn = fc.record({
  seed: fc.nat({ max: 1e6 }),
  task: fc.constantFrom('binary', 'multiclass', 'regression'),
  family: fc.constantFrom('trees', 'forest', 'linear'),
  nMembers: fc.integer({ min: 1, max: 2 }),
  immutable: fc.subarray([0, 2, 4, 6]),
})

test('on random pipelines every answer does what it says, with values that the table has', () => {
  let answers = 0
  fc.assert(
    fc.property(drawn, ({ seed, immutable, ...options }) => {
      const random = randomStream(seed)
      const drawnPipeline = randomPipeline(random, options)
      const all = alignColumns(drawnPipeline.inputs, randomFrame(random, 30, drawnPipeline))
      const before = predictPipelineColumns(drawnPipeline, all, Int32Array.of(0))
      const wanted =
        options.task === 'regression'
          ? ({ kind: 'at-least', value: (before.values[0] as number) + 0.5 } as const)
          : ({ kind: 'class', code: predictedClasses(before, drawnPipeline.threshold)[0] === 0 ? 1 : 0 } as const)
      const request = { pipeline: drawnPipeline, columns: all, row: 0, wanted, immutable }
      const found = counterfactuals({ ...request, reference: { columns: all, rows: rowsOf(1, 30) } })
      answers += found.length
      for (const answer of found) {
        const after = predictPipelineColumns(drawnPipeline, applied(drawnPipeline, all, answer), Int32Array.of(0))
        expect(Array.from(after.values)).toEqual(answer.outputs)
        if (wanted.kind === 'class') expect(predictedClasses(after, drawnPipeline.threshold)[0]).toBe(wanted.code)
        else expect(after.values[0]).toBeGreaterThanOrEqual(wanted.value)
        expect(answer.changes.length).toBeLessThanOrEqual(4)
        for (const { input, to } of answer.changes) {
          expect(immutable).not.toContain(input)
          const column = all[input] as Column
          const values = Array.from(rowsOf(1, 30), (row) =>
            column.storage === 'codes' ? column.levels[column.codes[row] as number] : column.values[row],
          )
          expect(values).toContain(to)
        }
        // No change can be left out.
        for (const { input } of answer.changes) {
          const less = { ...answer, changes: answer.changes.filter((change) => change.input !== input) }
          if (less.changes.length === 0) continue
          const without = predictPipelineColumns(drawnPipeline, applied(drawnPipeline, all, less), Int32Array.of(0))
          if (wanted.kind === 'class')
            expect(predictedClasses(without, drawnPipeline.threshold)[0]).not.toBe(wanted.code)
          else expect(without.values[0]).toBeLessThan(wanted.value)
        }
      }
      expect(counterfactuals({ ...request, reference: { columns: all, rows: rowsOf(1, 30) } })).toEqual(found)
    }),
    {
      numRuns: 60,
      seed: 7,
      // Once a shorter way did more than the longer one, so that another change was not needed any more.
      examples: [[{ seed: 448_629, task: 'regression', family: 'linear', nMembers: 1, immutable: [] }]],
    },
  )
  expect(answers).toBeGreaterThan(60)
})

/** The columns with row 0 changed. */
function applied({ inputs }: Pipeline, all: readonly Column[], { changes }: Counterfactual): Column[] {
  return inputs.map((_, input) => {
    const column = all[input] as Column
    const change = changes.find((each) => each.input === input)
    if (!change) return column
    if (column.storage === 'codes') {
      return {
        ...column,
        codes: column.codes.map((code, row) => (row === 0 ? column.levels.indexOf(String(change.to)) : code)),
      }
    }
    return { ...column, values: column.values.map((value, row) => (row === 0 ? Number(change.to) : value)) }
  })
}
