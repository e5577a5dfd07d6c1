import { describe, expect, it } from 'vitest'
import { chooseWinner, combinedValues } from '../../../../core/automl/choose-winner.ts'
import type { TrainingData } from '../../../../core/automl/prepare-training.ts'
import type { TrialRecord } from '../../../../core/automl/trial-record.ts'
import { comparable, ranked } from '../../../../core/automl/trial-record.ts'
import { newId } from '../../../../core/storage/ids.ts'
import { randomStream } from '../../../../engine/random.ts'
import { makeFolds } from '../../../../engine/validation/make-folds.ts'

const n = 500
const random = randomStream(11)
const labels = Float64Array.from({ length: n }, () => random.nextNormal())
const folds = makeFolds({ labels, task: 'regression', folds: 5, seed: 1 })
const data: TrainingData = {
  frame: { nRows: n, columns: [] },
  datasetRows: Int32Array.from({ length: n }, (_, row) => row),
  target: { task: 'regression', name: 'y', classes: [], values: labels },
  inputs: [],
  columns: [],
  weights: null,
  folds,
  allFolds: folds,
  basis: '5-fold cross-validation',
  warnings: [],
}
const score = { preference: 'score', ensemble: true, seed: 0 } as const

/** A finished trial that predicts the labels with an error of its own, and one that it shares with others. */
function trial(
  trialId: number,
  own: number,
  shared: Float64Array,
  changes: Partial<TrialRecord> = {},
  shrunk = 1,
): TrialRecord {
  const stream = randomStream(trialId)
  const values = labels.map((label, row) => shrunk * (label + (shared[row] as number) + own * stream.nextNormal()))
  const foldScores = Float64Array.from(folds, ({ validation }) => {
    const squares = validation.reduce((sum, row) => sum + ((values[row] as number) - (labels[row] as number)) ** 2, 0)
    return Math.sqrt(squares / validation.length)
  })
  return {
    trialId,
    runId: newId(),
    learner: 'gradient-boosting',
    learnerTitle: 'Gradient boosting',
    parameters: {},
    seed: trialId,
    startedAt: 0,
    fraction: 1,
    nFolds: 5,
    state: 'succeeded',
    foldScores,
    models: [],
    values,
    fitSeconds: 1,
    predictMicrosPerRow: 10,
    sizeBytes: 1_000,
    message: '',
    endedAt: 1,
    ...changes,
  }
}

const none = new Float64Array(n)

