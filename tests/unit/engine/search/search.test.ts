import { describe, expect, it } from 'vitest'
import { gradientBoosting } from '../../../../engine/learners/gbdt/gradient-boosting.ts'
import type { Learner, ParameterSpace } from '../../../../engine/learners/learner.ts'
import { learnersOfTask } from '../../../../engine/learners/registry.ts'
import { chooseFractions } from '../../../../engine/search/choose-fractions.ts'
import { portfolio } from '../../../../engine/search/portfolio.ts'
import type { Outcome, Proposal, Search, SearchOptions } from '../../../../engine/search/search.ts'
import { createSearch } from '../../../../engine/search/search.ts'
import type { Configuration } from '../../../../engine/search/search-space.ts'
import { configurationKey } from '../../../../engine/search/search-space.ts'

const space: ParameterSpace = {
  x: { kind: 'real', low: 0, high: 1, log: false, start: 0.9 },
  y: { kind: 'real', low: 0.001, high: 10, log: true, start: 5 },
}

function stubLearner(name: string): Learner {
  return {
    name,
    title: name,
    tasks: ['regression'],
    encoding: 'scaled',
    space,
    cost: () => 1,
    fit: () => {
      throw new Error('The search never fits')
    },
  }
}

const good = { learner: stubLearner('good'), space }
const poor = { learner: stubLearner('poor'), space }

function optionsWith(changes: Partial<SearchOptions> = {}): SearchOptions {
  return {
    learners: [good, poor],
    portfolio: [
      { learner: 'poor', parameters: { x: 0.9, y: 5 } },
      { learner: 'good', parameters: { x: 0.9, y: 5 } },
      { learner: 'good', parameters: { x: 0.1, y: 0.01 } },
    ],
    fractions: [1],
    seed: 1,
    budgetSeconds: 100,
    trials: null,
    estimate: (_configuration, level) => (level === 0 ? 0.5 : 2),
    ...changes,
  }
}

/** Least, at 0, for `good` at x 0.3, y 0.1; `poor` is never better than 1. */
function lossOf({ learner, parameters }: Configuration): number {
  const distance = (Number(parameters.x) - 0.3) ** 2 + ((Math.log10(Number(parameters.y)) + 1) / 4) ** 2
  return learner === 'good' ? distance : 1 + distance
}

interface Played {
  readonly proposals: Proposal[]
  readonly seconds: number
  readonly search: Search
}

/** Runs one trial after another by a clock that goes by each trial's seconds. */
function play(options: SearchOptions, outcomeOf: (proposal: Proposal) => Partial<Outcome> = () => ({})): Played {
  const search = createSearch(options)
  const proposals: Proposal[] = []
  let clock = 0
  while (clock < options.budgetSeconds) {
    const proposal = search.ask(clock)
    if (!proposal) break
    proposals.push(proposal)
    const seconds = options.estimate(proposal, proposal.level)
    clock += seconds
    search.tell({ trialId: proposal.trialId, loss: lossOf(proposal), seconds, pruned: false, ...outcomeOf(proposal) })
  }
  return { proposals, seconds: clock, search }
}

