import { sharesChart } from '../../shared/charts/comparison-charts.ts'
import { lightLook } from '../../shared/charts/look.ts'
import type { VersionDiff } from '../../shared/domain/version-diff.ts'
import type { DocumentBlock, ReportDocument } from '../documents/document.ts'
import { formatCount, formatDigits, formatShare } from '../documents/number-text.ts'

/** Rows of a table that are printed; the JSON has all. */
const shownRows = 30
const shownShares = 15

type Section = ReportDocument['sections'][number]
type Pair = { readonly a: string | null; readonly b: string | null }

/** What differs between two versions as a document to send: what the window shows, only that which differs. */
export function diffDocument(diff: VersionDiff, time: string): ReportDocument {
  const sections = [
    metricsSection(diff),
    slicesSection(diff),
    flipsSection(diff),
    sharesSection(diff),
    pairsSection(
      'Parameters',
      diff.parameters.map(({ key, ...pair }) => [key, pair]),
      diff,
    ),
    pairsSection(
      'Signature',
      diff.schema.map(({ what, ...pair }) => [what, pair]),
      diff,
    ),
    movedSection(diff),
    pairsSection(
      'ONNX graph',
      diff.graph.map(({ what, ...pair }) => [what, pair]),
      diff,
    ),
    cardSection(diff),
  ].filter(({ blocks }) => blocks.length > 0)
  return {
    title: `${diff.b.label} against ${diff.a.label}`,
    facts: [
      ['A', `${diff.a.label}, ${diff.a.learner}, ${diff.a.digest ?? ''}`],
      ['B', `${diff.b.label}, ${diff.b.learner}, ${diff.b.digest ?? ''}`],
      ...(diff.dataset
        ? [['Compared on', `${formatCount(diff.dataset.rows)} rows of ${diff.dataset.label}`] as const]
        : []),
    ],
    sections:
      sections.length > 0
        ? sections
        : [{ title: 'No difference', blocks: [{ kind: 'text', text: 'Nothing that was compared differs.' }] }],
    footer: 'A difference counts as sure where its 95% interval, from the same resamples of both, excludes 0.',
    time,
  }
}

const seen = {
  neither: 'Neither learned from these rows.',
  a: 'A learned from these rows, which flatters it.',
  b: 'B learned from these rows, which flatters it.',
  both: 'Both learned from these rows, which flatters both.',
} as const

function sure(low: number, high: number): string {
  return low > 0 || high < 0 ? 'sure' : 'not sure'
}

function metricsSection({ metrics, judged, dataset }: VersionDiff): Section {
  const blocks: DocumentBlock[] = []
  if (judged.length > 0) {
    const interval = (of: VersionDiff['judged'][number]['a']) =>
      of ? `${formatDigits(of.value)} (${formatDigits(of.low)} to ${formatDigits(of.high)})` : ''
    blocks.push({
      kind: 'table',
      caption: 'As judged at training, on rows that they had not seen, with 95% intervals',
      columns: [{ title: 'Metric' }, { title: 'A', numeric: true }, { title: 'B', numeric: true }],
      rows: judged.map(({ name, a, b }) => [name, interval(a), interval(b)]),
    })
  }
  if (metrics.length > 0 && dataset)
    blocks.push({
      kind: 'table',
      caption: `On the same ${formatCount(dataset.rows)} rows of ${dataset.label}. ${seen[dataset.trainedOn]}`,
      columns: [
        { title: 'Metric' },
        { title: 'A', numeric: true },
        { title: 'B', numeric: true },
        { title: 'B less A, 95%', numeric: true },
        { title: '' },
      ],
      rows: metrics.map(({ name, a, b, ciLow, ciHigh }) => [
        name,
        formatDigits(a),
        formatDigits(b),
        `${formatDigits(ciLow)} to ${formatDigits(ciHigh)}`,
        sure(ciLow, ciHigh),
      ]),
    })
  return { title: 'How good they are', blocks }
}

