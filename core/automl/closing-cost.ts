import type { MetricName } from '../../engine/metrics/metrics.ts'
import { limits } from '../../shared/domain/limits.ts'
import type { TrialRecord } from './trial-record.ts'
import { comparable, ranked } from './trial-record.ts'

/** Variants with missing, unseen and extreme values come on top of the rows that the certificate asks for. */
const certifiedRows = 1.5 * limits.parityRows
/** Engine and ONNX Runtime each predict them. */
const predictors = 2
/** Choice, correction of probabilities, intervals and files of a model that predicts in no time; measured 0.5 to 0.8. */
const leastSeconds = 0.7
/** What takes long on a small fold is mostly the start: more rows than these are not taken for more time than this many folds. */
const mostFolds = 10
/** Members of an ensemble that together tell what a typical one costs. */
const likelyMembers = 3

/**
 * Seconds from the end of the search to the stored model, by what its trials have shown so far: predicting the
 * certificate's rows is what grows with a model. `foldRows` are those of a fold, on which predicting was measured. Without
 * a finished trial it is the least there is.
 */
export function closingSeconds(
  trials: readonly TrialRecord[],
  metric: MetricName,
  isEnsemble: boolean,
  foldRows: number,
): number {
  const order = comparable(ranked(trials, metric))
  const firsts = order.filter((trial, at) => order.findIndex(({ learner }) => learner === trial.learner) === at)
  const members = (isEnsemble ? firsts : order).slice(0, isEnsemble ? likelyMembers : 1)
  const micros = members.reduce((sum, { predictMicrosPerRow }) => sum + predictMicrosPerRow, 0)
  return leastSeconds + (predictors * Math.min(certifiedRows, mostFolds * foldRows) * micros) / 1e6
}
