import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { gradientBoosting } from '../../../../../engine/learners/gbdt/gradient-boosting.ts'
import type { Parameters } from '../../../../../engine/learners/learner.ts'
import { applyLink } from '../../../../../engine/pipeline/apply-link.ts'
import { scoreModel } from '../../../../../engine/pipeline/predict-pipeline.ts'
import { matrixOf } from '../../../../fixtures/plain-matrix.ts'

interface Golden {
  readonly rows: (number | null)[][]
  readonly weights: number[]
  readonly targets: Readonly<Record<'number' | 'count' | 'binary', number[]>>
  readonly cases: readonly {
    readonly target: 'number' | 'count' | 'binary'
    readonly parameters: Parameters
    readonly weighted: boolean
    readonly answers: number[]
  }[]
}

const golden = JSON.parse(
  readFileSync(new URL('../../../../golden/boosting/boosting.json', import.meta.url), 'utf8'),
) as Golden

describe('predictions equal LightGBM’s', () => {
  test.each(
    golden.cases.map((each) => {
      const { nTrees: _nTrees, maxLeaves: _maxLeaves, ...shown } = each.parameters
      return [`${each.target} ${JSON.stringify(shown)}${each.weighted ? ' weighted' : ''}`, each] as const
    }),
  )('%s', (_name, { target, parameters, weighted, answers }) => {
    const matrix = matrixOf(golden.rows)
    const isBinary = target === 'binary'
    const { model } = gradientBoosting.fit(
      {
        task: isBinary ? 'binary' : 'regression',
        nClasses: isBinary ? 2 : 0,
        matrix,
        labels: Float64Array.from(golden.targets[target]),
        weights: weighted ? Float64Array.from(golden.weights) : null,
        rows: Int32Array.from({ length: matrix.nRows }, (_, row) => row),
        validationRows: null,
        seed: 1,
        shouldStop: () => false,
      },
      // So were LightGBM’s.
      { minRowsInBin: 1, ...parameters },
    )
    const outputs = applyLink(scoreModel(model, matrix), 1, model.link)
    const mine = isBinary ? outputs.filter((_, at) => at % 2 === 1) : outputs
    const spread = Math.max(...answers) - Math.min(...answers)
    const errors = answers.map((answer, row) => Math.abs(answer - (mine[row] as number)) / spread)
    // LightGBM has gradients and labels in float32.
    expect(Math.max(...errors)).toBeLessThan(1e-5)
  })
})
