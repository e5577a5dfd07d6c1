import type { VersionDiff } from '../shared/domain/version-diff.ts'
import { number, oneLine, table } from './format.ts'

const shown = 10
const marks = { same: '    ', removed: '  - ', added: '  + ' } as const

/** What differs between two versions, as paragraphs; parts without a difference are left out. */
export function describeDiff(diff: VersionDiff): string {
  const { a, b, dataset } = diff
  const seen = {
    neither: '',
    a: ', which A learned from',
    b: ', which B learned from',
    both: ', which both learned from',
  }
  const pairs = (rows: readonly { readonly a: string | null; readonly b: string | null }[], names: readonly string[]) =>
    table(
      ['', 'A', 'B'],
      rows.slice(0, 3 * shown).map((row, at) => [names[at] ?? '', row.a ?? '-', row.b ?? '-']),
    )
  const part = (title: string, text: string) => (text === '' ? [] : [`${title}\n${text}`])
  return [
    `A: ${a.label} (${a.learner})\nB: ${b.label} (${b.learner})`,
    ...part(
      'parameters',
      pairs(
        diff.parameters,
        diff.parameters.map(({ key }) => key),
      ),
    ),
    ...part(
      'signature',
      pairs(
        diff.schema,
        diff.schema.map(({ what }) => what),
      ),
    ),
    ...part(
      dataset ? `metrics on ${dataset.rows} rows of ${dataset.label}${seen[dataset.trainedOn]}` : 'metrics',
      table(
        ['metric', 'A', 'B', 'B - A, 95%'],
        diff.metrics.map((metric) => [
          metric.name,
          number(metric.a),
          number(metric.b),
          `${number(metric.ciLow)} to ${number(metric.ciHigh)}${metric.ciLow > 0 || metric.ciHigh < 0 ? ' *' : ''}`,
        ]),
      ),
    ),
    ...part(
      'groups on which they differ most surely',
      table(
        ['group', 'rows', 'metric', 'A', 'B', 'B - A, 95%'],
        diff.slices
          .slice(0, shown)
          .map(({ column, value, rows, metric, a: ofA, b: ofB, ciLow, ciHigh }) => [
            `${column}: ${value}`,
            rows,
            metric,
            number(ofA),
            number(ofB),
            `${number(ciLow)} to ${number(ciHigh)}${ciLow > 0 || ciHigh < 0 ? ' *' : ''}`,
          ]),
      ),
    ),
    ...part(
      `${diff.flipCount} rows are predicted differently`,
      table(
        ['row', 'A', 'B', 'truth', 'change'],
        diff.flips.slice(0, shown).map((flip) => [flip.row, flip.a, flip.b, flip.truth ?? '-', number(flip.change)]),
      ),
    ),
    ...part(
      'share of what moves the model',
      table(
        ['column', 'A', 'B'],
        diff.shap.slice(0, shown).map((each) => [each.feature, number(each.a), number(each.b)]),
      ),
    ),
    ...part(
      'training data moved (population stability index)',
      table(
        ['column', 'index'],
        diff.data.slice(0, shown).map(({ column, psi }) => [column, number(psi)]),
      ),
    ),
    ...part(
      'graph',
      pairs(
        diff.graph,
        diff.graph.map(({ what }) => what),
      ),
    ),
    ...part(
      'card',
      diff.card
        .map(({ path, lines }) =>
          [path, ...lines.slice(0, 3 * shown).map(({ kind, text }) => `${marks[kind]}${oneLine(text)}`)].join('\n'),
        )
        .join('\n'),
    ),
  ].join('\n\n')
}
