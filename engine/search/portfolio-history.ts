import type { PastTable, PortfolioHistory } from './advise-portfolio.ts'
import { keys, madeBy, rows } from './past-tables.ts'

type PastRow = readonly [name: string, task: PastTable['task'], features: number[], regrets: string]

/** What the portfolio reached on earlier tables, as benchmarks/portfolio-history.ts wrote it. */
export function portfolioHistory(): PortfolioHistory {
  const tables = rows.map((text): PastTable => {
    const [name, task, features, regrets] = JSON.parse(text) as PastRow
    // Empty where a configuration was not tried, x where it was given up.
    const tried = regrets
      .split(',')
      .flatMap((text, at) => (text === '' ? [] : [[keys[at] as string, text === 'x' ? null : Number(text)] as const]))
    return { name, task, features, regrets: Object.fromEntries(tried) }
  })
  return { version: '1', madeBy, tables }
}
