import { expect, test } from 'vitest'
import type { SurrogateNode } from '../../../../engine/explain/surrogate-tree.ts'
import { surrogateTree } from '../../../../engine/explain/surrogate-tree.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import { alignColumns } from '../../../../engine/pipeline/align-columns.ts'
import { predictPipelineColumns } from '../../../../engine/pipeline/predict-pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { allRows, linearModel, numericPipeline } from '../../../fixtures/numeric-pipeline.ts'
import { ensembleOf } from '../../../fixtures/plain-trees.ts'
import { randomFrame, randomPipeline } from '../../../fixtures/random-pipelines.ts'

const random = randomStream(5)
const nRows = 1_000
const uniform = (name: string): Column => ({
  storage: 'float64',
  name,
  type: 'number',
  values: Float64Array.from({ length: nRows }, () => random.nextFloat()),
})
const columns = [uniform('f0'), uniform('f1')]

/** f0 at 0.5, then f1 at 0.25. */
const smallTree = ensembleOf({
  features: ['f0', 'f1'],
  n_outputs: 1,
  base: [0],
  trees: [
    {
      feature: [0, -1, 1, -1, -1],
      threshold: [0.5, 0, 0.25, 0, 0],
      left: [1, -1, 3, -1, -1],
      right: [2, -1, 4, -1, -1],
      default: [1, -1, 3, -1, -1],
      cover: [100, 50, 50, 12, 38],
      value: [0, 1, 0, 5, 9],
    },
  ],
})

test('a pipeline that is a small tree is imitated without loss, by the same questions', () => {
  const request = { pipeline: numericPipeline(smallTree), columns, rows: allRows(nRows), seed: 1 }
  const { root, fidelity } = surrogateTree(request)
  expect(fidelity.rows).toBe(300)
  // Bins have edges between the values of the sample, so a handful of rows near a threshold may go astray.
  expect(fidelity.r2).toBeGreaterThan(0.98)
  expect(root).toMatchObject({ kind: 'split', name: 'f0' })
  if (root.kind !== 'split' || root.rule.kind !== 'threshold') throw new Error('unreachable')
  expect(root.rule.threshold).toBeCloseTo(0.5, 1)
  expect(leavesOf(root).map(({ value }) => Math.round(value))).toEqual(expect.arrayContaining([1, 5, 9]))
  expect(surrogateTree(request)).toEqual({ root, fidelity })
})

test('what a small tree cannot imitate has a lower fidelity, and a tree of one leaf none', () => {
  const request = { pipeline: numericPipeline(linearModel([3, 1])), columns, rows: allRows(nRows), seed: 1 }
  const few = surrogateTree({ ...request, maxLeaves: 2 }).fidelity.r2 as number
  const many = surrogateTree({ ...request, maxLeaves: 16 }).fidelity.r2 as number
  expect(few).toBeLessThan(0.8)
  expect(many).toBeGreaterThan(0.95)
  const constant = surrogateTree({ ...request, pipeline: numericPipeline(linearModel([0, 0], 2)) })
  expect(constant.root).toMatchObject({ kind: 'leaf', value: 2 })
  expect(constant.fidelity).toMatchObject({ r2: null, meanAbsoluteError: 0 })
})

test('fidelity is what walking the described tree gives on the held-out rows, texts and missing values included', () => {
  for (const task of ['binary', 'multiclass', 'regression'] as const) {
    const pipeline = randomPipeline(randomStream(task.length), { task, family: 'trees', nMembers: 1, depth: 4 })
    const all = alignColumns(pipeline.inputs, randomFrame(randomStream(9), 400, pipeline))
    const { root, fidelity } = surrogateTree({ pipeline, columns: all, rows: allRows(400), seed: 3, output: 0 })
    const predictions = predictPipelineColumns(pipeline, all, allRows(400))
    const width = Math.max(1, predictions.nClasses)
    const wanted = Float64Array.from(
      allRows(400),
      (i) => predictions.values[i * width + (task === 'binary' ? 1 : 0)] as number,
    )
    // Over all rows the mean of the leaves is near the mean of what is imitated.
    const error = wanted.reduce((sum, value, i) => sum + Math.abs(walk(root, all, i) - value), 0) / 400
    if (wanted.every(Number.isFinite)) expect(error).toBeLessThan(2 * fidelity.meanAbsoluteError + 1e-9)
    expect(fidelity.agreement === null).toBe(task !== 'binary')
    expect(leavesOf(root).reduce((sum, leaf) => sum + leaf.rows, 0)).toBe(280)
  }
})

test('too few rows are refused', () => {
  expect(() => surrogateTree({ pipeline: numericPipeline(smallTree), columns, rows: allRows(9), seed: 0 })).toThrow(
    RangeError,
  )
})

function leavesOf(node: SurrogateNode): SurrogateNode[] {
  return node.kind === 'leaf' ? [node] : [...leavesOf(node.left), ...leavesOf(node.right)]
}

function walk(node: SurrogateNode, all: readonly Column[], row: number): number {
  if (node.kind === 'leaf') return node.value
  const column = all[node.input] as Column
  const cell = column.storage === 'codes' ? column.levels[column.codes[row] as number] : (column.values[row] as number)
  const missing = cell === undefined || Number.isNaN(cell)
  const left = missing
    ? node.missingLeft
    : node.rule.kind === 'levels'
      ? node.rule.levels.includes(String(cell))
      : Number(cell) <= node.rule.threshold
  return walk(left ? node.left : node.right, all, row)
}
