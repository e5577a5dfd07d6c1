import type { Task } from '../../engine/frame/frame.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import { computeMetric } from '../../engine/metrics/metrics.ts'
import type { SecondLayer } from '../../engine/pipeline/second-layer.ts'
import { randomStream, shuffledIndices } from '../../engine/random.ts'
import { selectEnsemble } from '../../engine/search/ensemble-selection.ts'
import { quickAuc } from '../../engine/search/quick-auc.ts'
import { difficultyOf } from '../../engine/search/simplicity.ts'
import type { AutomlSpecification } from '../../shared/domain/training.ts'
import type { TrainingData } from './prepare-training.ts'
import type { ChosenStack } from './stack-models.ts'
import { chooseStack, joinedValues } from './stack-models.ts'
import type { TrialRecord } from './trial-record.ts'
import { comparable, lossOf, meanScore, predictionWidth, ranked, scoreDeviation } from './trial-record.ts'

/** What the search ends with: one trial, or several with their shares. */
export interface Winner {
  readonly members: readonly { readonly trial: TrialRecord; readonly weight: number }[]
  /** How the members' predictions become one; absent: their weighted mean. */
  readonly secondLayer?: SecondLayer
  /** Score on rows that chose neither members nor shares; null for a single trial. */
  readonly score: number | null
  /** Why this one, in a sentence. */
  readonly reason: string
}

/** Candidates for the ensemble: more only make the choice slower and luckier. */
const mostCandidates = 16
/** Rows on which the shares are chosen; more do not change them. */
const mostRows = 6_000
/** Members with less than this share are dropped; they cost more than they bring. */
const leastShare = 0.04
const mostMembers = 8
/** An ensemble's models together, in memory. */
const largestEnsembleBytes = 24 * 1024 * 1024
/** Parts of the rows: each is predicted with shares that were chosen on the others. */
const parts = 5

/** Throws RangeError without a finished trial. */
export function chooseWinner(
  trials: readonly TrialRecord[],
  data: TrainingData,
  metric: MetricName,
  specification: Pick<AutomlSpecification, 'preference' | 'ensemble' | 'seed'>,
): Winner {
  const order = comparable(ranked(trials, metric))
  const [best] = order
  if (!best) throw new RangeError('No trial has finished.')
  if (specification.preference !== 'score') return preferred(order, metric, specification.preference)
  const reason = `${best.learnerTitle} has the best score over the folds.`
  const single: Winner = { members: [{ trial: best, weight: 1 }], score: null, reason }
  if (!specification.ensemble || order.length < 2) return single
  const candidates = candidatesOf(order)
  const rows = rowsToChooseOn(best.values, data, specification.seed)
  const width = predictionWidth(data)
  const loss = rowsLoss(data, metric, rows)
  const shares = (chosenOn: Int32Array) =>
    selectEnsemble(
      candidates.map(({ values }) => ({ values: pick(values, chosenOn, width) })),
      rowsLoss(data, metric, chosenOn),
    ).weights
  const sharesOfParts: Float64Array[] = []
  const mixed = crossFitted(candidates, data, rows, (chosenOn) => {
    const chosen = shares(chosenOn)
    sharesOfParts.push(chosen)
    return chosen
  })
  const together = loss(mixed)
  const alone = loss(crossFitted(candidates, data, rows, (chosenOn) => bestAlone(candidates, data, metric, chosenOn)))
  if (!(together < alone)) return single
  const weights = shares(rows)
  const members = trimmed(candidates.map((trial, at) => ({ trial, weight: weights[at] as number })))
  const stack = chooseStack({
    task: data.target.task,
    width,
    candidates: candidates.map(({ values }) => pick(values, rows, width)),
    labels: Float64Array.from(rows, (row) => data.target.values[row] as number),
    weights: data.weights && Float64Array.from(rows, (row) => data.weights?.[row] as number),
    parts,
    sharesWithout: (part) =>
      sharesOfMembers(candidates, part === null ? weights : (sharesOfParts[part] as Float64Array)),
    lossAt: (places, predictions) =>
      rowsLoss(
        data,
        metric,
        places.map((at) => rows[at] as number),
      )(predictions),
    toBeat: mixed,
  })
  if (stack) return stackedWinner(candidates, stack, metric)
  if (members.length < 2) return { members, score: null, reason: `${members[0]?.trial.learnerTitle ?? ''} does best.` }
  return {
    members,
    score: lossOf(metric, together),
    reason: `A weighted mean of ${members.length} models does better than the best of them on rows that did not choose it.`,
  }
}

/** One standard error of the best is not a real difference: within it, the easier (then smaller) or quicker model is taken. */
function preferred(order: readonly TrialRecord[], metric: MetricName, preference: 'simple' | 'fast'): Winner {
  const best = order[0] as TrialRecord
  const margin = scoreDeviation(best) / Math.sqrt(best.foldScores.length)
  const limit = lossOf(metric, meanScore(best)) + margin
  const near = order.filter((trial) => lossOf(metric, meanScore(trial)) <= limit)
  const costs = ({ learner, sizeBytes, predictMicrosPerRow }: TrialRecord): readonly [number, number] =>
    preference === 'simple' ? [difficultyOf(learner), sizeBytes] : [predictMicrosPerRow, sizeBytes]
  const trial = near.reduce((least, each) => (isLess(costs(each), costs(least)) ? each : least))
  const quality = preference === 'simple' ? 'easiest to follow' : 'quickest'
  return {
    members: [{ trial, weight: 1 }],
    score: null,
    reason: `${trial.learnerTitle} is the ${quality} of ${near.length} models within one standard error of the best.`,
  }
}

