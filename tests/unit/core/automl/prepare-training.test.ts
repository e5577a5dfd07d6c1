import { describe, expect, it } from 'vitest'
import { prepareTraining } from '../../../../core/automl/prepare-training.ts'
import type { Column, Frame } from '../../../../engine/frame/frame.ts'
import { randomStream } from '../../../../engine/random.ts'
import type { AutomlSpecification } from '../../../../shared/domain/training.ts'
import { automlSpecification } from '../../../../shared/domain/training.ts'
import { fc } from '../../../fixtures/properties.ts'

function numbers(name: string, values: readonly number[]): Column {
  return { storage: 'float64', name, type: 'number', values: Float64Array.from(values) }
}

function texts(name: string, values: readonly (string | null)[]): Column {
  const levels = [...new Set(values.filter((value) => value !== null))].sort()
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value)))
  return { storage: 'codes', name, type: 'category', codes, levels }
}

function frameOf(...columns: Column[]): Frame {
  const [first] = columns
  return { nRows: first?.storage === 'codes' ? first.codes.length : (first?.values.length ?? 0), columns }
}

function specify(changes: Partial<AutomlSpecification>): AutomlSpecification {
  return automlSpecification.parse({ dataset: 'd', target: 'y', ...changes })
}

function range<Value>(n: number, of: (at: number) => Value): Value[] {
  return Array.from({ length: n }, (_, at) => of(at))
}

describe('prepareTraining', () => {
  it('leaves out rows without an answer and says so', () => {
    const frame = frameOf(
      numbers(
        'x',
        range(20, (at) => at),
      ),
      texts(
        'y',
        range(20, (at) => (at < 4 ? null : at % 2 === 0 ? 'a' : 'b')),
      ),
    )
    const data = prepareTraining(frame, specify({}))
    expect(data.frame.nRows).toBe(16)
    expect(data.datasetRows[0]).toBe(4)
    expect(data.warnings.map(({ code }) => code)).toContain('TARGET_MISSING_VALUES')
    expect(data.warnings.find(({ code }) => code === 'TARGET_MISSING_VALUES')?.message).toContain('4 of 20')
  })

  it('refuses what cannot be learned, with what to do', () => {
    const x = numbers(
      'x',
      range(20, (at) => at),
    )
    const y = texts(
      'survived',
      range(20, (at) => (at % 2 === 0 ? 'a' : 'b')),
    )
    const code = (run: () => unknown) => {
      try {
        run()
      } catch (error) {
        return error
      }
      return null
    }
    expect(code(() => prepareTraining(frameOf(x, y), specify({ target: 'Survived' })))).toMatchObject({
      code: 'TARGET_MISSING',
      hint: 'Did you mean survived?',
    })
    const same = texts(
      'y',
      range(20, () => 'a'),
    )
    expect(code(() => prepareTraining(frameOf(x, same), specify({})))).toMatchObject({ code: 'TARGET_UNUSABLE' })
    expect(
      code(() => prepareTraining(frameOf(x, y), specify({ target: 'survived', task: 'regression' }))),
    ).toMatchObject({
      code: 'TASK_MISMATCH',
    })
    expect(code(() => prepareTraining(frameOf(x, y), specify({ target: 'survived', groupColumn: 'g' })))).toMatchObject(
      {
        code: 'COLUMN_UNKNOWN',
      },
    )
    expect(code(() => prepareTraining(frameOf(x, y), specify({ target: 'survived', exclude: ['x'] })))).toMatchObject({
      code: 'TRAINING_FAILED',
    })
  })

  it('does not learn from the columns that group and weigh rows', () => {
    const frame = frameOf(
      numbers(
        'x',
        range(40, (at) => at % 7),
      ),
      numbers(
        'g',
        range(40, (at) => at >> 2),
      ),
      numbers(
        'w',
        range(40, (at) => 1 + (at % 3)),
      ),
      texts(
        'y',
        range(40, (at) => (at % 2 === 0 ? 'a' : 'b')),
      ),
    )
    const data = prepareTraining(frame, specify({ groupColumn: 'g', weightColumn: 'w' }))
    expect(data.inputs.map(({ name }) => name)).toEqual(['x'])
    expect(data.weights?.[2]).toBe(3)
    expect(data.basis).toBe('5-fold cross-validation by group')
  })
})

describe('how rows are split', () => {
  it('validates every row once in each repeat, never on rows it trains on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 400 }), fc.integer({ min: 0, max: 1000 }), (n, seed) => {
        const random = randomStream(seed)
        const frame = frameOf(
          numbers(
            'x',
            range(n, () => random.nextNormal()),
          ),
          numbers(
            'y',
            range(n, () => random.nextNormal()),
          ),
        )
        const { folds, allFolds } = prepareTraining(frame, specify({ seed }))
        expect(allFolds.length % folds.length).toBe(0)
        for (let first = 0; first < allFolds.length; first += folds.length) {
          const judged = new Int32Array(n)
          for (const { train, validation } of allFolds.slice(first, first + folds.length)) {
            const inTrain = new Set(train)
            for (const row of validation) {
              judged[row] = (judged[row] as number) + 1
              expect(inTrain.has(row)).toBe(false)
            }
            expect(train.length + validation.length).toBe(n)
          }
          expect(judged.every((count) => count === 1)).toBe(true)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('keeps the rows of a group together in every repeat', () => {
    const n = 300
    const frame = frameOf(
      numbers(
        'x',
        range(n, (at) => at % 11),
      ),
      texts(
        'g',
        range(n, (at) => `g${at % 30}`),
      ),
      numbers(
        'y',
        range(n, (at) => at % 13),
      ),
    )
    const { allFolds } = prepareTraining(frame, specify({ groupColumn: 'g' }))
    for (const { train, validation } of allFolds) {
      const trained = new Set(Array.from(train, (row) => row % 30))
      for (const row of validation) expect(trained.has(row % 30)).toBe(false)
    }
  })

  it('validates on later rows only, where time orders them', () => {
    const n = 120
    const frame = frameOf(
      numbers(
        'when',
        range(n, (at) => (at * 37) % n),
      ),
      numbers(
        'x',
        range(n, (at) => at % 11),
      ),
      numbers(
        'y',
        range(n, (at) => at % 13),
      ),
    )
    const { folds, allFolds, basis } = prepareTraining(frame, specify({ timeColumn: 'when' }))
    expect(allFolds).toHaveLength(folds.length)
    expect(basis).toBe('5-fold validation on later rows')
    const when = (row: number) => (row * 37) % n
    for (const { train, validation } of folds) {
      expect(Math.max(...Array.from(train, when))).toBeLessThan(Math.min(...Array.from(validation, when)))
    }
  })

  it('repeats small tables, not large ones, and holds a fifth out where the table is large for the budget', () => {
    const table = (n: number) =>
      frameOf(
        numbers(
          'x',
          range(n, (at) => at % 97),
        ),
        numbers(
          'y',
          range(n, (at) => at % 89),
        ),
      )
    const small = prepareTraining(table(300), specify({}))
    expect(small.allFolds).toHaveLength(5 * small.folds.length)
    const medium = prepareTraining(table(4_000), specify({}))
    expect(medium.allFolds).toHaveLength(5)
    const large = prepareTraining(table(60_000), specify({ budgetSeconds: 1 }))
    expect(large.folds).toHaveLength(1)
    expect(large.basis).toBe('the 20% of the rows that were held out')
    expect(large.folds[0]?.validation.length).toBe(12_000)
    expect(prepareTraining(table(60_000), specify({ budgetSeconds: 600 })).folds).toHaveLength(5)
  })
})
