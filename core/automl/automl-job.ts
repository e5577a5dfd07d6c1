import * as z from 'zod'
import { automlSpecification, automlState, leaderboardRow, parityCertificate } from '../../shared/domain/training.ts'
import { digest, id } from '../../shared/domain/values.ts'

const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

/** A trial that an earlier attempt of the job finished: enough to go on from without training it again. */
export const finishedTrial = z.object({
  trialId: z.int(),
  runId: id,
  learner: z.string(),
  parameters,
  seed: z.int(),
  /** Share of the training rows. */
  fraction: z.number().default(1),
  /** Null where the metric is undefined on a fold. */
  foldScores: z.array(z.number().nullable()),
  fitSeconds: z.number(),
  predictMicrosPerRow: z.number(),
  sizeBytes: z.int(),
  startedAt: z.number(),
  /** Out-of-fold predictions, float64, as a blob. */
  predictions: digest,
})

/** What the process is given: what the user asked for, and what the host knows. */
export const automlJob = z.object({
  specification: automlSpecification,
  jobId: id,
  experimentId: id,
  experimentName: z.string(),
  dataset: z.object({ name: z.string(), versionId: id, digest, rows: z.int() }),
  columnFilePath: z.string(),
  finished: z.array(finishedTrial),
})

/** What the process tells the host; each is stored before it goes on. */
export const automlEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('trial-started'),
    trialId: z.int(),
    runId: id,
    learner: z.string(),
    learnerTitle: z.string(),
    parameters,
    origin: z.string(),
  }),
  z.object({
    type: z.literal('trial-finished'),
    runId: id,
    metric: z.string(),
    learningCurve: z.array(z.number()),
    trial: finishedTrial,
  }),
  /** A finalist was judged on more splits: `trial` has the scores of all its folds. */
  z.object({
    type: z.literal('trial-repeated'),
    runId: id,
    metric: z.string(),
    /** The folds from this one on are new. */
    firstFold: z.int(),
    trial: finishedTrial,
  }),
  z.object({ type: z.literal('trial-ended'), runId: id, status: z.enum(['FAILED', 'KILLED']), message: z.string() }),
  /** For the live view; kept in memory and, at the end, with the job. */
  z.object({ type: z.literal('state'), state: automlState }),
  z.object({
    type: z.literal('model'),
    runId: id,
    /** Set for the ensemble, whose run is made now. */
    ensemble: z.object({ trialId: z.int(), parameters }).nullable(),
    row: leaderboardRow,
    metrics: z.record(z.string(), z.number()),
    artifacts: z.array(z.object({ path: z.string(), digest, bytes: z.int() })),
    parity: parityCertificate.nullable(),
  }),
])

export type AutomlJob = z.infer<typeof automlJob>
export type FinishedTrial = z.infer<typeof finishedTrial>
export type AutomlEvent = z.infer<typeof automlEvent>
