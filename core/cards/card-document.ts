import type { GlobalExplanation } from '../../shared/domain/explanations.ts'
import type { ModelCard } from '../../shared/domain/model-card.ts'
import type { Performance } from '../../shared/domain/training.ts'
import type { Estimate } from '../../shared/domain/values.ts'
import { parseMarkdown } from '../../shared/markdown/parse-markdown.ts'
import type { DocumentBlock, ReportDocument } from '../documents/document.ts'
import { formatCount, formatDigits, formatShare, formatSize, formatTime } from '../documents/number-text.ts'
import { explanationChart, importanceChart, performanceCharts } from './card-charts.ts'

/** What the charts of a card are drawn from: the evidence that it names. */
export interface CardEvidence {
  readonly performance: Performance | null
  readonly explanation: GlobalExplanation | null
}

type Section = ReportDocument['sections'][number]

/** The card as a document, to be written as HTML or PDF. A pure function: the same card gives the same document. */
export function cardDocument(card: ModelCard, evidence: CardEvidence, digest: string | null): ReportDocument {
  const last = card.changes.at(-1)
  return {
    title: `Model card: ${card.identity.model} / ${card.identity.version}`,
    facts: identityFacts(card),
    sections: [
      { title: 'What it is for', blocks: [words(card.texts.intendedUse)] },
      { title: 'What it is not for', blocks: [words(card.texts.outOfScopeUse)] },
      limitsSection(card),
      performanceSection(card, evidence.performance),
      explanationSection(card, evidence.explanation),
      dataSection(card),
      recipeSection(card),
      approvalSection(card),
      ...(card.texts.notes.trim() === '' ? [] : [{ title: 'Notes', blocks: [words(card.texts.notes)] }]),
      changeSection(card),
    ],
    footer: [
      `Revision ${last?.revision ?? 1} of the card${digest === null ? '' : `, ${digest}`}.`,
      ...Object.entries(card.evidence).map(([kind, of]) => `Evidence ${kind}: ${of}.`),
    ].join(' '),
    time: last?.time ?? card.identity.registeredAt,
  }
}

function words(markdown: string): DocumentBlock {
  return markdown.trim() === ''
    ? { kind: 'text', text: 'Nothing has been written here yet.', quiet: true }
    : { kind: 'markdown', blocks: parseMarkdown(markdown) }
}

function identityFacts({ identity, texts }: ModelCard): [string, string][] {
  const { task, target, classes, learner, source } = identity
  return [
    ['Owner', texts.owner],
    ['Predicts', `${target} (${task}${classes.length > 0 ? `: ${classes.slice(0, 10).join(', ')}` : ''})`],
    ['Learner', learner],
    ['Registered', formatTime(identity.registeredAt)],
    ['Made by', source.runId ? `run ${source.runId}` : (source.file ?? '')],
    ['ONNX file', `${formatSize(identity.onnxBytes)}, ${identity.digest}`],
  ]
}

function limitsSection({ texts, risks }: ModelCard): Section {
  const found: DocumentBlock[] = risks.map(({ severity, message, hint, source }) => ({
    kind: 'remark',
    severity,
    text: message,
    hint,
    source,
  }))
  return {
    title: 'Limits and risks',
    blocks: [
      ...(texts.limits.trim() === '' ? [] : [words(texts.limits)]),
      ...(found.length > 0
        ? found
        : [{ kind: 'text' as const, text: 'Nothing in the numbers stands out as a risk.', quiet: true as const }]),
    ],
  }
}

function interval({ value, low, high }: Estimate): [string, string] {
  return [formatDigits(value), `${formatDigits(low)} to ${formatDigits(high)}`]
}

function performanceSection({ performance }: ModelCard, evidence: Performance | null): Section {
  if (performance === null)
    return {
      title: 'How good it is',
      blocks: [{ kind: 'text', text: 'It was not judged on rows that it had not seen.' }],
    }
  const { basis, rows, metrics, slices } = performance
  return {
    title: 'How good it is',
    blocks: [
      {
        kind: 'table',
        caption: `On ${formatCount(rows)} rows that it had not seen (${basis}); intervals of 95% by resampling`,
        columns: [{ title: 'Metric' }, { title: 'Value', numeric: true }, { title: '95% interval', numeric: true }],
        rows: metrics.map(({ name, estimate }) => [name, ...interval(estimate)]),
      },
      ...(slices.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              caption: 'Groups that it predicts worst',
              columns: [
                { title: 'Group' },
                { title: 'Rows', numeric: true as const },
                { title: 'Metric' },
                { title: 'Value', numeric: true as const },
                { title: '95% interval', numeric: true as const },
                { title: 'Overall', numeric: true as const },
              ],
              rows: slices.map(({ column, value, rows: count, metric, estimate, overall }) => [
                `${column}: ${value}`,
                formatCount(count),
                metric,
                ...interval(estimate),
                formatDigits(overall),
              ]),
            },
          ]),
      ...(evidence === null ? [] : performanceCharts(evidence)),
    ],
  }
}

