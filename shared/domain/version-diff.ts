import * as z from 'zod'
import { digest, estimate, metricName, task } from './values.ts'

const sides = { a: z.string().nullable(), b: z.string().nullable() }

/** What differs between two versions of a model, or two models: only that, and what it does to predictions. */
export const versionDiff = z.object({
  a: z.object({ label: z.string(), digest: digest.nullable(), task, learner: z.string() }),
  b: z.object({ label: z.string(), digest: digest.nullable(), task, learner: z.string() }),
  parameters: z.array(z.object({ key: z.string(), ...sides })),
  /** Of the signature: columns, types, ranges, classes. */
  schema: z.array(z.object({ what: z.string(), ...sides })),
  /** Table on whose rows both were compared, and which of them had learned from it: scores there are flattered. */
  dataset: z.object({ label: z.string(), rows: z.int(), trainedOn: z.enum(['neither', 'a', 'b', 'both']) }).nullable(),
  /** On the rows compared; the interval is of b - a, both seeing the same resamples. */
  metrics: z.array(z.object({ name: z.string(), a: z.number(), b: z.number(), ciLow: z.number(), ciHigh: z.number() })),
  /** As judged at training, on rows not seen: what can be compared where the rows above were learned from. */
  judged: z.array(z.object({ name: z.string(), a: estimate.nullable(), b: estimate.nullable() })),
  /** How many rows change: their label, or their number by more than a tenth of the target's standard deviation. */
  flipCount: z.int(),
  /** The greatest changes first, at most 100. */
  flips: z.array(
    z.object({
      row: z.int(),
      a: z.union([z.string(), z.number()]),
      b: z.union([z.string(), z.number()]),
      truth: z.union([z.string(), z.number()]).nullable(),
      /** Between probabilities (half the sum of the differences, 0 to 1), or between the numbers. */
      change: z.number(),
    }),
  ),
  /** Share of the mean absolute attributions, of each column that either uses. */
  shap: z.array(z.object({ feature: z.string(), a: z.number(), b: z.number() })),
  /** Population stability index of the columns between the two training tables; empty where they are the same table. */
  data: z.array(z.object({ column: z.string(), psi: z.number() })),
  graph: z.array(z.object({ what: z.string(), ...sides })),
  /** Groups of rows on which they differ most surely; the interval is of b - a, both seeing the same resamples. */
  slices: z.array(
    z.object({
      column: z.string(),
      value: z.string(),
      rows: z.int(),
      metric: metricName,
      a: z.number(),
      b: z.number(),
      ciLow: z.number(),
      ciHigh: z.number(),
    }),
  ),
  /** What their cards say differently, line by line. */
  card: z.array(
    z.object({
      path: z.string(),
      ...sides,
      lines: z.array(z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() })),
    }),
  ),
})

export type VersionDiff = z.infer<typeof versionDiff>
