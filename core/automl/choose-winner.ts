import type { Target } from '../../engine/frame/frame.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import { computeMetric } from '../../engine/metrics/metrics.ts'
import { randomStream, shuffledIndices } from '../../engine/random.ts'
import { selectEnsemble } from '../../engine/search/ensemble-selection.ts'
import type { AutomlSpecification } from '../../shared/domain/training.ts'
import type { TrialRecord } from './trial-record.ts'
import { lossOf, meanScore, ranked, scoreDeviation } from './trial-record.ts'

/** What the search ends with: one trial, or several with their shares. */
export interface Winner {
  readonly members: readonly { readonly trial: TrialRecord; readonly weight: number }[]
  /** Why this one, in a sentence. */
  readonly reason: string
}

/** Candidates for the ensemble: the best trials, and the best of each learner. */
const mostCandidates = 20
/** Members with less than this share are dropped; they cost more than they bring. */
const leastShare = 0.03
const mostMembers = 8

/** Throws RangeError without a finished trial. */
export function chooseWinner(
  trials: readonly TrialRecord[],
  target: Target,
  metric: MetricName,
  specification: Pick<AutomlSpecification, 'preference' | 'ensemble' | 'seed'>,
): Winner {
  const order = ranked(trials, metric)
  const [best] = order
  if (!best) throw new RangeError('no trial has finished')
  if (specification.preference !== 'score') return preferred(order, metric, specification.preference)
  const single: Winner = {
    members: [{ trial: best, weight: 1 }],
    reason: `${best.learnerTitle} has the best score over the folds.`,
  }
  if (!specification.ensemble || order.length < 2) return single
  const candidates = candidatesOf(order)
  const rows = someOf(validatedRows(best.values, target), specification.seed)
  if (!ensembleWins(candidates, best, target, metric, rows, specification.seed)) return single
  const { weights } = selectEnsemble(candidates, lossOver(target, metric, rows))
  const members = trimmed(candidates.map((trial, at) => ({ trial, weight: weights[at] as number })))
  if (members.length < 2) return { members, reason: single.reason }
  return {
    members,
    reason: `A weighted mean of ${members.length} models does better than any one of them on rows that chose neither.`,
  }
}

/** One standard error of the best is not a real difference: within it, the smaller or quicker model is taken. */
function preferred(order: readonly TrialRecord[], metric: MetricName, preference: 'simple' | 'fast'): Winner {
  const best = order[0] as TrialRecord
  const margin = scoreDeviation(best) / Math.sqrt(best.foldScores.length)
  const limit = lossOf(metric, meanScore(best)) + margin
  const near = order.filter((trial) => lossOf(metric, meanScore(trial)) <= limit)
  const cost = (trial: TrialRecord) => (preference === 'simple' ? trial.sizeBytes : trial.predictMicrosPerRow)
  const trial = near.reduce((least, each) => (cost(each) < cost(least) ? each : least))
  const quality = preference === 'simple' ? 'smallest' : 'quickest'
  return {
    members: [{ trial, weight: 1 }],
    reason: `${trial.learnerTitle} is the ${quality} of ${near.length} models within one standard error of the best.`,
  }
}

function candidatesOf(order: readonly TrialRecord[]): TrialRecord[] {
  const chosen = new Set(order.slice(0, mostCandidates))
  for (const learner of new Set(order.map((trial) => trial.learner))) {
    const first = order.find((trial) => trial.learner === learner)
    if (first) chosen.add(first)
  }
  return order.filter((trial) => chosen.has(trial))
}

/** Rows on which ensembles are compared: enough for three digits, few enough for some hundred comparisons. */
const comparedRows = 8_000

function someOf(rows: Int32Array, seed: number): Int32Array {
  if (rows.length <= comparedRows) return rows
  return Int32Array.from(
    shuffledIndices(rows.length, randomStream(seed, 0xc0), comparedRows),
    (i) => rows[i] as number,
  ).sort()
}

/** Rows that some fold has validated; with time-ordered folds the first have not been. */
function validatedRows(values: Float64Array, target: Target): Int32Array {
  const width = values.length / target.values.length
  return Int32Array.from(Array.from(target.values.keys()).filter((row) => !Number.isNaN(values[row * width] as number)))
}

function lossOver(target: Target, metric: MetricName, rows: Int32Array): (values: Float64Array) => number {
  const labels = Float64Array.from(rows, (row) => target.values[row] as number)
  const nClasses = target.classes.length
  const width = target.task === 'regression' ? 1 : nClasses
  const picked = new Float64Array(rows.length * width)
  return (values) => {
    for (const [i, row] of rows.entries())
      for (let k = 0; k < width; k++) picked[i * width + k] = values[row * width + k] as number
    const predictions = { nRows: rows.length, nClasses: target.task === 'regression' ? 0 : nClasses, values: picked }
    return lossOf(metric, computeMetric(metric, labels, predictions))
  }
}

/** Weights chosen on one half of the rows, judged on the other, both ways: only then is the comparison honest. */
function ensembleWins(
  candidates: readonly TrialRecord[],
  best: TrialRecord,
  target: Target,
  metric: MetricName,
  rows: Int32Array,
  seed: number,
): boolean {
  const order = shuffledIndices(rows.length, randomStream(seed, 0xe5))
  const half = Math.floor(rows.length / 2)
  const halves = [order.slice(0, half), order.slice(half)].map((part) =>
    Int32Array.from(part, (i) => rows[i] as number).sort(),
  )
  let together = 0
  let alone = 0
  for (const [at, judged] of halves.entries()) {
    const { weights } = selectEnsemble(candidates, lossOver(target, metric, halves[1 - at] as Int32Array), 15)
    const judge = lossOver(target, metric, judged)
    together += judge(meanOf(candidates, weights))
    alone += judge(best.values)
  }
  return together < alone
}

function meanOf(candidates: readonly TrialRecord[], weights: Float64Array): Float64Array {
  const mean = new Float64Array(candidates[0]?.values.length ?? 0)
  for (const [at, { values }] of candidates.entries()) {
    const weight = weights[at] as number
    if (weight === 0) continue
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + weight * (values[i] as number)
  }
  return mean
}

function trimmed(members: readonly { readonly trial: TrialRecord; readonly weight: number }[]) {
  const kept = [...members]
    .filter(({ weight }) => weight >= leastShare)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, mostMembers)
  const total = kept.reduce((sum, { weight }) => sum + weight, 0)
  return kept.map(({ trial, weight }) => ({ trial, weight: weight / total }))
}

/** Weighted mean of the members' out-of-fold predictions. */
export function combinedValues(winner: Winner): Float64Array {
  return meanOf(
    winner.members.map(({ trial }) => trial),
    Float64Array.from(winner.members, ({ weight }) => weight),
  )
}
