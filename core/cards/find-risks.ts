import { metricsUpToOne } from '../../engine/metrics/bootstrap.ts'
import type { ColumnProfile } from '../../shared/domain/datasets.ts'
import type { CardRisk } from '../../shared/domain/model-card.ts'
import type { Performance } from '../../shared/domain/training.ts'
import type { MetricName } from '../../shared/domain/values.ts'
import { formatDigits, formatShare } from '../documents/number-text.ts'
import { knownProblems } from '../tables/quality-warnings.ts'
import type { CardSources } from './card-sources.ts'

/** Below this the interval of a score is too wide to rank models by, whatever the task. */
const fewRows = 500
/** Cases of the rarest class below which its recall is guesswork (a 95% interval of ±14 points at best). */
const fewOfAClass = 50
const rareShare = 0.1
/** Width of a 95% interval, as a share of the metric's range, that cannot tell a good model from a mediocre one. */
const wideInterval = 0.1
/** Mean distance between predicted and observed shares, over the rows, from which a probability misleads. */
const poorCalibration = 0.05
const decidingShare = 0.6

/** What in the numbers of a version its users must know; the gravest first. */
export function findRisks(sources: CardSources): CardRisk[] {
  const { version, dataset, explanation } = sources
  const found = [
    ...dataWarnings(sources),
    ...(dataset === null ? [] : sizeRisks(sources, dataset.columns)),
    ...(version.performance === null ? notJudged() : performanceRisks(version.performance, version.metric)),
    ...(explanation === null ? notExplained() : decidingColumn(sources)),
    ...missingNotSeen(sources),
    ...(version.source.kind === 'file' ? notTrainedHere(version.source.file) : []),
  ]
  const order = ['error', 'warning', 'info']
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
}

function risk(
  code: CardRisk['code'],
  severity: CardRisk['severity'],
  message: string,
  hint: string,
  source: string | null = null,
): CardRisk {
  return { code, severity, message, hint, source }
}

/** The warnings of the table that it was trained on; those that only inform of how it was read stay with the table. */
function dataWarnings({ dataset, version }: CardSources): CardRisk[] {
  // A model from elsewhere brings no table, but the columns that it takes may tell which it was.
  const warnings = dataset?.warnings ?? knownProblems(version.signature.inputs.map(({ name }) => name))
  return warnings
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, message, hint, source }) => risk('DATA_WARNING', severity, message, hint, source ?? null))
}

function sizeRisks({ version, dataset }: CardSources, columns: readonly ColumnProfile[]): CardRisk[] {
  const { signature, performance } = version
  const rows = performance?.rows ?? dataset?.rows ?? 0
  const found: CardRisk[] = []
  if (rows < fewRows)
    found.push(
      risk(
        'FEW_ROWS',
        'warning',
        `It learned from ${rows} rows only.`,
        'Judge it on new rows before anything rests on it.',
      ),
    )
  const counts = signature.task === 'regression' ? null : classCounts(signature.classes, columns, signature.target)
  if (!counts) return found
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const [rarest] = [...counts].sort((a, b) => a.count - b.count)
  if (!rarest || total === 0) return found
  const { label, count } = rarest
  if (count < fewOfAClass)
    found.push(
      risk(
        'FEW_OF_A_CLASS',
        'warning',
        `Only ${count} rows are ${label}.`,
        `How well ${label} is found is known to about ±${formatShare(1 / Math.sqrt(Math.max(1, count)))}.`,
      ),
    )
  if (count / total < rareShare)
    found.push(
      risk(
        'IMBALANCE',
        'warning',
        `${label} is rare: ${formatShare(count / total)} of the rows.`,
        'Accuracy flatters here; look at precision, recall and the threshold.',
      ),
    )
  return found
}

/** Rows of each class, where the profile lists them all. */
function classCounts(classes: readonly string[], columns: readonly ColumnProfile[], target: string) {
  const top = columns.find(({ name }) => name === target)?.top
  if (!top) return null
  const counts = classes.map((label) => ({ label, count: top.find(({ value }) => value === label)?.count }))
  return counts.every((each): each is { label: string; count: number } => each.count !== undefined) ? counts : null
}

function notJudged(): CardRisk[] {
  return [
    risk(
      'NOT_JUDGED',
      'error',
      'Nobody knows how good it is: it was not judged on rows that it had not seen.',
      'Score a table with the true answers before it is used.',
    ),
  ]
}

