import { learnableQuantiles, quantileMetric } from '../../../shared/domain/training.ts'
import type { MetricName, TaskName } from '../../../shared/domain/values.ts'
import { lessIsBetter } from '../../../shared/domain/values.ts'

export interface MetricDescription {
  readonly name: MetricName
  /** The technical term. */
  readonly title: string
  /** In plain words. */
  readonly plain: string
  readonly tasks: TaskName[]
  readonly lessIsBetter: boolean
}

const both: TaskName[] = ['binary', 'multiclass']

function describe(name: MetricName, title: string, plain: string, tasks: TaskName[]): MetricDescription {
  return { name, title, plain, tasks, lessIsBetter: lessIsBetter.has(name) }
}

/** Every metric, the default of each task first. */
export const metricDescriptions: MetricDescription[] = [
  describe(
    'roc_auc',
    'area under the ROC curve',
    'How well it ranks: the chance that a positive row scores higher than a negative one',
    both,
  ),
  describe('log_loss', 'log loss', 'How well its probabilities fit, sure mistakes counting most', both),
  describe('rmse', 'root mean squared error', 'How far off it is, large misses counting most', ['regression']),
  describe('accuracy', 'accuracy', 'How often it is right', both),
  describe('balanced_accuracy', 'balanced accuracy', 'How often it is right, every class counting alike', both),
  describe('f1', 'F1', 'Balance of finding the positives and not crying wolf', both),
  describe('precision', 'precision', 'Of those it calls positive, how many are', both),
  describe('recall', 'recall', 'Of the positives, how many it finds', both),
  describe('average_precision', 'average precision', 'Precision over all thresholds; for rare positives', both),
  describe('brier', 'Brier score', 'Mean squared error of its probabilities', both),
  describe('mcc', 'Matthews correlation', 'Agreement with the truth, 0 is guessing', both),
  describe('mae', 'mean absolute error', 'How far off it is on average', ['regression']),
  describe('r2', 'R²', 'Share of the variation that it explains', ['regression']),
  describe('mape', 'mean absolute percentage error', 'How far off it is on average, as a share of the truth', [
    'regression',
  ]),
  describe('median_absolute_error', 'median absolute error', 'How far off it is in the middle case', ['regression']),
  describe('poisson_deviance', 'Poisson deviance', 'How well its rates fit counts', ['regression']),
  ...learnableQuantiles.map((quantile) =>
    describe(
      quantileMetric(quantile),
      `pinball loss at ${quantile}`,
      `How well it hits the value that ${Math.round(100 * quantile)} of 100 rows stay below`,
      ['regression'],
    ),
  ),
]