function slicesSection({ slices }: VersionDiff): Section {
  if (slices.length === 0) return { title: '', blocks: [] }
  return {
    title: 'Groups for which it changes',
    blocks: [
      {
        kind: 'table',
        caption: 'Groups on which they differ most surely',
        columns: [
          { title: 'Group' },
          { title: 'Rows', numeric: true },
          { title: 'Metric' },
          { title: 'A', numeric: true },
          { title: 'B', numeric: true },
          { title: 'B less A, 95%', numeric: true },
          { title: '' },
        ],
        rows: slices.map(({ column, value, rows, metric, a, b, ciLow, ciHigh }) => [
          `${column}: ${value}`,
          formatCount(rows),
          metric,
          formatDigits(a),
          formatDigits(b),
          `${formatDigits(ciLow)} to ${formatDigits(ciHigh)}`,
          sure(ciLow, ciHigh),
        ]),
      },
    ],
  }
}

function flipsSection({ flips, flipCount, dataset }: VersionDiff): Section {
  if (!dataset || flipCount === 0) return { title: '', blocks: [] }
  const cell = (value: string | number | null) =>
    value === null ? '' : typeof value === 'number' ? formatDigits(value) : value
  return {
    title: 'Rows that are predicted differently',
    blocks: [
      {
        kind: 'table',
        caption: `${formatCount(flipCount)} of ${formatCount(dataset.rows)} rows (${formatShare(flipCount / dataset.rows)})${flipCount > shownRows ? `; the ${shownRows} greatest changes` : ''}`,
        columns: [
          { title: 'Row', numeric: true },
          { title: 'A' },
          { title: 'B' },
          { title: 'In truth' },
          { title: 'Change', numeric: true },
        ],
        rows: flips
          .slice(0, shownRows)
          .map(({ row, a, b, truth, change }) => [String(row), cell(a), cell(b), cell(truth), formatDigits(change)]),
      },
    ],
  }
}

function sharesSection({ shap, a, b }: VersionDiff): Section {
  const shown = shap.slice(0, shownShares)
  if (shown.every((each) => each.a === each.b)) return { title: '', blocks: [] }
  return {
    title: 'What drives them',
    blocks: [
      {
        kind: 'chart',
        name: 'shares',
        title: 'Share of each column in the mean absolute attributions',
        alternative: shown
          .map(({ feature, ...share }) => `${feature}: ${formatShare(share.a)} and ${formatShare(share.b)}`)
          .join('; '),
        option: sharesChart(shown, [a.label, b.label], lightLook),
        size: { width: 640, height: 70 + 36 * shown.length },
      },
    ],
  }
}

function pairsSection(title: string, rows: readonly (readonly [string, Pair])[], diff: VersionDiff): Section {
  if (rows.length === 0) return { title, blocks: [] }
  return {
    title,
    blocks: [
      {
        kind: 'table',
        caption: `${rows.length} that differ`,
        columns: [{ title: 'What' }, { title: diff.a.label }, { title: diff.b.label }],
        rows: rows.map(([name, { a, b }]) => [name, a ?? '', b ?? '']),
      },
    ],
  }
}

/** By custom: below 0.1 little, above 0.25 much. */
function movedSection({ data }: VersionDiff): Section {
  if (data.length === 0) return { title: '', blocks: [] }
  return {
    title: 'How far the training data moved',
    blocks: [
      {
        kind: 'table',
        caption: 'Population stability index: below 0.1 little, above 0.25 much',
        columns: [{ title: 'Column' }, { title: 'Index', numeric: true }],
        rows: data.slice(0, shownRows).map(({ column, psi }) => [column, formatDigits(psi)]),
      },
    ],
  }
}

const marks = { same: '  ', removed: '- ', added: '+ ' } as const

function cardSection({ card }: VersionDiff): Section {
  return {
    title: 'What their cards say',
    blocks: card.flatMap(({ path, lines }): DocumentBlock[] => [
      { kind: 'text', text: path, quiet: true },
      {
        kind: 'markdown',
        blocks: [{ kind: 'code', text: lines.map(({ kind, text }) => `${marks[kind]}${text}`).join('\n') }],
      },
    ]),
  }
}
