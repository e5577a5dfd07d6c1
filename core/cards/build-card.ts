import type * as z from 'zod'
import type { ColumnProfile } from '../../shared/domain/datasets.ts'
import type { CardTexts, ModelCard } from '../../shared/domain/model-card.ts'
import { modelCard } from '../../shared/domain/model-card.ts'
import type { Signature, VersionDetail } from '../../shared/domain/models.ts'
import { formatDigits } from '../documents/number-text.ts'
import type { CardSources } from './card-sources.ts'
import { findRisks } from './find-risks.ts'

/** Slices, features and columns that a card names; the rest is in the evidence. */
const shownSlices = 10
const shownFeatures = 15
const shownColumns = 200
const shownWords = 3
/** A value that fewer rows share may point to a person; a card goes to many readers. */
const leastShared = 5

/** The first card of a version: what is known of it when it is registered. A pure function of its sources. */
export function buildCard(sources: CardSources): ModelCard {
  const { version, dataset, explanation, importance } = sources
  const { signature, performance } = version
  return modelCard.parse({
    format: 'maestro-card/1',
    identity: {
      model: version.name,
      version: version.version,
      versionId: version.id,
      digest: version.digest,
      onnxBytes: version.onnxBytes,
      pipelineDigest: sources.pipelineDigest,
      task: version.task,
      target: signature.target,
      classes: signature.classes,
      learner: version.learner,
      registeredAt: version.createdAt,
      source: { kind: version.source.kind, runId: version.source.runId, file: version.source.file },
    },
    texts: firstTexts(sources),
    data: dataset && {
      name: dataset.name,
      version: dataset.version,
      digest: dataset.digest,
      source: dataset.source,
      rows: dataset.rows,
      columns: dataset.columns.slice(0, shownColumns).map((column) => ({
        name: column.name,
        type: column.type,
        role: roleOf(column.name, signature),
        missing: column.missing,
        distinct: column.distinct,
        summary: summarise(column),
      })),
      warnings: dataset.warnings,
    },
    recipe: {
      params: version.params,
      inputs: signature.inputs.map(({ name, type, min, max, missingSeen }) => ({ name, type, min, max, missingSeen })),
      parity: version.parity,
    },
    performance: performance && {
      basis: performance.basis,
      rows: performance.rows,
      rankedBy: version.metric,
      metrics: fitting(shape.performance.unwrap().shape.metrics.element, performance.metrics),
      slices: fitting(shape.performance.unwrap().shape.slices.element, performance.slices).slice(0, shownSlices),
    },
    explanation: explanation && {
      method: explanation.method,
      exact: explanation.exact,
      rows: explanation.rows,
      features: explanation.features
        .slice(0, shownFeatures)
        .map(({ name, meanAbs, share }) => ({ name, meanAbs, share })),
      reading: explanation.reading,
    },
    importance: importance && {
      metric: importance.metric,
      repeats: importance.repeats,
      onTrainingRows: importance.onTrainingRows,
      features: fitting(shape.importance.unwrap().shape.features.element, importance.features).slice(0, shownFeatures),
      reading: importance.reading,
    },
    risks: findRisks(sources),
    approvals: [],
    changes: [{ revision: 1, time: version.createdAt, actor: sources.actor, what: 'generated at registration' }],
    evidence: Object.fromEntries(
      version.evidence.filter(({ kind }) => kind !== 'card').map(({ kind, digest }) => [kind, digest]),
    ),
  })
}

const { shape } = modelCard

/** JSON has neither NaN nor infinities: what has such a number has no place on a card. */
function fitting<Item>(schema: z.ZodType<Item>, items: readonly Item[]): Item[] {
  return items.filter((item) => schema.safeParse(item).success)
}

function roleOf(name: string, { target, inputs }: Signature): 'target' | 'input' | 'unused' {
  if (name === target) return 'target'
  return inputs.some((input) => input.name === name) ? 'input' : 'unused'
}

function summarise({ type, numeric, top }: ColumnProfile): string {
  if (numeric && type === 'datetime') return `${isoDay(numeric.min)} to ${isoDay(numeric.max)}`
  if (numeric) return `${formatDigits(numeric.min)} to ${formatDigits(numeric.max)}, mean ${formatDigits(numeric.mean)}`
  if (!top || type === 'id') return ''
  return top
    .filter(({ count }) => count >= leastShared)
    .slice(0, shownWords)
    .map(({ value, count }) => `${value} (${count})`)
    .join(', ')
}

function isoDay(seconds: number): string {
  const time = new Date(seconds * 1000)
  return Number.isNaN(time.getTime()) ? 'an impossible day' : time.toISOString().slice(0, 10)
}

/** What can be said before anybody has said anything; whoever answers for the model edits it. */
function firstTexts({ version, dataset, actor }: CardSources): CardTexts {
  return {
    owner: actor,
    intendedUse: version.description.trim() === '' ? intendedUse(version, dataset) : version.description,
    outOfScopeUse: [
      dataset
        ? `- Rows of another population than those of ${dataset.name} / ${dataset.version}.`
        : '- Rows of another population than those that it was trained on.',
      '- Values outside the ranges that were seen in training: see what it takes.',
      '- Conclusions about causes: it has learned what goes together, not what follows from what.',
      '- Decisions about people without somebody who can look at the single case.',
    ].join('\n'),
    limits: '',
    notes: '',
  }
}

const taskWords: Readonly<Record<VersionDetail['task'], string>> = {
  binary: 'which of two classes',
  multiclass: 'which of several classes',
  regression: 'which number',
}

function intendedUse({ signature, task }: VersionDetail, dataset: CardSources['dataset']): string {
  const rows = dataset ? ` in rows like those of ${dataset.name} / ${dataset.version}` : ''
  return `Predicts \`${signature.target.replaceAll('`', "'")}\` (${taskWords[task]}) from ${signature.inputs.length} columns${rows}.`
}
