import { expect, test } from 'vitest'
import { interventionalTreeShap } from '../../../../engine/explain/interventional-tree-shap.ts'
import { treeInteractions } from '../../../../engine/explain/tree-interactions.ts'
import { treeShap } from '../../../../engine/explain/tree-shap.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomMatrix, randomTrees } from '../../../fixtures/random-trees.ts'

test('a row alone has the same bits as among many', () => {
  for (let seed = 0; seed < 12; seed++) {
    const random = randomStream(61, seed)
    const categorical = new Set([1, 4])
    const options = { nFeatures: 7, nTrees: 5, depth: 7, nOutputs: 1 + (seed % 3), vectorLeaves: seed % 2 === 0 }
    const model = randomTrees(random, { ...options, categorical, cardinality: 9 })
    const matrix = randomMatrix(random, 40, 7, categorical, 9)
    // Row 4 is row 3 with one value dragged: most trees do not notice.
    for (const column of matrix.columns.slice(1)) column[4] = column[3] as number
    const background = randomMatrix(random, 11, 7, categorical, 9)
    const playerOf = Int32Array.of(0, 1, 2, 2, 3, 4, 4)
    const solve = {
      treeShap: (from: number, to: number) => treeShap(model, matrix, { playerOf, from, to }),
      interactions: (from: number, to: number) => treeInteractions(model, matrix, { playerOf, from, to }),
      interventional: (from: number, to: number) =>
        interventionalTreeShap(model, matrix, background, { playerOf, from, to }),
    }
    for (const [name, values] of Object.entries(solve)) {
      const all = values(0, 40)
      const width = all.length / 40
      const few = values(17, 20)
      expect(few, name).toEqual(all.subarray(17 * width, 20 * width))
      // One after the other, and one again: what is remembered of trees that go the same way changes nothing.
      for (const row of [3, 4, 4, 3, 39]) {
        expect(values(row, row + 1), `${name}, row ${row}`).toEqual(all.subarray(row * width, (row + 1) * width))
      }
    }
  }
})