/** Metrics between 0 and 1, by what guessing reaches. */
const guessing: Partial<Record<MetricName, number>> = { roc_auc: 0.5, r2: 0, mcc: 0, balanced_accuracy: 0.5 }

function performanceRisks(performance: Performance, ranked: MetricName | null): CardRisk[] {
  const found: CardRisk[] = []
  const chosen = performance.metrics.find(({ name }) => name === ranked)
  const judged = performance.metrics.filter(({ name }) => metricsUpToOne.has(name))
  for (const { name, estimate } of chosen && metricsUpToOne.has(chosen.name) ? [chosen] : judged.slice(0, 1)) {
    if (estimate.high - estimate.low > wideInterval)
      found.push(
        risk(
          'WIDE_INTERVAL',
          'warning',
          `${name} is known to lie between ${formatDigits(estimate.low)} and ${formatDigits(estimate.high)} only.`,
          'More rows make it narrower; do not choose between models by less than that.',
        ),
      )
  }
  for (const { name, estimate } of judged) {
    // Balanced accuracy by guessing is one over the number of classes.
    const bar =
      name === 'balanced_accuracy' && performance.classes.length > 0 ? 1 / performance.classes.length : guessing[name]
    if (bar !== undefined && estimate.low <= bar)
      found.push(
        risk(
          'NO_BETTER_THAN_GUESSING',
          'error',
          `By ${name} it may be no better than guessing: ${formatDigits(estimate.low)} to ${formatDigits(estimate.high)}.`,
          'Do not use it.',
        ),
      )
  }
  return [...found, ...weakSlices(performance), ...calibration(performance)]
}

/** The worst group whose whole interval lies on the wrong side of the overall value. */
function weakSlices({ slices }: Performance): CardRisk[] {
  return slices
    .filter(({ estimate, overall }) => estimate.high < overall || estimate.low > overall)
    .slice(0, 3)
    .map(({ column, value, rows, metric, estimate, overall }) =>
      risk(
        'WEAK_SLICE',
        'warning',
        `Where ${column} is ${value} (${rows} rows) it is worse: ${metric} ${formatDigits(estimate.value)} against ${formatDigits(overall)} overall.`,
        'Do not use it there without a second look.',
      ),
    )
}

function calibration({ calibration: curves }: Performance): CardRisk[] {
  return curves.flatMap(({ label, bins }) => {
    const total = bins.reduce((sum, { count }) => sum + count, 0)
    const error = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.predicted - bin.observed), 0) / total
    return total > 0 && error > poorCalibration
      ? [
          risk(
            'CALIBRATION',
            'warning',
            `Its probabilities for ${label} are off by ${formatShare(error)} on average.`,
            'Take them as an order, not as a share.',
          ),
        ]
      : []
  })
}

function notExplained(): CardRisk[] {
  return [
    risk(
      'NOT_EXPLAINED',
      'warning',
      'What drives it is not known: no explanation is stored with it.',
      'Register it from its run, which explains it.',
    ),
  ]
}

function decidingColumn({ explanation }: CardSources): CardRisk[] {
  const [first] = explanation?.features ?? []
  if (!first || first.share < decidingShare) return []
  return [
    risk(
      'ONE_COLUMN_DECIDES',
      'warning',
      `${first.name} alone makes ${formatShare(first.share)} of what moves it.`,
      'Make sure that it is known when a prediction is needed, and that it does not give the answer away.',
    ),
  ]
}

function missingNotSeen({ version }: CardSources): CardRisk[] {
  const whole = version.signature.inputs.filter(({ missingSeen }) => !missingSeen)
  if (whole.length === 0 || version.source.kind === 'file') return []
  const names = whole.map(({ name }) => name)
  const named = names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ')
  return [
    risk(
      'MISSING_NOT_SEEN',
      'info',
      `No missing values were seen in training in: ${named}.`,
      'A row without one of them is predicted, but nothing says how well.',
    ),
  ]
}

function notTrainedHere(file: string | null): CardRisk[] {
  return [
    risk(
      'NOT_TRAINED_HERE',
      'warning',
      `It came as a file${file ? ` (${file})` : ''}; its data and its training are not known here.`,
      'Ask whoever made it for both.',
    ),
  ]
}
