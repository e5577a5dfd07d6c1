import type { PastTable, PortfolioHistory } from './advise-portfolio.ts'
import { keys, madeBy, rows } from './past-tables.ts'

type PastRow = readonly [name: string, task: PastTable['task'], features: number[], regrets: (number | null)[]]

/** A regret of a configuration that the table was not tried with. */
const notTried = -1

/** What the portfolio reached on earlier tables, as benchmarks/portfolio-history.ts wrote it. */
export function portfolioHistory(): PortfolioHistory {
  const tables = rows.map((text): PastTable => {
    const [name, task, features, regrets] = JSON.parse(text) as PastRow
    const tried = regrets.flatMap((regret, at) => (regret === notTried ? [] : [[keys[at] as string, regret] as const]))
    return { name, task, features, regrets: Object.fromEntries(tried) }
  })
  return { version: '1', madeBy, tables }
}
