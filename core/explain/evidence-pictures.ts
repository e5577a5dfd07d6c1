import { effectsChart, pairChart, pairsChart } from '../../shared/charts/column-charts.ts'
import { beeswarmChart, dependenceChart } from '../../shared/charts/explanation-charts.ts'
import type { ChartOption } from '../../shared/charts/look.ts'
import { lightLook } from '../../shared/charts/look.ts'
import { barChart } from '../../shared/charts/performance-charts.ts'
import { treeChart } from '../../shared/charts/tree-chart.ts'
import type { Dependence, GlobalExplanation, Importance } from '../../shared/domain/explanations.ts'
import type { ColumnInteractions, LocalEffects, PairDependence, Surrogate } from '../../shared/domain/inspections.ts'
import { chartSvg } from '../documents/chart-svg.ts'

/** A chart as it was when the version was registered; `title` is its finding. */
export interface EvidencePicture {
  readonly name: string
  readonly title: string
  readonly svg: string
}

export interface PicturedEvidence {
  readonly explanation: GlobalExplanation
  /** Null where the table has no true answers. */
  readonly importance: Importance | null
  readonly dependence: readonly Dependence[]
  readonly effects: readonly LocalEffects[]
  readonly interactions: ColumnInteractions
  /** Of the two columns that act together most; null where none do. */
  readonly pair: PairDependence | null
  readonly surrogate: Surrogate | null
}

const width = 720
/** Bars and beeswarms show so many columns. */
const shownColumns = 15

/** What the numbers of a version's explanation look like, the same bytes for the same numbers. */
export function evidencePictures(evidence: PicturedEvidence): EvidencePicture[] {
  const { explanation, importance, dependence, effects, interactions, pair, surrogate } = evidence
  const rowsHeight = 80 + 26 * Math.min(shownColumns, explanation.features.length)
  const draw = (name: string, title: string, option: ChartOption, height: number): EvidencePicture => ({
    name,
    title,
    svg: chartSvg(option, name, { width, height }),
  })
  const ofClasses = explanation.task === 'multiclass' ? explanation.classes : ['']
  const unit = explanation.task === 'regression' ? 'prediction' : 'probability'
  return [
    ...ofClasses.map((label, k) =>
      draw(
        label === '' ? 'beeswarm' : `beeswarm-${k}`,
        label === '' ? explanation.reading : `${label}: what each column adds, row by row`,
        beeswarmChart(explanation, k, lightLook),
        rowsHeight,
      ),
    ),
    ...(importance
      ? [
          draw(
            'importance',
            importance.reading,
            barChart(
              importance.features
                .slice(0, shownColumns)
                .map(({ name, mean, low, high }) => ({ name, value: mean, low, high })),
              `loss of ${importance.metric}`,
              lightLook,
            ),
            rowsHeight,
          ),
        ]
      : []),
    ...dependence.map((each, at) =>
      draw(`dependence-${at}`, each.reading, dependenceChart(each, unit, lightLook), 320),
    ),
    ...effects.map((each, at) => draw(`effects-${at}`, each.reading, effectsChart(each, unit, lightLook), 320)),
    draw(
      'interactions',
      interactions.reading,
      pairsChart(interactions.features.slice(0, 12), interactions.strengths, lightLook),
      120 + 28 * Math.min(12, interactions.features.length),
    ),
    ...(pair ? [draw('pair', pair.reading, pairChart(pair, 0, lightLook), 340)] : []),
    ...(surrogate ? [draw('surrogate', surrogate.reading, treeChart(surrogate, lightLook), 400)] : []),
  ]
}