describe('the search', () => {
  it('tries the portfolio first, in its order', () => {
    const { proposals } = play(optionsWith())
    expect(proposals.slice(0, 3).map(({ learner, parameters }) => ({ learner, parameters }))).toEqual(
      optionsWith().portfolio,
    )
    expect(proposals.map(({ trialId }) => trialId)).toEqual(proposals.map((_, at) => at + 1))
  })

  it.each([1, 2, 3])('comes close to the optimum of the better learner, with seed %i', (seed) => {
    const { proposals } = play(optionsWith({ seed, budgetSeconds: 60 }))
    expect(Math.min(...proposals.map(lossOf))).toBeLessThan(0.01)
    const onGood = proposals.filter(({ learner }) => learner === 'good').length
    expect(onGood).toBeGreaterThan(proposals.length / 2)
  })

  it('asks the same when told the same, and never for one configuration twice', () => {
    const first = play(optionsWith()).proposals
    expect(play(optionsWith()).proposals).toEqual(first)
    expect(play(optionsWith({ seed: 2 })).proposals).not.toEqual(first)
    expect(new Set(first.map(configurationKey)).size).toBe(first.length)
  })

  it('begins nothing that would not end in time, once it knows what trials take', () => {
    // Every trial takes ten times the guess.
    const options = optionsWith({ budgetSeconds: 100 })
    const search = createSearch(options)
    let clock = 0
    for (let proposal = search.ask(clock); proposal; proposal = search.ask(clock)) {
      clock += 5
      search.tell({ trialId: proposal.trialId, loss: lossOf(proposal), seconds: 5, pruned: false })
    }
    expect(clock).toBeLessThanOrEqual(100)
    expect(clock).toBeGreaterThan(80)
    expect(search.endReason).toBe('The time is used up.')
  })

  it('ends when nothing is left to gain, and says so', () => {
    const flat = play(optionsWith({ budgetSeconds: 10_000 }), () => ({ loss: 1 }))
    expect(flat.search.endReason).toMatch(/^Nothing is left to gain: the last \d+ trials found nothing better\.$/)
    expect(flat.seconds).toBeLessThan(1_000)
    const fixed = { learner: stubLearner('fixed'), space: {} }
    const one = optionsWith({ learners: [fixed], portfolio: [{ learner: 'fixed', parameters: {} }] })
    const { proposals, search } = play(one)
    expect(proposals).toHaveLength(1)
    expect(search.endReason).toMatch(/^Nothing is left to gain/)
  })

  it('runs as many trials as are wanted', () => {
    const { proposals, search } = play(optionsWith({ trials: 5 }))
    expect(proposals).toHaveLength(5)
    expect(search.endReason).toBe('The 5 trials that were asked for were run.')
  })

  it('goes on after trials that failed or were given up', () => {
    const { proposals } = play(optionsWith({ budgetSeconds: 30 }), ({ trialId }) =>
      trialId <= 3 ? {} : trialId % 2 === 0 ? { loss: null } : trialId % 3 === 0 ? { pruned: true } : {},
    )
    expect(Math.min(...proposals.map(lossOf))).toBeLessThan(0.1)
  })

  it('promotes the best third of each level to more rows', () => {
    const many = Array.from({ length: 12 }, (_, at) => ({ learner: 'good', parameters: { x: at / 12, y: 1 } }))
    const { proposals } = play(optionsWith({ portfolio: many, fractions: [0.25, 1], budgetSeconds: 16 }))
    const promoted = proposals.filter(({ origin }) => origin === 'promotion')
    expect(promoted.length).toBeGreaterThanOrEqual(2)
    for (const proposal of promoted) {
      expect(proposal.level).toBe(1)
      expect(proposals.some((each) => each.level === 0 && configurationKey(each) === configurationKey(proposal))).toBe(
        true,
      )
    }
    const last = promoted.slice(-1).map(({ parameters }) => Math.abs(Number(parameters.x) - 0.3))
    expect(Math.max(...last)).toBeLessThan(0.15)
  })

  it('has a trial of all rows early, before the portfolio is through', () => {
    const many = Array.from({ length: 30 }, (_, at) => ({ learner: 'good', parameters: { x: at / 30, y: 1 } }))
    const { proposals } = play(optionsWith({ portfolio: many, fractions: [0.25, 1] }))
    expect(proposals.findIndex(({ level }) => level === 1)).toBeLessThan(3)
  })

  it('goes on from restored trials as if it had run them', () => {
    const options = optionsWith({ trials: 6 })
    const first = play(options)
    const resumed = createSearch(optionsWith())
    resumed.restore(first.search.told)
    const next = resumed.ask(first.seconds)
    expect(next?.trialId).toBe(7)
    expect(next?.origin).toBe('local')
    const keys = first.proposals.map(configurationKey)
    expect(keys).not.toContain(configurationKey(next as Proposal))
  })

  it('refuses to be told of a trial that does not run', () => {
    expect(() => createSearch(optionsWith()).tell({ trialId: 9, loss: 1, seconds: 1, pruned: false })).toThrow(
      RangeError,
    )
  })
})

describe('the portfolio', () => {
  const shape = { rows: 800, hasCategories: true, isSkewed: false }

  it('has something of every learner in its first round, each of them valid and none twice', () => {
    for (const task of ['binary', 'regression'] as const) {
      const learners = learnersOfTask(task)
      const list = portfolio(learners, task, shape)
      expect(list.slice(0, learners.length).map(({ learner }) => learner)).toEqual(learners.map(({ name }) => name))
      expect(new Set(list.map(configurationKey)).size).toBe(list.length)
    }
  })

  it('tries logarithms of skewed targets', () => {
    const list = portfolio([gradientBoosting], 'regression', { ...shape, isSkewed: true })
    expect(list.some(({ parameters }) => parameters.targetTransform === 'log1p')).toBe(true)
  })

  it('starts a learner it does not know from the learner’s own start', () => {
    expect(portfolio([stubLearner('plug-in')], 'regression', shape)).toEqual([
      { learner: 'plug-in', parameters: { x: 0.9, y: 5 } },
    ])
  })
})

describe('chooseFractions', () => {
  it('tries parts first only where a table is large and a trial dear', () => {
    expect(chooseFractions(1_000, 10, 30)).toEqual([1])
    expect(chooseFractions(50_000, 0.1, 30)).toEqual([1])
    expect(chooseFractions(50_000, 1, 30)).toEqual([0.25, 1])
    expect(chooseFractions(1_000_000, 20, 60)).toEqual([1 / 16, 0.25, 1])
  })
})