describe('chooseWinner', () => {
  it('combines trials whose errors differ', () => {
    // As far from the mean as one should expect of three such errors, so that nothing is gained by shrinking them.
    const trials = [0.5, 0.5, 0.6].map((own, at) => trial(at + 1, own, none, {}, 1 / 1.1))
    const winner = chooseWinner(trials, data, 'rmse', score)
    expect(winner.secondLayer).toBeUndefined()
    expect(winner.members.length).toBeGreaterThan(1)
    expect(winner.members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12)
    const combined = combinedValues(winner, 'regression')
    const rmse = Math.sqrt(combined.reduce((sum, value, row) => sum + (value - (labels[row] as number)) ** 2, 0) / n)
    expect(rmse).toBeLessThan(0.45)
    expect(winner.score).toBeGreaterThanOrEqual(rmse)
  })

  it('stacks them where a weighted mean would be too bold', () => {
    const trials = [0.8, 0.9, 1].map((own, at) => trial(at + 1, own, none))
    const winner = chooseWinner(trials, data, 'rmse', score)
    expect(winner.secondLayer?.intercept).toHaveLength(1)
    const sum = winner.members.reduce((all, { weight }) => all + weight, 0)
    // Errors of variance 0.27 beside labels of variance 1.
    expect(sum).toBeGreaterThan(0.7)
    expect(sum).toBeLessThan(0.88)
    const combined = combinedValues(winner, 'regression')
    const rmse = Math.sqrt(combined.reduce((all, value, row) => all + (value - (labels[row] as number)) ** 2, 0) / n)
    expect(winner.score).toBeGreaterThanOrEqual(rmse - 0.01)
    expect(rmse).toBeLessThan(0.5)
  })

  it('stays with one where the others only add noise', () => {
    const stream = randomStream(99)
    const shared = labels.map(() => 0.5 * stream.nextNormal())
    // All make the same errors, the later ones some more.
    const trials = [trial(1, 0, shared), trial(2, 0.2, shared), trial(3, 0.3, shared)]
    const winner = chooseWinner(trials, data, 'rmse', score)
    expect(winner.members.map((member) => member.trial.trialId)).toEqual([1])
    expect(winner.score).toBeNull()
  })

  it('makes no ensemble when none is wanted', () => {
    const trials = [trial(1, 0.5, none), trial(2, 0.5, none)]
    expect(chooseWinner(trials, data, 'rmse', { ...score, ensemble: false }).members).toHaveLength(1)
  })

  it('leaves out members that are too large for what they bring', () => {
    const huge = { sizeBytes: 20 * 1024 * 1024 }
    const trials = [trial(1, 0.5, none, huge), trial(2, 0.5, none, huge), trial(3, 0.5, none), trial(4, 0.5, none)]
    const { members } = chooseWinner(trials, data, 'rmse', score)
    const bytes = members.reduce((sum, member) => sum + member.trial.sizeBytes, 0)
    expect(bytes).toBeLessThanOrEqual(24 * 1024 * 1024)
    expect(members.length).toBeGreaterThan(1)
  })

  it('prefers the smallest or the quickest within one standard error of the best', () => {
    const best = trial(1, 0.5, none, { sizeBytes: 9_000, predictMicrosPerRow: 1 })
    const near = { ...best, trialId: 2, sizeBytes: 100, predictMicrosPerRow: 50 }
    const far = trial(3, 0.9, none, { sizeBytes: 1, predictMicrosPerRow: 0.1 })
    const trials = [best, near, far]
    const simple = chooseWinner(trials, data, 'rmse', { ...score, preference: 'simple' })
    const fast = chooseWinner(trials, data, 'rmse', { ...score, preference: 'fast' })
    expect(simple.members[0]?.trial.trialId).toBe(2)
    expect(fast.members[0]?.trial.trialId).toBe(1)
  })

  it('prefers a model that can be read to a smaller one that cannot', () => {
    const forest = trial(1, 0.5, none, { learner: 'random-forest', sizeBytes: 10 })
    const tree = { ...forest, trialId: 2, learner: 'decision-tree', sizeBytes: 500 }
    const linear = { ...forest, trialId: 3, learner: 'elastic-net', sizeBytes: 400 }
    const unknown = { ...forest, trialId: 4, learner: 'of-a-plug-in', sizeBytes: 1 }
    const { members, reason } = chooseWinner([forest, tree, linear, unknown], data, 'rmse', {
      ...score,
      preference: 'simple',
    })
    expect(members.map((member) => member.trial.trialId)).toEqual([3])
    expect(reason).toContain('easiest to follow of 4 models')
  })

  it('chooses among trials that were judged alike: all rows before a part, finalists before the rest', () => {
    const plain = trial(1, 0.3, none)
    const part = trial(2, 0.1, none, { fraction: 0.25, foldScores: Float64Array.of(0.1) })
    const finalist = trial(3, 0.5, none)
    finalist.foldScores = Float64Array.from([...finalist.foldScores, ...finalist.foldScores])
    const order = ranked([part, plain, finalist], 'rmse')
    expect(order.map(({ trialId }) => trialId)).toEqual([3, 1, 2])
    expect(comparable(order).map(({ trialId }) => trialId)).toEqual([3])
    expect(chooseWinner([part, plain], data, 'rmse', score).members[0]?.trial.trialId).toBe(1)
  })

  it('throws without a finished trial', () => {
    expect(() => chooseWinner([trial(1, 1, none, { state: 'failed' })], data, 'rmse', score)).toThrow(RangeError)
  })
})