function isLess([a, thenA]: readonly [number, number], [b, thenB]: readonly [number, number]): boolean {
  return a < b || (a === b && thenA < thenB)
}

/** The best trials, and the best of each learner. */
function candidatesOf(order: readonly TrialRecord[]): TrialRecord[] {
  const firsts = order.filter((trial, at) => order.findIndex(({ learner }) => learner === trial.learner) === at)
  const chosen = new Set([...order.slice(0, mostCandidates - firsts.length), ...firsts])
  return order.filter((trial) => chosen.has(trial))
}

/** Rows that some fold has validated (with time-ordered folds the first have not been), or an even draw of many. */
function rowsToChooseOn(values: Float64Array, data: TrainingData, seed: number): Int32Array {
  const width = predictionWidth(data)
  const judged = Int32Array.from(data.target.values.keys()).filter((row) => !Number.isNaN(values[row * width]))
  const random = randomStream(seed, 0xe5)
  return Int32Array.from(
    shuffledIndices(judged.length, random, Math.min(mostRows, judged.length)),
    (at) => judged[at] as number,
  )
}

/** All on the candidate that is best on these rows. */
function bestAlone(
  candidates: readonly TrialRecord[],
  data: TrainingData,
  metric: MetricName,
  rows: Int32Array,
): Float64Array {
  const loss = rowsLoss(data, metric, rows)
  const losses = candidates.map(({ values }) => loss(pick(values, rows, predictionWidth(data))))
  const best = losses.indexOf(Math.min(...losses))
  return Float64Array.from(candidates, (_, at) => (at === best ? 1 : 0))
}

/**
 * Predictions for rows that did not choose the shares: each part of the rows by shares chosen on the other parts. Chosen
 * in the same way, an ensemble and a single model are flattered alike, so they can be compared.
 */
function crossFitted(
  candidates: readonly TrialRecord[],
  data: TrainingData,
  rows: Int32Array,
  choose: (chosenOn: Int32Array) => Float64Array,
): Float64Array {
  const width = predictionWidth(data)
  const together = new Float64Array(rows.length * width)
  for (let part = 0; part < parts; part++) {
    const weights = choose(rows.filter((_, at) => at % parts !== part))
    for (let at = part; at < rows.length; at += parts) {
      const from = (rows[at] as number) * width
      for (const [index, { values }] of candidates.entries()) {
        const weight = weights[index] as number
        if (weight === 0) continue
        for (let k = 0; k < width; k++) {
          together[at * width + k] = (together[at * width + k] as number) + weight * (values[from + k] as number)
        }
      }
    }
  }
  return together
}

function pick(values: Float64Array, rows: Int32Array, width: number): Float64Array {
  const picked = new Float64Array(rows.length * width)
  for (let at = 0; at < rows.length; at++) {
    for (let k = 0; k < width; k++) picked[at * width + k] = values[(rows[at] as number) * width + k] as number
  }
  return picked
}

/** The loss of predictions for these rows. */
function rowsLoss(data: TrainingData, metric: MetricName, rows: Int32Array): (values: Float64Array) => number {
  const { target, weights } = data
  const labels = Float64Array.from(rows, (row) => target.values[row] as number)
  const nClasses = target.task === 'regression' ? 0 : target.classes.length
  if (metric === 'roc_auc' && nClasses === 2 && weights === null) {
    const isPositive = Uint8Array.from(labels)
    const scores = new Float64Array(rows.length)
    return (values) => {
      for (let at = 0; at < scores.length; at++) scores[at] = values[2 * at + 1] as number
      return lossOf(metric, quickAuc(isPositive, scores))
    }
  }
  const rowWeights = weights ? Float64Array.from(rows, (row) => weights[row] as number) : null
  return (values) =>
    lossOf(metric, computeMetric(metric, labels, { nRows: rows.length, nClasses, values }, 0.5, rowWeights))
}

/** Shares of the members that an ensemble would keep; 0 for the others. */
function sharesOfMembers(candidates: readonly TrialRecord[], weights: Float64Array): Float64Array {
  const kept = trimmed(candidates.map((trial, at) => ({ trial, weight: weights[at] as number })))
  return Float64Array.from(candidates, (trial) => kept.find((member) => member.trial === trial)?.weight ?? 0)
}

function stackedWinner(candidates: readonly TrialRecord[], stack: ChosenStack, metric: MetricName): Winner {
  const all = candidates.map((trial, at) => ({ trial, weight: stack.weights[at] as number }))
  const members = all.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight)
  return {
    members,
    secondLayer: { intercept: stack.intercept },
    score: lossOf(metric, stack.loss),
    reason: `A second layer over ${members.length} models surely does better than their weighted mean on rows that did not fit it (t-test, 5%).`,
  }
}

/** Members that are worth their size, the weightiest first. */
function trimmed(members: Winner['members']): Winner['members'] {
  const kept: Winner['members'][number][] = []
  let bytes = 0
  for (const member of [...members].sort((a, b) => b.weight - a.weight)) {
    const own = member.trial.sizeBytes
    const fits = kept.length === 0 || bytes + own <= largestEnsembleBytes
    if (member.weight < leastShare || kept.length >= mostMembers || !fits) continue
    bytes += own
    kept.push(member)
  }
  const total = kept.reduce((sum, { weight }) => sum + weight, 0)
  return kept.map(({ trial, weight }) => ({ trial, weight: weight / total }))
}

/** The members' out-of-fold predictions as one: their weighted mean, or what the second layer makes of them. */
export function combinedValues({ members, secondLayer }: Winner, task: Task): Float64Array {
  return joinedValues(
    task,
    secondLayer,
    members.map(({ trial, weight }) => ({ weight, values: trial.values })),
  )
}
