import { describe, expect, it } from 'vitest'
import { gradientBoosting } from '../../../../../engine/learners/gbdt/gradient-boosting.ts'
import type { FitInput } from '../../../../../engine/learners/learner.ts'
import { predictTrees } from '../../../../../engine/learners/tree/predict-trees.ts'
import { truncateTrees } from '../../../../../engine/learners/tree/truncate-trees.ts'
import { randomStream } from '../../../../../engine/random.ts'

function fitInput(nClasses: number, keep: 'best' | 'all'): FitInput {
  const random = randomStream(7)
  const nRows = 300
  const columns = [0, 1, 2].map(() => Float32Array.from({ length: nRows }, () => random.nextNormal()))
  const codes = Float32Array.from({ length: nRows }, () => random.nextBelow(12))
  const labels = Float64Array.from({ length: nRows }, (_, row) => {
    const score = (columns[0]?.[row] as number) + ((codes[row] as number) % 3) - 1 + random.nextNormal()
    return score > 0.8 ? nClasses - 1 : score > -0.5 ? 1 : 0
  })
  const features = [0, 1, 2].map((input) => ({ name: `x${input}`, input, kind: 'numeric' as const, cardinality: 0 }))
  return {
    task: nClasses > 2 ? 'multiclass' : 'binary',
    nClasses,
    matrix: {
      nRows,
      features: [...features, { name: 'c', input: 3, kind: 'codes', cardinality: 12 }],
      columns: [...columns, codes],
    },
    labels,
    weights: null,
    rows: Int32Array.from({ length: 200 }, (_, row) => row),
    validationRows: Int32Array.from({ length: 100 }, (_, row) => row + 200),
    keep,
    seed: 3,
    shouldStop: () => false,
  }
}

const parameters = { nTrees: 60, learningRate: 0.3, maxLeaves: 8, minRowsInLeaf: 3, patience: 10 }

describe('truncateTrees', () => {
  it.each([2, 3])('gives the model of fewer iterations bit for bit, with %i classes', (nClasses) => {
    const all = gradientBoosting.fit(fitInput(nClasses, 'all'), parameters)
    const best = gradientBoosting.fit(fitInput(nClasses, 'best'), parameters)
    if (all.model.kind !== 'trees' || best.model.kind !== 'trees') throw new Error('Boosting grows trees')
    expect(all.learningCurve).toEqual(best.learningCurve)
    expect(all.iterations).toBe(all.learningCurve.length)
    expect(best.iterations).toBeLessThan(all.iterations)
    const cut = truncateTrees(all.model, best.model.roots.length)
    expect(cut.leafValues).toEqual(best.model.leafValues)
    expect(cut.feature).toEqual(best.model.feature)
    const { matrix } = fitInput(nClasses, 'all')
    expect(predictTrees(cut, matrix)).toEqual(predictTrees(best.model, matrix))
  })

  it('leaves a model alone that has no more trees', () => {
    const { model } = gradientBoosting.fit(fitInput(2, 'best'), parameters)
    if (model.kind !== 'trees') throw new Error('Boosting grows trees')
    expect(truncateTrees(model, model.roots.length)).toBe(model)
  })
})
