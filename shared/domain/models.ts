import * as z from 'zod'
import { nativeParity } from './native-parity.ts'
import { rebuildResult } from './recipes.ts'
import { parityCertificate, performance } from './training.ts'
import { cell, columnType, digest, estimate, id, metricName, task, timestamp } from './values.ts'

/** One raw column that a model takes, with what the training data says of it. */
export const signatureInput = z.object({
  name: z.string(),
  type: columnType,
  /** Numbers: the range seen in training. Date-times: seconds since 1970. */
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Categories and booleans: the levels seen, most frequent first, at most 1,000. */
  levels: z.array(z.string()).nullable(),
  missingSeen: z.boolean(),
  /** Median or most frequent value, to start a form with. */
  example: cell,
})

export const signature = z.object({
  task,
  target: z.string(),
  classes: z.array(z.string()),
  inputs: z.array(signatureInput),
  outputs: z.array(z.object({ name: z.string(), type: z.string() })),
})

export const versionSummary = z.object({
  name: z.string(),
  version: z.int(),
  id,
  digest,
  task: task,
  learner: z.string(),
  metric: metricName.nullable(),
  score: estimate.nullable(),
  aliases: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
  /** Where its approval stands; `none` until it is sent for one. */
  state: z.enum(['none', 'submitted', 'review', 'testing', 'approved', 'rejected', 'deployed']),
  createdAt: timestamp,
  deletedAt: timestamp.nullable(),
})

export const modelSummary = z.object({
  id,
  name: z.string(),
  description: z.string(),
  tags: z.record(z.string(), z.string()),
  latestVersion: z.int(),
  versionCount: z.int(),
  versions: z.array(versionSummary),
  createdAt: timestamp,
  updatedAt: timestamp,
  deletedAt: timestamp.nullable(),
})

export const versionDetail = versionSummary.extend({
  description: z.string(),
  onnxBytes: z.int(),
  signature,
  parity: parityCertificate.nullable(),
  /** Of an export of another tool: whether it does what the model did there. */
  nativeParity: nativeParity.nullable(),
  performance: performance.nullable(),
  /** The approval that stands, or the last one that ended; null where the version was never sent for one. */
  approvalId: id.nullable(),
  /** What the latest rebuild came to; null where there was none. */
  rebuild: rebuildResult.nullable(),
  params: z.record(z.string(), z.string()),
  source: z.object({
    kind: z.enum(['run', 'file']),
    runId: id.nullable(),
    experimentId: id.nullable(),
    file: z.string().nullable(),
  }),
  dataset: z.object({ name: z.string(), version: z.int(), versionId: id, digest }).nullable(),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), digest })),
  activity: z.array(z.object({ time: timestamp, actor: z.string(), what: z.string() })),
  /** Which stored explanations exist. */
  evidence: z.array(z.object({ kind: z.string(), digest, createdAt: timestamp })),
})

export const lineage = z.object({
  /** Id of the node that was asked for. */
  focus: z.string(),
  /** False where there is more than was read: ask from a node further on. */
  complete: z.boolean(),
  nodes: z.array(
    z.object({
      id: z.string(),
      type: z.enum(['dataset', 'run', 'version', 'alias', 'approval', 'deployment', 'prediction', 'file']),
      label: z.string(),
      detail: z.string(),
      /** Route in the window. */
      href: z.string().nullable(),
    }),
  ),
  edges: z.array(z.object({ from: z.string(), to: z.string(), label: z.string() })),
})

/** What a retention rule would do, or did. */
export const retentionPlan = z.object({
  /** Moved to the trash, from which they can be restored. */
  trash: z.array(z.object({ id, name: z.string(), version: z.int(), createdAt: timestamp })),
  /** Old enough, but kept, and why. */
  protected: z.array(z.object({ id, name: z.string(), version: z.int(), reason: z.string() })),
  /** How many are kept for being the newest. */
  newest: z.int(),
})

export const predictionWarning = z.object({
  row: z.int(),
  column: z.string(),
  code: z.enum(['MISSING', 'UNSEEN', 'OUT_OF_RANGE', 'NOT_A_NUMBER', 'INFINITE', 'EXTRA_COLUMN', 'MISSING_COLUMN']),
  message: z.string(),
})

export const predictionRow = z.object({
  prediction: z.union([z.number(), z.string()]),
  probabilities: z.record(z.string(), z.number()).nullable(),
})

export type Signature = z.infer<typeof signature>
export type SignatureInput = z.infer<typeof signatureInput>
export type VersionSummary = z.infer<typeof versionSummary>
export type VersionDetail = z.infer<typeof versionDetail>
export type ModelSummary = z.infer<typeof modelSummary>
export type Lineage = z.infer<typeof lineage>
export type PredictionWarning = z.infer<typeof predictionWarning>
export type PredictionRow = z.infer<typeof predictionRow>
export type RetentionPlan = z.infer<typeof retentionPlan>
