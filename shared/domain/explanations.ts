import * as z from 'zod'
import { cell, digest, task } from './values.ts'

export const explanationMethod = z.enum(['tree', 'interventional', 'linear', 'exact', 'sampling', 'lime'])

/** Attributions of some rows. `values[i][j]` belongs to row i and raw column j; multiclass has one such table a class. */
export const explanation = z.object({
  method: explanationMethod,
  /** False for sampling and LIME: then `standardErrors` says how far off it may be. */
  exact: z.boolean(),
  output: z.enum(['raw', 'probability']),
  task,
  classes: z.array(z.string()),
  features: z.array(z.string()),
  /** One a class; one for binary and regression. */
  baseValues: z.array(z.number()),
  rows: z.array(
    z.object({
      row: z.int(),
      prediction: z.union([z.number(), z.string()]),
      /** Score explained: base + Σ values, one a class. */
      scores: z.array(z.number()),
      probabilities: z.array(z.number()).nullable(),
      cells: z.array(cell),
      values: z.array(z.array(z.number())),
      standardErrors: z.array(z.array(z.number())).nullable(),
      /** In a sentence, for the class that is predicted. */
      reading: z.string(),
      /** LIME: rank agreement between repeats; below 0.8 the explanation is unstable. */
      stability: z.number().optional(),
      stable: z.boolean().optional(),
      /** One symmetric matrix a class: what two columns do only together, halved; on the diagonal what one does alone. */
      interactions: z.array(z.array(z.array(z.number()))).optional(),
    }),
  ),
  /** Rows that were asked for and left out, since the model of another tool gives no number for them. */
  unanswered: z.array(z.int()).optional(),
  /** Groups of columns, the most alike first, where values are Owen values along the hierarchy of groups. */
  grouped: z.array(z.array(z.string())).optional(),
  /** Columns were held to go together by the background's covariance. */
  correlated: z.boolean().optional(),
  additivity: z.object({ maxAbsError: z.number() }),
  /** Of sampled values: the bound on standard errors, as a share of all that moves a row's score, and the largest there is. */
  sampling: z.object({ bound: z.number(), largest: z.number() }).optional(),
  /** Of LIME: the width of its kernel over the root of the number of replaced columns, its repeats and their rows. */
  lime: z.object({ kernelWidth: z.number(), repeats: z.int(), samples: z.int() }).optional(),
})

/** Which rows are missing, and why; empty where none is. */
export function describeUnanswered({ unanswered = [] }: Pick<Explanation, 'unanswered'>): string {
  if (unanswered.length === 0) return ''
  const listed = unanswered.slice(0, 10).join(', ')
  const others = unanswered.length > 10 ? ` and ${unanswered.length - 10} others` : ''
  return `left out: ${unanswered.length === 1 ? 'row' : 'rows'} ${listed}${others}, for which the model gives no number`
}

/** Whether a predicted number is made of the score by a curve, as counts and amounts often are; effects are on the score. */
export function isCurved(prediction: number | string, score: number): boolean {
  return typeof prediction === 'number' && Math.abs(prediction - score) > 1e-4 * Math.max(1, Math.abs(prediction))
}

/** Beeswarm and bars: one entry a feature, strongest first. */
export const globalExplanation = z.object({
  method: explanationMethod,
  exact: z.boolean(),
  output: z.enum(['raw', 'probability']),
  task,
  classes: z.array(z.string()),
  rows: z.int(),
  baseValues: z.array(z.number()),
  features: z.array(
    z.object({
      name: z.string(),
      /** Mean absolute attribution over the rows (over classes too). */
      meanAbs: z.number(),
      /** Share of the sum over all features. */
      share: z.number(),
      /** For each class (one for binary and regression): attribution of each sampled row, and the feature's value scaled 0..1 (null: missing or a category). */
      points: z.array(z.object({ values: z.array(z.number()), positions: z.array(z.number().nullable()) })),
      cells: z.array(cell),
    }),
  ),
  /** Rows of the dataset that the points belong to. */
  rowNumbers: z.array(z.int()),
  /** Rows of the training table that attributions are measured against; absent where the method needs none. */
  background: z.array(z.int()).optional(),
  datasetDigest: digest.nullable(),
  modelDigest: digest,
  additivity: z.object({ maxAbsError: z.number() }),
  /** Plain words made from the numbers: "Fare and sex explain 61% of this score." */
  reading: z.string(),
})

export const importance = z.object({
  metric: z.string(),
  /** Metric without shuffling, on the same rows. */
  baseline: z.number(),
  /** Trained on these rows, so that the baseline is better than on new ones. */
  onTrainingRows: z.boolean().default(false),
  repeats: z.int(),
  features: z.array(
    z.object({
      name: z.string(),
      mean: z.number(),
      std: z.number(),
      low: z.number(),
      high: z.number(),
      /** Columns that were shuffled together. */
      columns: z.array(z.string()).optional(),
    }),
  ),
  reading: z.string(),
})

export const dependence = z.object({
  feature: z.string(),
  kind: z.enum(['numeric', 'category']),
  classes: z.array(z.string()),
  grid: z.array(cell),
  /** Mean prediction at each grid value, one line a class. */
  mean: z.array(z.array(z.number())),
  /** ICE: one line a sampled row, for the class shown first. */
  curves: z.array(z.array(z.number())).nullable(),
  /** Where the data lies: counts at the grid. */
  counts: z.array(z.int()),
  reading: z.string(),
})

export type Explanation = z.infer<typeof explanation>
export type GlobalExplanation = z.infer<typeof globalExplanation>
export type Importance = z.infer<typeof importance>
export type Dependence = z.infer<typeof dependence>
