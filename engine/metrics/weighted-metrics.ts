import type { ClassCounts } from './class-counts.ts'
import { countMetrics, emptyCounts } from './class-counts.ts'
import { descendingOrder } from './descending-order.ts'
import type { MetricName, Scored } from './metrics.ts'
import {
  brierOfRow,
  error,
  logLossOfRow,
  probabilitiesOf,
  relativeErrorOfRow,
  rowsOfClass,
  weightedMedian,
} from './metrics.ts'
import { pinballOfRow, poissonDevianceOfRow, quantileOfMetric } from './regression-scores.ts'

/** The metrics of the same rows under one set of weights after another, as a bootstrap needs them. */
export interface WeightedMetrics {
  /**
   * Values in the order of the names asked for, NaN where undefined. `weights[at]` is of row `rows[at]`: the rows are kept
   * in the order that is quickest to go through.
   */
  evaluate(weights: Float64Array): number[]
  readonly rows: Uint32Array
}

/** One resample: its weights, and what several metrics read off one pass over them. */
interface Resample {
  readonly weights: Float64Array
  readonly counts: () => ClassCounts
  readonly areas: () => Areas
}

interface Areas {
  readonly rocAuc: number
  readonly averagePrecision: number
}

type Part = (resample: Resample) => number

/** All that does not depend on the weights (losses of rows, rankings with their ties) is worked out once. */
export function prepareMetrics(scored: Scored, names: readonly MetricName[]): WeightedMetrics {
  const rows = quickestOrder(scored, names)
  const parts = names.map((name) => partOf(name, scored, rows))
  const countClasses = classCounter(scored, rows)
  const rankings = names.some(isRankMetric) ? rankingsOf(scored, rows) : []
  return {
    rows,
    evaluate(weights) {
      const resample = {
        weights,
        counts: once(() => countClasses(weights)),
        areas: once(() => macroAreas(rankings, weights)),
      }
      return parts.map((part) => part(resample))
    },
  }
}

function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | null = null
  return () => {
    made ??= { result: make() }
    return made.result
  }
}

function isRankMetric(name: MetricName): boolean {
  return name === 'roc_auc' || name === 'average_precision'
}

/** By descending score or rising error, so that rankings are read from the first row to the last. */
function quickestOrder(scored: Scored, names: readonly MetricName[]): Uint32Array {
  if (scored.predictions.nClasses === 2 && names.some(isRankMetric)) {
    return scored.orders?.[1] ?? descendingOrder(probabilitiesOf(scored.predictions, 1))
  }
  if (names.includes('median_absolute_error')) {
    return descendingOrder(scored.labels.map((_, i) => Math.abs(error(scored, i)))).reverse()
  }
  return Uint32Array.from(scored.labels.keys())
}

function partOf(name: MetricName, scored: Scored, rows: Uint32Array): Part {
  switch (name) {
    case 'roc_auc':
      return ({ areas }) => areas().rocAuc
    case 'average_precision':
      return ({ areas }) => areas().averagePrecision
    case 'log_loss':
      return meanOver(rows, (i) => logLossOfRow(scored, i))
    case 'brier':
      return meanOver(rows, (i) => brierOfRow(scored, i))
    case 'mae':
      return meanOver(rows, (i) => Math.abs(error(scored, i)))
    case 'mape':
      return meanOver(rows, (i) => relativeErrorOfRow(scored, i))
    case 'rmse': {
      const squares = meanOver(rows, (i) => error(scored, i) ** 2)
      return (resample) => Math.sqrt(squares(resample))
    }
    case 'r2':
      return determination(scored, rows)
    case 'median_absolute_error': {
      const sizes = Float64Array.from(rows, (i) => Math.abs(error(scored, i)))
      return ({ weights }) => weightedMedian(sizes, weights)
    }
    case 'poisson_deviance':
      return meanOver(rows, (i) => poissonDevianceOfRow(scored, i))
    case 'pinball_5':
    case 'pinball_10':
    case 'pinball_25':
    case 'pinball_50':
    case 'pinball_75':
    case 'pinball_90':
    case 'pinball_95':
      return meanOver(rows, (i) => pinballOfRow(scored, i, quantileOfMetric[name]))
    case 'accuracy':
    case 'balanced_accuracy':
    case 'f1':
    case 'mcc':
    case 'precision':
    case 'recall':
      return ({ counts }) => countMetrics[name](counts())
  }
}

function meanOver(rows: Uint32Array, of: (i: number) => number): Part {
  const values = Float64Array.from(rows, of)
  return ({ weights }) => {
    let sum = 0
    let total = 0
    for (let at = 0; at < values.length; at++) {
      const weight = weights[at] as number
      sum += weight * (values[at] as number)
      total += weight
    }
    return total > 0 ? sum / total : Number.NaN
  }
}

/** 1 - residual over total sum of squares, from labels that are centred first so that nothing cancels. */
function determination(scored: Scored, rows: Uint32Array): Part {
  const centre = scored.labels.reduce((sum, label) => sum + label, 0) / Math.max(1, scored.labels.length)
  const first = meanOver(rows, (i) => (scored.labels[i] as number) - centre)
  const second = meanOver(rows, (i) => ((scored.labels[i] as number) - centre) ** 2)
  const residual = meanOver(rows, (i) => error(scored, i) ** 2)
  return (resample) => {
    const variance = second(resample) - first(resample) ** 2
    const left = residual(resample)
    if (variance > 0) return 1 - left / variance
    return left === 0 ? 1 : 0
  }
}

