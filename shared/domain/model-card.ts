import * as z from 'zod'
import { datasetWarning } from './datasets.ts'
import { signatureInput } from './models.ts'
import { parityCertificate } from './training.ts'
import { columnType, digest, estimate, id, metricName, task, timestamp } from './values.ts'

/** Longest text of a card that a person writes. */
export const cardTextLength = 20_000

const markdown = z.string().max(cardTextLength)

/** What people write; all but the owner in Markdown. */
export const cardTexts = z.object({
  owner: z.string().max(200),
  intendedUse: markdown,
  outOfScopeUse: markdown,
  /** Beside the risks that are found in the numbers. */
  limits: markdown,
  notes: markdown,
})

/** Something in the numbers that whoever uses the model must know. */
export const cardRisk = z.object({
  code: z.enum([
    'DATA_WARNING',
    'FEW_ROWS',
    'FEW_OF_A_CLASS',
    'IMBALANCE',
    'WIDE_INTERVAL',
    'NO_BETTER_THAN_GUESSING',
    'WEAK_SLICE',
    'CALIBRATION',
    'ONE_COLUMN_DECIDES',
    'MISSING_NOT_SEEN',
    'NOT_JUDGED',
    'NOT_EXPLAINED',
    'NOT_TRAINED_HERE',
  ]),
  severity: z.enum(['info', 'warning', 'error']),
  /** One sentence: what is so, with its numbers. */
  message: z.string(),
  /** Why it matters, or what to do. */
  hint: z.string(),
  /** Where this is known from. */
  source: z.string().nullable(),
})

/** All that is known of a version, on one sheet: generated at registration, afterwards edited in revisions. */
export const modelCard = z.object({
  format: z.literal('maestro-card/1'),
  identity: z.object({
    model: z.string(),
    version: z.int(),
    versionId: id,
    digest,
    onnxBytes: z.int(),
    pipelineDigest: digest.nullable(),
    task,
    target: z.string(),
    classes: z.array(z.string()),
    learner: z.string(),
    registeredAt: timestamp,
    source: z.object({ kind: z.enum(['run', 'file']), runId: id.nullable(), file: z.string().nullable() }),
  }),
  texts: cardTexts,
  data: z
    .object({
      name: z.string(),
      version: z.int(),
      digest,
      /** The file that it was read from. */
      source: z.string(),
      rows: z.int(),
      columns: z.array(
        z.object({
          name: z.string(),
          type: columnType,
          role: z.enum(['target', 'input', 'unused']),
          missing: z.int(),
          distinct: z.int(),
          /** Range and mean, or the most frequent values. */
          summary: z.string(),
        }),
      ),
      warnings: z.array(datasetWarning),
    })
    .nullable(),
  /** How it was made: the parameters of its run, and what it takes. */
  recipe: z.object({
    params: z.record(z.string(), z.string()),
    inputs: z.array(signatureInput.pick({ name: true, type: true, min: true, max: true, missingSeen: true })),
    parity: parityCertificate.pick({ rows: true, labelFlips: true, maxAbsDiff: true, passed: true }).nullable(),
  }),
  performance: z
    .object({
      /** What the rows are: "5-fold cross-validation" or "test set". */
      basis: z.string(),
      rows: z.int(),
      rankedBy: metricName.nullable(),
      metrics: z.array(z.object({ name: metricName, estimate })),
      /** Groups that are predicted worst, worst first. */
      slices: z.array(
        z.object({
          column: z.string(),
          value: z.string(),
          rows: z.int(),
          metric: metricName,
          estimate,
          overall: z.number(),
        }),
      ),
    })
    .nullable(),
  explanation: z
    .object({
      method: z.string(),
      exact: z.boolean(),
      rows: z.int(),
      features: z.array(z.object({ name: z.string(), meanAbs: z.number(), share: z.number() })),
      reading: z.string(),
    })
    .nullable(),
  importance: z
    .object({
      metric: z.string(),
      repeats: z.int(),
      onTrainingRows: z.boolean(),
      features: z.array(
        z.object({ name: z.string(), mean: z.number(), std: z.number(), low: z.number(), high: z.number() }),
      ),
      reading: z.string(),
    })
    .nullable(),
  risks: z.array(cardRisk),
  /** Decisions on this version, oldest first. */
  approvals: z.array(
    z.object({ time: timestamp, actor: z.string(), role: z.string(), decision: z.string(), reason: z.string() }),
  ),
  /** Oldest first. */
  changes: z.array(z.object({ revision: z.int(), time: timestamp, actor: z.string(), what: z.string() })),
  /** Digests of what the card was made from, by kind. */
  evidence: z.record(z.string(), digest),
})

/** A card as it stands, with where it stands in its history. */
export const cardState = z.object({
  card: modelCard,
  /** 0: made now from the stored evidence and not kept, as for versions from before there were cards. */
  revision: z.int(),
  digest: digest.nullable(),
  revisions: z.array(
    z.object({ revision: z.int(), digest, author: z.string(), what: z.string(), createdAt: timestamp }),
  ),
})

export type CardTexts = z.infer<typeof cardTexts>
export type CardRisk = z.infer<typeof cardRisk>
export type ModelCard = z.infer<typeof modelCard>
export type CardState = z.infer<typeof cardState>
