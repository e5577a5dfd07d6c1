/**
 * Ranks of our AutoML among the peers of the AutoML protocol: mean over seeds first, then ranks for each table (1 is best,
 * ties share), then the mean rank, and the mean gap to the best peer of each table.
 *
 *   node benchmarks/automl-tables.ts --budget protocol --out benchmarks/results/automl-protocol.json
 *   node benchmarks/automl-ranks.ts [--ours FILE] [--peers FILE] [--out FILE]
 *
 * --peers is the `results.jsonl` that the protocol's own program wrote (FLAML, AutoGluon, LightGBM with Optuna,
 * scikit-learn), on the same splits, budgets and number of threads. Writes benchmarks/results/automl-ranks.json.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { MetricName } from '../engine/metrics/metrics.ts'
import { lessIsBetter } from '../shared/domain/values.ts'

interface PeerRun {
  readonly dataset: string
  readonly peer: string
  readonly seed: number
  readonly version: string
  readonly score: number | null
}

interface OurTable {
  readonly table: string
  readonly metric: MetricName
  readonly runs: readonly { readonly seed: number; readonly ours: { readonly score: number } }[]
}

const { values: given } = parseArgs({
  options: {
    ours: { type: 'string', default: 'benchmarks/results/automl-protocol.json' },
    peers: { type: 'string', default: '../shared/reference/automl/results.jsonl' },
    out: { type: 'string', default: 'benchmarks/results/automl-ranks.json' },
  },
})
const { machine, results } = JSON.parse(readFileSync(given.ours, 'utf8')) as {
  machine: string
  results: readonly OurTable[]
}
const peerRuns = readFileSync(given.peers, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as PeerRun)
const names = ['maestro', ...new Set(peerRuns.map(({ peer }) => peer))].filter((name) => name !== 'dummy')
const versions = Object.fromEntries(peerRuns.map(({ peer, version }) => [peer, version]))

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

const tables = results.map(({ table, metric, runs }) => {
  const seeds = new Set(runs.map(({ seed }) => seed))
  const sign = lessIsBetter.has(metric) ? 1 : -1
  const scores = new Map(
    names.map((name): [string, number] => {
      if (name === 'maestro') return [name, meanOf(runs.map(({ ours }) => ours.score))]
      const own = peerRuns.filter((run) => run.dataset === table && run.peer === name && seeds.has(run.seed))
      const known = own.flatMap(({ score }) => (score === null ? [] : [score]))
      // A failure comes last.
      return [name, known.length === seeds.size ? meanOf(known) : sign * Number.POSITIVE_INFINITY]
    }),
  )
  const loss = (name: string) => sign * (scores.get(name) as number)
  const ranks = Object.fromEntries(
    names.map((name) => {
      const better = names.filter((other) => loss(other) < loss(name)).length
      const same = names.filter((other) => loss(other) === loss(name)).length
      return [name, better + (same + 1) / 2]
    }),
  )
  const best = Math.min(...names.slice(1).map(loss))
  // In shares of the best peer's score; below zero where ours is better.
  const gap = (loss('maestro') - best) / Math.abs(best)
  return { table, metric, scores: Object.fromEntries(scores), ranks, gap }
})
const meanRanks = Object.fromEntries(
  names.map((name) => [name, meanOf(tables.map(({ ranks }) => ranks[name] as number))]),
)
const meanGap = meanOf(tables.map(({ gap }) => gap))
for (const { table, scores, ranks, gap } of tables) {
  const line = names.map((name) => `${name} ${(scores[name] as number).toFixed(4)} (${ranks[name]})`).join('  ')
  console.log(`${table.padEnd(18)} ${line}  gap ${(100 * gap).toFixed(1)}%`)
}
console.log('mean ranks', meanRanks, `mean gap to the best peer ${(100 * meanGap).toFixed(2)}%`)
writeFileSync(
  given.out,
  `${JSON.stringify({ what: 'Mean ranks by the AutoML protocol', machine, versions, meanRanks, meanGap, tables }, null, 2)}\n`,
)
