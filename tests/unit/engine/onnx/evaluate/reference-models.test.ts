import { describe, expect, test } from 'vitest'
import { cellsOf } from '../../../../../engine/onnx/evaluate/graph-cells.ts'
import { readGraphModel } from '../../../../../engine/onnx/evaluate/graph-model.ts'
import { GraphEvaluationError } from '../../../../../engine/onnx/evaluate/graph-tensor.ts'
import { foreignInterface } from '../../../../../engine/onnx/reader/foreign-interface.ts'
import {
  admitted,
  type ReferenceOutput,
  referenceCase,
  referenceCases,
  referenceFrame,
  referenceNumber,
  referencePresent,
} from '../../../../fixtures/reference-onnx.ts'

/** Cases whose operators are left to ONNX Runtime: neighbours, support vectors, texts. */
const ofTheRuntime = [
  'pipe-penguins-pca-svc',
  'pipe-titanic-name-tfidf-c-locale',
  'skl-knn',
  'skl-knn-regression',
  'skl-svc-hard',
  'skl-svc-rbf-probability',
  'skl-svr-scaled',
]

/**
 * Squares of thousands that nearly cancel, and exponentials of float32 sums: another order of summing shows in the third
 * or sixth digit. Those are no ensembles, for which the collection's README states its tolerance.
 */
const looser: Readonly<Record<string, number>> = { 'skl-kmeans': 2e-3, 'skl-gaussian-nb': 4e-6 }

const cases = referenceCases().filter((name) => referenceCase(name).status !== 'not-loadable')

test.skipIf(!referencePresent)('all cases are there (skipped where ../shared is not there)', () => {
  expect(cases.length).toBe(111)
})

describe.each(cases)('%s', (name) => {
  const reference = referenceCase(name)
  const { model } = admitted(reference.path)
  const plan = foreignInterface(model)

  test('is evaluated as ONNX Runtime evaluates it, or left to it', () => {
    if (ofTheRuntime.includes(name)) {
      expect(() => readGraphModel(model, plan)).toThrow(GraphEvaluationError)
      return
    }
    const frame = referenceFrame(reference)
    const evaluated = readGraphModel(model, plan)
    const rows = (keep: (row: number) => boolean) =>
      Int32Array.from({ length: frame.nRows }, (_, row) => row).filter(keep)
    for (const row of reference.refused) {
      const alone = rows((each) => each === row)
      expect(() => evaluated.predict(cellsOf(frame.columns, alone))).toThrow(GraphEvaluationError)
    }
    const answered = rows((row) => !reference.refused.includes(row))
    const answers = evaluated.predict(cellsOf(frame.columns, answered))
    const expected = expectedValues(plan.values, reference.outputs, reference.roles, answered)
    expect(answers.values.length).toBe(expected.length)
    // Double ensembles to 1e-12, float ones to 2e-6: float32 sums in another order.
    const most = looser[name] ?? (name.startsWith('hand-ml5') && name.endsWith('-double') ? 1e-12 : 2e-6)
    for (const [at, value] of answers.values.entries()) {
      const wanted = expected[at] as number
      if (Object.is(value, wanted) || (Number.isNaN(value) && Number.isNaN(wanted))) continue
      expect(Math.abs(value - wanted), `value ${at}: ${value}, ${wanted}`).toBeLessThanOrEqual(
        most * Math.max(1, Math.abs(wanted)),
      )
    }
    if (plan.label !== null) {
      expect(answers.labels).toEqual(
        (reference.outputs[plan.label] as ReferenceOutput).data.filter((_, row) => answered.includes(row)).map(String),
      )
    }
  })
})

/** The runtime's numbers in the order of the interface's values: of dictionaries what their source holds. */
function expectedValues(
  names: readonly string[],
  outputs: Readonly<Record<string, ReferenceOutput>>,
  roles: Readonly<Record<string, string | readonly string[]>>,
  answered: Int32Array,
): number[] {
  const found = names.map((name) => outputs[name])
  const dictionary = Object.values(outputs).find(({ kind }) => kind === 'sequence-of-map')
  const lists = found.every((output) => output !== undefined) ? found : dictionary ? [dictionary] : []
  if (lists.length === 0) throw new Error(`${names.join(', ')} are none of ${JSON.stringify(roles)}`)
  const rows = lists.map(({ data }) => data.map((row) => [row].flat(2).map(referenceNumber)))
  return Array.from(answered).flatMap((row) => rows.flatMap((list) => list[row] ?? []))
}
