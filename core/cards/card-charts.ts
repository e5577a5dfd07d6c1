import { beeswarmChart } from '../../shared/charts/explanation-charts.ts'
import { lightLook } from '../../shared/charts/look.ts'
import {
  barChart,
  calibrationChart,
  confusionChart,
  histogramChart,
  precisionRecallChart,
  predictedChart,
  rocChart,
} from '../../shared/charts/performance-charts.ts'
import type { GlobalExplanation } from '../../shared/domain/explanations.ts'
import type { ModelCard } from '../../shared/domain/model-card.ts'
import type { Performance } from '../../shared/domain/training.ts'
import type { DocumentBlock } from '../documents/document.ts'
import { formatDigits, formatShare } from '../documents/number-text.ts'

type ChartBlock = Extract<DocumentBlock, { kind: 'chart' }>

const square = { width: 420, height: 320 }
const wide = { width: 640, height: 320 }
/** Curves of more classes than this cannot be told apart. */
const mostCurves = 8
const mostClasses = 25

/** How good it is, as pictures: those of the version's Performance tab. */
export function performanceCharts(performance: Performance): ChartBlock[] {
  const { roc, precisionRecall, calibration, confusion, classes, residuals } = performance
  const charts: ChartBlock[] = []
  const add = (chart: Omit<ChartBlock, 'kind'>) => charts.push({ kind: 'chart', ...chart })
  if (roc.length > 0)
    add({
      name: 'roc',
      title: 'ROC',
      alternative: `ROC curve. ${roc.map(({ label, auc }) => `Area for ${label}: ${formatDigits(auc)}`).join('; ')}.`,
      option: rocChart(roc.slice(0, mostCurves), lightLook),
      size: square,
    })
  if (precisionRecall.length > 0)
    add({
      name: 'pr',
      title: 'Precision and recall',
      alternative: `Precision against recall. ${precisionRecall.map(({ label, averagePrecision }) => `Average precision for ${label}: ${formatDigits(averagePrecision)}`).join('; ')}.`,
      option: precisionRecallChart(precisionRecall.slice(0, mostCurves), lightLook),
      size: square,
    })
  if (calibration.length > 0)
    add({
      name: 'calibration',
      title: 'Calibration',
      alternative: 'Predicted against observed shares; on the diagonal a probability means what it says.',
      option: calibrationChart(calibration.slice(0, mostCurves), lightLook),
      size: square,
    })
  if (confusion && classes.length <= mostClasses)
    add({
      name: 'confusion',
      title: 'Truth and prediction',
      alternative: confusion
        .map(
          (row, at) =>
            `Of the truly ${classes[at]}: ${row.map((count, to) => `${count} as ${classes[to]}`).join(', ')}`,
        )
        .join('. '),
      option: confusionChart(confusion, classes, lightLook),
      size: square,
    })
  if (residuals) {
    add({
      name: 'predicted',
      title: 'Predicted against true values',
      alternative: 'Predicted against true values; on the diagonal it is right.',
      option: predictedChart(residuals.points, lightLook),
      size: square,
    })
    add({
      name: 'residuals',
      title: 'How far off',
      alternative: 'Histogram of the true value less the predicted one.',
      option: histogramChart(residuals.histogram, 'true minus predicted', lightLook),
      size: square,
    })
  }
  return charts
}

/** What drives it, as a picture: each row of the sample a dot. */
export function explanationChart(explanation: GlobalExplanation): ChartBlock {
  const shown = Math.min(15, explanation.features.length)
  return {
    kind: 'chart',
    name: 'explanation',
    title: `What each column adds in ${explanation.rows} rows`,
    alternative: explanation.features
      .slice(0, shown)
      .map(({ name, share }) => `${name}: ${formatShare(share)}`)
      .join(', '),
    option: beeswarmChart(
      explanation,
      explanation.task === 'multiclass' ? 0 : explanation.baseValues.length - 1,
      lightLook,
    ),
    size: { width: wide.width, height: 70 + 26 * shown },
  }
}

export function importanceChart({ features, metric }: NonNullable<ModelCard['importance']>): ChartBlock {
  return {
    kind: 'chart',
    name: 'importance',
    title: `What ${metric} loses without a column`,
    alternative: features.map(({ name, mean }) => `${name}: ${formatDigits(mean)}`).join(', '),
    option: barChart(
      features.map(({ name, mean, low, high }) => ({ name, value: mean, low, high })),
      `lost ${metric}`,
      lightLook,
    ),
    size: { width: wide.width, height: 70 + 26 * features.length },
  }
}
