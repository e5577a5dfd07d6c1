import * as z from 'zod'
import { automlSpecification } from '../../shared/domain/training.ts'
import { digest, id, metricName, name } from '../../shared/domain/values.ts'

/** What is stored with a registration job. */
export const registerRequest = z.object({
  name,
  description: z.string(),
  source: z.union([z.object({ runId: id }), z.object({ path: z.string(), name: z.string() })]),
  /** Names for the columns of a foreign model, in its order. */
  columns: z.array(z.string()).default([]),
  /** Version of a dataset that a foreign model is tried on. */
  sample: id.nullable().default(null),
  /** Column of the sample with the true answers. */
  target: z.string().nullable().default(null),
  /** What the tool that the model came from predicts for the rows of the sample. */
  native: z.object({ path: z.string(), name: z.string() }).nullable().default(null),
  actor: z.string(),
})

/** What the process is given: the request, and where everything it needs lies. */
export const registerJob = z.object({
  request: registerRequest.extend({ source: z.object({ runId: id }) }),
  runName: z.string(),
  pipeline: z.object({ digest, path: z.string() }),
  dataset: z.object({ name: z.string(), versionId: id, digest, columnFilePath: z.string() }),
  metric: metricName.nullable(),
  /** What the run has already; made anew where it is null. */
  onnx: z.object({ digest, bytes: z.int(), path: z.string() }).nullable(),
  parity: z.object({ digest, bytes: z.int() }).nullable(),
  /** How the run's model was made; null for runs of before there were recipes. */
  recipe: z.object({ digest, bytes: z.int(), path: z.string() }).nullable(),
  performance: z.object({ digest, bytes: z.int(), path: z.string() }).nullable(),
  /** To judge a run that was not judged when it was trained: its out-of-fold predictions and how the rows were chosen. */
  outOfFold: z.object({ path: z.string(), specification: automlSpecification }).nullable(),
})

/** The same for a file from elsewhere, which has passed quarantine and lies in the store. */
export const registerForeignJob = z.object({
  request: registerRequest,
  fileName: z.string(),
  onnx: z.object({ digest, bytes: z.int(), path: z.string() }),
  quarantine: z.object({ digest, bytes: z.int() }),
  sample: z.object({ name: z.string(), versionId: id, digest, columnFilePath: z.string() }).nullable(),
  native: z.object({ path: z.string(), name: z.string() }).nullable(),
  /** What it answered to zeros. */
  outputs: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      shape: z.array(z.number()).readonly(),
      start: z.array(z.string()).readonly(),
    }),
  ),
})

export type RegisterForeignJob = z.infer<typeof registerForeignJob>
export type RegisterRequest = z.infer<typeof registerRequest>
export type RegisterJob = z.infer<typeof registerJob>