/** With few classes the cells of the confusion matrix are summed first: one sum a row instead of three. */
const mostCellClasses = 64

function classCounter(scored: Scored, rows: Uint32Array): (weights: Float64Array) => ClassCounts {
  const { nClasses } = scored.predictions
  const labels = Int32Array.from(rows, (i) => scored.labels[i] as number)
  const predicted = Int32Array.from(rows, (i) => scored.predicted[i] ?? 0)
  if (nClasses > mostCellClasses) return (weights) => countRows(nClasses, labels, predicted, weights)
  const cellOf = labels.map((label, at) => label * nClasses + (predicted[at] as number))
  const cells = Int32Array.from({ length: nClasses * nClasses }, (_, cell) => cell)
  const labelOfCell = cells.map((cell) => Math.floor(cell / nClasses))
  const predictedOfCell = cells.map((cell) => cell % nClasses)
  return (weights) => countRows(nClasses, labelOfCell, predictedOfCell, sumByCell(cellOf, cells.length, weights))
}

function sumByCell(cellOf: Int32Array, nCells: number, weights: Float64Array): Float64Array {
  const sums = new Float64Array(nCells)
  for (let at = 0; at < cellOf.length; at++) {
    const cell = cellOf[at] as number
    sums[cell] = (sums[cell] as number) + (weights[at] as number)
  }
  return sums
}

function countRows(nClasses: number, labels: Int32Array, predicted: Int32Array, weights: Float64Array): ClassCounts {
  const counts = emptyCounts(nClasses)
  const { correct, truth, guess } = counts
  for (let at = 0; at < labels.length; at++) {
    const weight = weights[at] as number
    const label = labels[at] as number
    const own = predicted[at] as number
    truth[label] = (truth[label] as number) + weight
    guess[own] = (guess[own] as number) + weight
    if (label === own) correct[label] = (correct[label] as number) + weight
  }
  return counts
}

/** Rows down a class's probability: where each stands among the weights, whether it is of the class, and where ties end. */
interface ClassRanking {
  readonly order: Uint32Array
  readonly isPositive: Uint8Array
  readonly endsTie: Uint8Array
}

function rankingsOf(scored: Scored, rows: Uint32Array): ClassRanking[] {
  const { nClasses } = scored.predictions
  const classes = nClasses === 2 ? [1] : Array.from({ length: nClasses }, (_, k) => k)
  return classes.map((k) => {
    const probabilities = probabilitiesOf(scored.predictions, k)
    const ofClass = rowsOfClass(scored.labels, k)
    // Binary rows are in this order already; with more classes they are in their own.
    const ranked = nClasses === 2 ? rows : (scored.orders?.[k] ?? descendingOrder(probabilities))
    return {
      order: nClasses === 2 ? Uint32Array.from(rows.keys()) : ranked,
      isPositive: Uint8Array.from(ranked, (i) => ofClass[i] as number),
      endsTie: Uint8Array.from(ranked, (i, at) => {
        const next = ranked[at + 1]
        return next === undefined || probabilities[next] !== probabilities[i] ? 1 : 0
      }),
    }
  })
}

/** Means over the classes that the rows have and lack, one against the rest. */
function macroAreas(rankings: readonly ClassRanking[], weights: Float64Array): Areas {
  const each = rankings.map((ranking) => areasOf(ranking, weights))
  const mean = (values: readonly number[]) => {
    const known = values.filter((value) => !Number.isNaN(value))
    return known.reduce((sum, value) => sum + value, 0) / known.length
  }
  return {
    rocAuc: mean(each.map(({ rocAuc }) => rocAuc)),
    averagePrecision: mean(each.map(({ averagePrecision }) => averagePrecision)),
  }
}

/** Both areas in one pass; see ranking.ts for what they are. */
function areasOf({ order, isPositive, endsTie }: ClassRanking, weights: Float64Array): Areas {
  let positives = 0
  let negatives = 0
  let tiedPositives = 0
  let tiedNegatives = 0
  let pairs = 0
  let precisions = 0
  for (let at = 0; at < order.length; at++) {
    const weight = weights[order[at] as number] as number
    // A product rather than a branch, which would be guessed wrong on every other row.
    const positive = weight * (isPositive[at] as number)
    tiedPositives += positive
    tiedNegatives += weight - positive
    if (endsTie[at] === 0) continue
    pairs += tiedNegatives * (positives + tiedPositives / 2)
    positives += tiedPositives
    negatives += tiedNegatives
    const ranked = positives + negatives
    if (ranked > 0) precisions += (tiedPositives * positives) / ranked
    tiedPositives = 0
    tiedNegatives = 0
  }
  return {
    rocAuc: positives > 0 && negatives > 0 ? pairs / (positives * negatives) : Number.NaN,
    averagePrecision: positives > 0 ? precisions / positives : Number.NaN,
  }
}
