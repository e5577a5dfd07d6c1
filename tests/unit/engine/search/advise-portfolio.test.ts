import { describe, expect, test } from 'vitest'
import { isTriedByDefault, learnersOfTask } from '../../../../engine/learners/registry.ts'
import { randomStream } from '../../../../engine/random.ts'
import type { PastTable, PortfolioHistory } from '../../../../engine/search/advise-portfolio.ts'
import { advisePortfolio } from '../../../../engine/search/advise-portfolio.ts'
import { metaFeatureNames } from '../../../../engine/search/meta-features.ts'
import { portfolio } from '../../../../engine/search/portfolio.ts'
import { portfolioHistory } from '../../../../engine/search/portfolio-history.ts'
import { configurationKey } from '../../../../engine/search/search-space.ts'

const usual = ['quick', 'a', 'b', 'c', 'd', 'e', 'f', 'good'].map((learner) => ({ learner, parameters: {} }))
const random = randomStream(41)

/** Tables on whose first description it depends whether `good` or `quick` does well. */
function historyOf(count: number, regretOf: (learner: string, feature: number) => number): PortfolioHistory {
  const tables = Array.from({ length: count }, (_, at): PastTable => {
    const features = metaFeatureNames.map(() => random.nextFloat())
    const regrets = usual.map(
      (each) => [configurationKey(each), regretOf(each.learner, features[0] as number)] as const,
    )
    return { name: `table ${at}`, task: 'binary', features, regrets: Object.fromEntries(regrets) }
  })
  return { version: 'test', madeBy: 'this test', tables }
}

const middling = new Float64Array(metaFeatureNames.length).fill(0.5)
const learnersOf = (advice: ReturnType<typeof advisePortfolio>) => advice.configurations.map(({ learner }) => learner)

describe('the order of the portfolio', () => {
  test('follows what did well on earlier tables, but the quick first one stays', () => {
    const history = historyOf(40, (learner) => (learner === 'good' ? 0 : 0.3 + random.nextFloat()))
    const advice = advisePortfolio(usual, 'binary', middling, history)
    expect(advice).toMatchObject({ isFollowed: true, version: 'test', tables: 40 })
    expect(advice.confidence).toBeGreaterThan(0.9)
    expect(learnersOf(advice).slice(0, 2)).toEqual(['quick', 'good'])
    expect(advice.configurations[1]?.chance).toBeGreaterThan(0.8)
    expect(advice.features.map(({ name }) => name)).toEqual([...metaFeatureNames])
    expect(learnersOf(advice).toSorted()).toEqual(usual.map(({ learner }) => learner).toSorted())
  })

  test('goes by what the table is like', () => {
    const history = historyOf(80, (learner, feature) =>
      learner === (feature > 0.5 ? 'good' : 'f') ? 0 : 0.3 + random.nextFloat(),
    )
    for (const [value, expected] of [
      [0.2, 'f'],
      [0.8, 'good'],
    ] as const) {
      const description = middling.slice()
      description[0] = value
      expect(learnersOf(advisePortfolio(usual, 'binary', description, history))[1]).toBe(expected)
    }
  })

  test('stays as it is where earlier tables do not tell', () => {
    const advice = advisePortfolio(
      usual,
      'binary',
      middling,
      historyOf(40, () => random.nextFloat()),
    )
    expect(advice.isFollowed).toBe(false)
    expect(advice.reason).toMatch(/^Not sure enough/)
    expect(learnersOf(advice)).toEqual(usual.map(({ learner }) => learner))
  })

  test('stays as it is for a table that is unlike all of them', () => {
    const history = historyOf(40, (learner) => (learner === 'good' ? 0 : 0.3 + random.nextFloat()))
    const advice = advisePortfolio(usual, 'binary', new Float64Array(metaFeatureNames.length).fill(7), history)
    expect(advice).toMatchObject({ isFollowed: false, confidence: 0 })
  })

  test('says where there is not enough history, of the task or of the configurations', () => {
    const few = advisePortfolio(
      usual,
      'binary',
      middling,
      historyOf(8, () => 1),
    )
    expect(few.reason).toBe('Not enough history: 8 earlier binary tables, 0 of 8 configurations known.')
    const other = advisePortfolio(
      usual,
      'regression',
      middling,
      historyOf(40, () => 1),
    )
    expect(other).toMatchObject({ isFollowed: false, confidence: 0, tables: 0 })
    const unknown = usual.map(({ learner }) => ({ learner, parameters: { changed: true } }))
    expect(
      advisePortfolio(
        unknown,
        'binary',
        middling,
        historyOf(40, () => 1),
      ).reason,
    ).toMatch(/0 of 8/)
  })
})

test.each(['binary', 'multiclass', 'regression'] as const)(
  'the stored history knows the portfolio of small %s tables: where it has changed, benchmarks/portfolio-history.ts is to be run again',
  (task) => {
    const learners = learnersOfTask(task).filter(isTriedByDefault)
    const usual = portfolio(learners, task, { rows: 800, hasCategories: false, isSkewed: false })
    const history = portfolioHistory()
    const { features = [] } = history.tables.find((table) => table.task === task) ?? {}
    const advice = advisePortfolio(usual, task, Float64Array.from(features), history)
    expect(advice.configurations.filter(({ chance }) => chance === null)).toEqual([])
    expect(advice.tables).toBeGreaterThanOrEqual(20)
  },
)
