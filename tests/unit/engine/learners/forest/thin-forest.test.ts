import { describe, expect, it } from 'vitest'
import { randomForest } from '../../../../../engine/learners/forest/random-forest.ts'
import { thinForest } from '../../../../../engine/learners/forest/thin-forest.ts'
import { predictTrees } from '../../../../../engine/learners/tree/predict-trees.ts'
import { randomStream } from '../../../../../engine/random.ts'

function fitForest(nTrees: number) {
  const random = randomStream(3)
  const nRows = 120
  const columns = [0, 1].map(() => Float32Array.from({ length: nRows }, () => random.nextNormal()))
  const matrix = {
    nRows,
    columns,
    features: columns.map((_, input) => ({ name: `x${input}`, input, kind: 'numeric' as const, cardinality: 0 })),
  }
  const labels = Float64Array.from(columns[0] as Float32Array, (value) => value * 3)
  const rows = Int32Array.from({ length: nRows }, (_, row) => row)
  const { model } = randomForest.fit(
    {
      task: 'regression',
      nClasses: 0,
      matrix,
      labels,
      weights: null,
      rows,
      validationRows: null,
      seed: 5,
      shouldStop: () => false,
    },
    { nTrees, minRowsInLeaf: 2 },
  )
  if (model.kind !== 'trees') throw new Error('A forest is made of trees')
  return { model, matrix }
}

describe('thinForest', () => {
  it('is the forest that was grown with fewer trees', () => {
    const { model, matrix } = fitForest(40)
    const fewer = fitForest(10).model
    const thin = thinForest(model, 10)
    expect(thin.roots).toEqual(fewer.roots)
    const expected = predictTrees(fewer, matrix)
    // A share of a fortieth times four is a tenth but for rounding.
    for (const [row, value] of predictTrees(thin, matrix).entries())
      expect(value).toBeCloseTo(expected[row] as number, 12)
  })

  it('leaves a forest alone that has no more trees', () => {
    const { model } = fitForest(5)
    expect(thinForest(model, 5)).toBe(model)
  })
})
