import { describe, expect, it } from 'vitest'
import { closingSeconds } from '../../../../core/automl/closing-cost.ts'
import { firstModelWithin, planSearch } from '../../../../core/automl/plan-search.ts'
import type { TrainingData } from '../../../../core/automl/prepare-training.ts'
import type { TrialRecord } from '../../../../core/automl/trial-record.ts'
import { newId } from '../../../../core/storage/ids.ts'
import { isTriedByDefault, learnerByName, learnersOfTask } from '../../../../engine/learners/registry.ts'
import type { PipelineInput } from '../../../../engine/pipeline/pipeline.ts'
import type { Fold } from '../../../../engine/validation/fold.ts'

const plain = { objective: 'squared', monotone: {}, classWeights: 'none', learners: [], seed: 0, trials: null } as const
const noRows = new Int32Array(0)

/** Only what the plan looks at: how many rows and columns, the task, and how models are judged. */
function shaped(
  rows: number,
  columns: number,
  task: 'binary' | 'regression',
  folds: number,
  repeats = 1,
): TrainingData {
  const fold: Fold = { train: noRows, validation: noRows }
  const all = new Array<Fold>(folds * repeats).fill(fold)
  const inputs = Array.from({ length: columns }, (_, at): PipelineInput => ({ name: `c${at}`, type: 'number' }))
  const target = { task, name: 'y', classes: task === 'binary' ? ['no', 'yes'] : [], values: new Float64Array(0) }
  const columnsOf = { frame: { nRows: rows, columns: [] }, columns: [], datasetRows: noRows }
  return {
    ...columnsOf,
    inputs,
    target,
    weights: null,
    folds: all.slice(0, folds),
    allFolds: all,
    basis: '',
    warnings: [],
  }
}

describe('planSearch', () => {
  it.each([
    [20, 1, 5],
    [900, 10, 5],
    [50_000, 14, 5],
    [200_000, 20, 1],
    [1_000_000, 28, 1],
    [10_000_000, 28, 1],
    [100, 10_000, 1],
    [2_000, 3_000, 1],
  ])('begins %i rows of %i columns with a model that is there at once', (rows, columns, folds) => {
    for (const task of ['binary', 'regression'] as const) {
      for (const budgetSeconds of [10, 60, 1_800]) {
        const learners = learnersOfTask(task).filter(isTriedByDefault)
        const data = shaped(rows, columns, task, folds)
        const { search, fractions } = planSearch(data, learners, { ...plain, budgetSeconds }, 2)
        const first = search.ask(0)
        if (!first) throw new Error('The search begins with nothing')
        const seen = rows * 0.8 * (fractions[first.level] as number)
        const nanoseconds = learnerByName(first.learner).cost(withTrees(first.parameters), seen, columns)
        const folded = first.level === fractions.length - 1 ? folds / Math.min(2, folds) : 1
        const seconds = (nanoseconds * seen * columns * folded) / 1e9
        expect(seconds).toBeLessThanOrEqual(
          Math.max(firstModelWithin.seconds, firstModelWithin.share * budgetSeconds) * 1.01,
        )
      }
    }
  })

  it('ends the search the earlier, the more is kept for the final model, but searches at least', () => {
    const plan = (repeats: number) =>
      planSearch(shaped(900, 10, 'binary', 5, repeats), learnersOfTask('binary'), { ...plain, budgetSeconds: 10 }, 2)
    const once = plan(1)
    expect(once.endsFor(once.finishSeconds).searchEnd).toBe(once.searchEnd)
    expect(once.endsFor(3)).toEqual({ searchEnd: 7, repeatsEnd: 7 })
    expect(once.endsFor(100).searchEnd).toBe(5)
    const repeated = plan(3).endsFor(3)
    expect(repeated.searchEnd).toBeLessThan(repeated.repeatsEnd)
  })
})

it('gives every trial what is asked of all, and does not search over it', () => {
  const data = shaped(900, 10, 'binary', 5)
  const asked = { ...plain, budgetSeconds: 60, trials: 40, classWeights: 'balanced' } as const
  const learners = [learnerByName('random-forest'), learnerByName('logistic-regression')]
  const { search } = planSearch(data, learners, asked, 2)
  const seen = new Set<string>()
  for (let trial = search.ask(0); trial; trial = search.ask(0)) {
    expect(trial.parameters.classWeights).toBe('balanced')
    seen.add(trial.origin)
    search.tell({ trialId: trial.trialId, loss: 1 / trial.trialId, seconds: 0.01, pruned: false })
  }
  expect(seen).toEqual(new Set(['portfolio', 'local']))
})

describe('closingSeconds', () => {
  const trial = (learner: string, score: number, predictMicrosPerRow: number): TrialRecord => ({
    trialId: 1,
    runId: newId(),
    learner,
    learnerTitle: learner,
    parameters: {},
    seed: 0,
    startedAt: 0,
    fraction: 1,
    nFolds: 1,
    state: 'succeeded',
    foldScores: Float64Array.of(score),
    models: [],
    values: new Float64Array(0),
    fitSeconds: 1,
    predictMicrosPerRow,
    sizeBytes: 1,
    message: '',
    endedAt: 1,
  })

  it('grows with what the models that may win take to predict', () => {
    const trials = [trial('a', 0.9, 100), trial('a', 0.8, 1e6), trial('b', 0.7, 50)]
    const least = closingSeconds([], 'roc_auc', true, 10_000)
    expect(closingSeconds(trials, 'roc_auc', false, 10_000)).toBeCloseTo(least + 3, 9)
    expect(closingSeconds(trials, 'roc_auc', true, 10_000)).toBeCloseTo(least + 4.5, 9)
  })

  it('does not take the start of a prediction for what every row costs', () => {
    // 20 ms on 70 rows, which is mostly the start.
    const trials = [trial('a', 0.9, 20_000 / 70)]
    expect(closingSeconds(trials, 'roc_auc', false, 70)).toBeLessThan(closingSeconds([], 'roc_auc', false, 70) + 0.5)
  })
})

function withTrees(parameters: Readonly<Record<string, string | number | boolean>>) {
  const { encoding: _encoding, targetTransform: _transform, ...own } = parameters
  return own
}
