import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Task } from '../../../../engine/frame/frame.ts'
import type { Parameters } from '../../../../engine/learners/learner.ts'
import { learnerByName } from '../../../../engine/learners/registry.ts'
import { applyLink } from '../../../../engine/pipeline/apply-link.ts'
import { scoreModel } from '../../../../engine/pipeline/predict-pipeline.ts'
import type { FeatureMatrix } from '../../../../engine/preprocess/feature-matrix.ts'
import { matrixOf } from '../../../fixtures/plain-matrix.ts'

interface Golden {
  readonly numbers: number[][]
  readonly bits: number[][]
  readonly codes: number[][]
  readonly weights: number[]
  readonly binary: number[]
  readonly multiclass: number[]
  readonly regression: number[]
  readonly cases: readonly {
    readonly learner: string
    readonly task: Task
    readonly parameters: Parameters
    readonly table: 'numbers' | 'bits' | 'codes'
    readonly weighted: boolean
    readonly answers: number[][]
  }[]
}

const golden = JSON.parse(
  readFileSync(new URL('../../../golden/classic/classic.json', import.meta.url), 'utf8'),
) as Golden

function matrixOfTable(table: 'numbers' | 'bits' | 'codes'): FeatureMatrix {
  const matrix = matrixOf(golden[table])
  if (table !== 'codes') return matrix
  return {
    ...matrix,
    features: matrix.features.map((feature, j) => ({
      ...feature,
      kind: 'codes' as const,
      cardinality: Math.max(...(matrix.columns[j] as Float32Array)) + 1,
    })),
  }
}

/**
 * Features standardised in float32 have no variance of exactly 1, of which naive Bayes adds a share. Neighbours are found on features rounded to 2^-20, which
 * distances that become weights keep to about so many digits.
 */
const toleranceOf = { 'naive-bayes': 1e-8, 'decision-tree': 1e-12, 'nearest-neighbours': 1e-5 } as Readonly<
  Record<string, number>
>

describe('predictions equal scikit-learn’s', () => {
  test.each(
    golden.cases.map((each) => {
      const { learner, task, parameters, table, weighted } = each
      return [`${learner} ${task} ${table} ${JSON.stringify(parameters)}${weighted ? ' weighted' : ''}`, each] as const
    }),
  )('%s', (_name, { learner, task, parameters, table, weighted, answers }) => {
    const matrix = matrixOfTable(table)
    const nClasses = task === 'regression' ? 0 : task === 'binary' ? 2 : 3
    const { model } = learnerByName(learner).fit(
      {
        task,
        nClasses,
        matrix,
        labels: Float64Array.from(golden[task]),
        weights: weighted ? Float64Array.from(golden.weights) : null,
        rows: Int32Array.from({ length: matrix.nRows }, (_, row) => row),
        validationRows: null,
        seed: 1,
        shouldStop: () => false,
      },
      parameters,
    )
    const outputs = applyLink(scoreModel(model, matrix), model.nOutputs, model.link)
    const expected = answers.flat()
    expect(outputs.length).toBe(expected.length)
    const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - (outputs[at] as number))), 0)
    expect(worst).toBeLessThan(toleranceOf[learner] as number)
  })
})