function explanationSection({ explanation, importance }: ModelCard, evidence: GlobalExplanation | null): Section {
  const blocks: DocumentBlock[] = []
  if (explanation) {
    blocks.push({ kind: 'text', text: explanation.reading })
    if (evidence) blocks.push(explanationChart(evidence))
    blocks.push({
      kind: 'table',
      caption: `Mean absolute attribution over ${formatCount(explanation.rows)} rows (${explanation.method}, ${explanation.exact ? 'exact' : 'estimated by sampling'})`,
      columns: [{ title: 'Column' }, { title: 'Attribution', numeric: true }, { title: 'Share', numeric: true }],
      rows: explanation.features.map(({ name, meanAbs, share }) => [name, formatDigits(meanAbs), formatShare(share)]),
    })
  }
  if (importance && importance.features.length > 0) {
    blocks.push({ kind: 'text', text: importance.reading }, importanceChart(importance))
    blocks.push({
      kind: 'text',
      quiet: true,
      text: `By shuffling each column ${importance.repeats} times${importance.onTrainingRows ? ', on the rows that it learned from' : ''}.`,
    })
  }
  return {
    title: 'What drives it',
    blocks: blocks.length > 0 ? blocks : [{ kind: 'text', text: 'No explanation is stored with it.' }],
  }
}

function dataSection({ data }: ModelCard): Section {
  if (data === null)
    return { title: 'Data', blocks: [{ kind: 'text', text: 'What it learned from is not known here.' }] }
  return {
    title: 'Data',
    blocks: [
      {
        kind: 'text',
        text: `${data.name} / ${data.version}, read from ${data.source}: ${formatCount(data.rows)} rows. ${data.digest}`,
      },
      ...data.warnings.map(({ severity, message, hint, source }) => ({
        kind: 'remark' as const,
        severity,
        text: message,
        hint,
        source: source ?? null,
      })),
      {
        kind: 'table',
        caption: 'Its columns',
        columns: [
          { title: 'Column' },
          { title: 'Type' },
          { title: 'Role' },
          { title: 'Missing', numeric: true },
          { title: 'Distinct', numeric: true },
          { title: 'Values' },
        ],
        rows: data.columns.map(({ name, type, role, missing, distinct, summary }) => [
          name,
          type,
          role,
          formatCount(missing),
          formatCount(distinct),
          summary,
        ]),
      },
    ],
  }
}

function recipeSection({ recipe }: ModelCard): Section {
  const { params, inputs, parity } = recipe
  const blocks: DocumentBlock[] = [
    {
      kind: 'table',
      caption: 'Parameters of its run',
      columns: [{ title: 'Parameter' }, { title: 'Value' }],
      rows: Object.entries(params),
    },
    {
      kind: 'table',
      caption: 'Columns that it takes',
      columns: [{ title: 'Column' }, { title: 'Type' }, { title: 'Seen in training' }],
      rows: inputs.map(({ name, type, min, max, missingSeen }) => [
        name,
        type,
        [
          min === null || max === null ? '' : `${formatDigits(min)} to ${formatDigits(max)}`,
          missingSeen ? 'missing values' : '',
        ]
          .filter((part) => part !== '')
          .join(', '),
      ]),
    },
  ]
  if (parity)
    blocks.push({
      kind: 'text',
      text: `The ONNX file was compared with the engine on ${formatCount(parity.rows)} rows: ${formatCount(parity.labelFlips)} labels differ, the largest difference is ${formatDigits(parity.maxAbsDiff)}.`,
    })
  return { title: 'How it was made', blocks: blocks.filter((block) => block.kind !== 'table' || block.rows.length > 0) }
}

function approvalSection({ approvals }: ModelCard): Section {
  return {
    title: 'Approvals',
    blocks:
      approvals.length === 0
        ? [{ kind: 'text', text: 'Nobody has decided on this version yet.', quiet: true }]
        : [
            {
              kind: 'table',
              caption: 'Decisions',
              columns: [{ title: 'When' }, { title: 'Who' }, { title: 'Decision' }, { title: 'Reason' }],
              rows: approvals.map(({ time, actor, role, decision, reason }) => [
                formatTime(time),
                `${actor} (${role})`,
                decision,
                reason,
              ]),
            },
          ],
  }
}

function changeSection({ changes }: ModelCard): Section {
  return {
    title: 'Change log',
    blocks: [
      {
        kind: 'table',
        caption: 'Revisions of this card',
        columns: [{ title: 'Revision', numeric: true }, { title: 'When' }, { title: 'Who' }, { title: 'What' }],
        rows: changes.map(({ revision, time, actor, what }) => [String(revision), formatTime(time), actor, what]),
      },
    ],
  }
}
