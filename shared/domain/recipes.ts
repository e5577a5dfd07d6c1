import * as z from 'zod'
import { automlSpecification } from './training.ts'
import { digest, metricName } from './values.ts'

const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

/** One fit that is part of the model. */
const recipeFit = z.object({
  /** Index into the folds of all repeats, whose training rows it saw; -1: all rows. */
  fold: z.int().min(-1),
  /** Iterations that the model has, for learners that are stopped by their learning curves; null for others. */
  iterations: z.int().positive().nullable(),
})

/** One trial in the model: how it was fitted, and how its fits became one. */
const recipeMember = z.object({
  trialId: z.int(),
  learner: z.string(),
  parameters,
  /** How raw columns become features. */
  encoding: z.string(),
  seed: z.int(),
  /** Share of the training rows that each fit saw. */
  fraction: z.number(),
  /** Trees that are kept of each fit's forest. */
  keptTrees: z.int().positive(),
  /** `bag`: the mean of the fits; `refit`: one fit of all rows. */
  rule: z.enum(['bag', 'refit']),
  /** Share in the weighted mean of the members. */
  weight: z.number(),
  fits: z.array(recipeFit).min(1),
})

/** A trial of the search, as it was run. */
const scheduledTrial = z.object({
  trialId: z.int(),
  learner: z.string(),
  parameters,
  seed: z.int(),
  fraction: z.number(),
  /** Folds that were judged, repeats included. */
  folds: z.int(),
  state: z.enum(['running', 'succeeded', 'failed', 'stopped']),
})

/**
 * All that makes a model's file again, without searching: which data, which splits, which fits. It holds what was run,
 * never how long it took. The budget in the specification is only what the user asked for; it decides how rows were split.
 */
export const recipe = z.object({
  format: z.literal('maestro-recipe'),
  formatVersion: z.literal(1),
  engineVersion: z.string(),
  dataset: z.object({ name: z.string(), digest }),
  specification: automlSpecification,
  metric: metricName,
  /** How rows were split to judge models: in words, and as a digest of all folds. */
  validation: z.object({ basis: z.string(), folds: z.int(), repeats: z.int(), splitsDigest: digest }),
  members: z.array(recipeMember).min(1),
  /** How a stacked model joins its members' predictions; null: by their weighted mean. */
  secondLayer: z
    .object({ intercept: z.array(z.number()) })
    .nullable()
    .default(null),
  /** What corrects the probabilities behind the members' mean; null: nothing. */
  calibration: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('sigmoid'), slope: z.number(), intercept: z.number() }),
      z.object({ kind: z.literal('isotonic'), x: z.array(z.number()), y: z.array(z.number()) }),
      z.object({ kind: z.literal('temperature'), temperature: z.number() }),
    ])
    .nullable(),
  /** Binary tasks: class 1 is predicted above it. */
  threshold: z.number(),
  schedule: z.array(scheduledTrial),
})

/** One thing that is not as it was. */
export const rebuildDifference = z.object({
  /** Where it lies: "engine version", "dataset", "splits", "graph", "metadata maestro.schema", "predictions". */
  what: z.string(),
  recorded: z.string(),
  rebuilt: z.string(),
})

export const rebuildResult = z.object({
  model: z.string(),
  version: z.int(),
  identical: z.boolean(),
  /** Of the file that was registered. */
  digest,
  rebuiltDigest: digest,
  differences: z.array(rebuildDifference),
  /** Fits that were done again. */
  fits: z.int(),
  engineVersion: z.string(),
})

export type Recipe = z.infer<typeof recipe>
export type RecipeMember = z.infer<typeof recipeMember>
export type RebuildDifference = z.infer<typeof rebuildDifference>
export type RebuildResult = z.infer<typeof rebuildResult>
