import { describe, expect, test } from 'vitest'
import {
  bestBand,
  bestOverTime,
  frontOf,
  paretoFront,
  trialLanes,
} from '../../../../renderer/charts/training-charts.ts'
import { darkLook, learnerColour, lightLook } from '../../../../shared/charts/look.ts'
import type { AutomlState, LeaderboardRow, Trial } from '../../../../shared/domain/training.ts'
import { draw, texts } from '../../shared/charts/draw.ts'

const id = '0'.repeat(32)

function trial(trialId: number, learner: string, startedAt: number, seconds: number | null): Trial {
  return {
    trialId,
    runId: id,
    learner,
    learnerTitle: learner.replace('-', ' '),
    state: seconds === null ? 'running' : 'succeeded',
    params: {},
    fidelity: 1,
    score: 0.8,
    scoreStd: 0.01,
    startedAt,
    seconds,
    message: '',
  }
}

const search: Pick<AutomlState, 'history' | 'baseline' | 'metric' | 'trials' | 'elapsedSeconds'> = {
  metric: 'roc_auc',
  baseline: 0.85,
  elapsedSeconds: 6,
  trials: [
    trial(1, 'logistic-regression', 0, 0.5),
    trial(2, 'gradient-boosting', 0.5, 2),
    trial(3, 'random-forest', 2.5, null),
  ],
  history: [
    { seconds: 0.5, trialId: 1, score: 0.85, best: 0.85 },
    { seconds: 2.5, trialId: 2, score: 0.89, best: 0.89 },
    { seconds: 4, trialId: 3, score: 0.87, best: 0.89 },
  ],
}

interface Series {
  readonly type: string
  readonly data: readonly unknown[]
}

function seriesOf(option: object): readonly Series[] {
  return (option as { series: readonly Series[] }).series
}

describe('best score over time', () => {
  test('the line is the best so far and the dots are the trials', () => {
    const [dots, line] = seriesOf(bestOverTime(search, lightLook))
    expect(line?.data).toEqual([
      [0.5, 0.85],
      [2.5, 0.89],
      [4, 0.89],
    ])
    expect(dots?.data).toHaveLength(3)
  })

  test('axes carry their names and the simple model its score', () => {
    const written = texts(draw(bestOverTime(search, lightLook)))
    expect(written).toContain('seconds')
    expect(written).toContain('roc_auc')
    expect(written).toContain('simple model 0.85')
  })

  test('before the first model there is nothing to draw, and no error', () => {
    expect(() => draw(bestOverTime({ ...search, history: [], trials: [], baseline: null }, darkLook))).not.toThrow()
  })
})

describe('lanes of trials', () => {
  test('a bar is as long as its trial; one that still runs reaches until now', () => {
    const [bars] = seriesOf(trialLanes(search, lightLook))
    const data = (bars?.data ?? []) as readonly { readonly value: readonly (number | string)[] }[]
    const spans = data.map(({ value }) => value.slice(0, 3))
    expect(spans).toEqual([
      [0, 0.5, 'logistic regression'],
      [0.5, 2.5, 'gradient boosting'],
      [2.5, 6, 'random forest'],
    ])
  })

  test('a lane a learner, in its colour', () => {
    const picture = draw(trialLanes(search, lightLook))
    for (const title of ['logistic regression', 'gradient boosting', 'random forest']) {
      expect(texts(picture)).toContain(title)
    }
    expect(picture.toLowerCase()).toContain(`fill="${learnerColour('gradient-boosting', lightLook).toLowerCase()}"`)
  })
})

test('quality against speed draws models that take no time at all', () => {
  const row: LeaderboardRow = {
    rank: 1,
    trialId: 1,
    runId: id,
    learner: 'elastic-net',
    learnerTitle: 'Elastic net',
    params: {},
    score: 0.9,
    scoreStd: 0,
    foldScores: [0.9],
    fitSeconds: 1,
    predictMicrosPerRow: 0,
    sizeBytes: 10,
    members: 1,
  }
  // The axis is logarithmic, so zero has no place on it.
  const [dots] = seriesOf(paretoFront([row], 'roc_auc', lightLook))
  expect(dots?.data).toMatchObject([{ value: [0.01, 0.9] }])
  expect(() =>
    draw(paretoFront([row, { ...row, rank: 2, predictMicrosPerRow: 50 }], 'roc_auc', lightLook)),
  ).not.toThrow()
})

describe('band around the best score', () => {
  test('is as wide as the deviation of the model that is best at the time', () => {
    const trials = search.trials.map((each, at) => ({ ...each, scoreStd: [0.02, 0.01, 0.5][at] ?? 0 }))
    expect(bestBand({ history: search.history, trials })).toEqual([
      { seconds: 0.5, low: 0.83, high: 0.87 },
      { seconds: 2.5, low: 0.88, high: 0.9 },
      // The third trial is not the best: its deviation has no say.
      { seconds: 4, low: 0.88, high: 0.9 },
    ])
  })

  test('a trial that is not known any more has no width', () => {
    expect(bestBand({ history: [{ seconds: 1, trialId: 9, score: 0.5, best: 0.5 }], trials: [] })).toEqual([
      { seconds: 1, low: 0.5, high: 0.5 },
    ])
  })
})

describe('models that no other one beats in both speed and score', () => {
  const model = (rank: number, micros: number, score: number) =>
    ({ rank, predictMicrosPerRow: micros, score, learner: 'x', learnerTitle: 'X' }) as LeaderboardRow
  const rows = [model(1, 100, 0.9), model(2, 10, 0.88), model(3, 50, 0.87), model(4, 1, 0.8), model(5, 1, 0.7)]

  test('where more is better', () => {
    expect(frontOf(rows, 'roc_auc').map(({ rank }) => rank)).toEqual([4, 2, 1])
  })

  test('where less is better', () => {
    expect(frontOf(rows, 'log_loss').map(({ rank }) => rank)).toEqual([5])
    expect(frontOf([model(1, 9, 0.1), model(2, 1, 0.4), model(3, 2, 0.5)], 'rmse').map(({ rank }) => rank)).toEqual([
      2, 1,
    ])
  })

  test('are joined by a line', () => {
    const [, line] = seriesOf(paretoFront(rows, 'roc_auc', lightLook))
    expect(line?.data).toEqual([
      [1, 0.8],
      [10, 0.88],
      [100, 0.9],
    ])
  })
})
