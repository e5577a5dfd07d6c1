import * as z from 'zod'
import { cell } from './values.ts'

const label = z.union([z.number(), z.string()])

/** One small tree that imitates a model. Node 0 is its root; `left` and `right` are places in `nodes`. */
export const surrogate = z.object({
  /** What is imitated: "probability of yes", "price". */
  output: z.string(),
  nodes: z.array(
    z.object({
      /** Mean of the model's predictions here. */
      value: z.number(),
      rows: z.int(),
      /** Question asked here; null in a leaf. Numbers up to the threshold (date-times in ISO 8601), or these levels, go left. */
      feature: z.string().nullable(),
      threshold: cell,
      levels: z.array(z.string()).nullable(),
      missingLeft: z.boolean(),
      left: z.int().nullable(),
      right: z.int().nullable(),
    }),
  ),
  /** Measured on rows that the tree was not grown on. The less, the less the tree says about the model. */
  fidelity: z.object({
    rows: z.int(),
    /** Share of the predictions' variance; null where they do not vary. */
    r2: z.number().nullable(),
    meanAbsoluteError: z.number(),
    /** Binary tasks: share of rows that both decide alike. */
    agreement: z.number().nullable(),
  }),
  reading: z.string(),
})

/** What would have to change for another outcome, and the rows most like the one asked about. */
export const counterfactualAnswer = z.object({
  /** Of the dataset; null for a record. */
  row: z.int().nullable(),
  prediction: label,
  /** A class, or ">= 20". */
  wanted: z.string(),
  classes: z.array(z.string()),
  features: z.array(z.string()),
  cells: z.array(cell),
  /** Fewest changes first; each changes other columns than the ones before. Empty where nothing within reach does it. */
  answers: z.array(
    z.object({
      changes: z.array(z.object({ feature: z.string(), from: cell, to: cell })),
      /** Sum over the changes: the share of the table's values passed, 1 for another level. */
      cost: z.number(),
      prediction: label,
      probabilities: z.array(z.number()).nullable(),
    }),
  ),
  /** Rows of the table the model learned from, nearest first; distance 0 is alike in every column, 1 in none. */
  nearest: z.array(
    z.object({ row: z.int(), distance: z.number(), cells: z.array(cell), prediction: label, truth: label.nullable() }),
  ),
  reading: z.string(),
})

/** Which columns say the same. */
export const redundancy = z.object({
  features: z.array(z.string()),
  /** [column][column], 0 nothing in common to 1 the same: rank correlation, or Cramér's V for texts. */
  redundancy: z.array(z.array(z.number())),
  /** Below the number of columns an id is a column; n + i is what join i made. Distance is 1 - mean redundancy. */
  joins: z.array(z.object({ left: z.int(), right: z.int(), distance: z.number() })),
  /** Columns joined at a distance of at most 0.5. */
  groups: z.array(z.array(z.string())),
  rows: z.int(),
  reading: z.string(),
})

/** Which columns act together. */
export const interactions = z.object({
  /** False: estimated from how attributions spread, good for the order only. */
  exact: z.boolean(),
  features: z.array(z.string()),
  /** [column][column]: mean size of what the two do only together, in units of the score. */
  strengths: z.array(z.array(z.number())),
  /** For each column the one it acts most strongly together with; null where none. */
  partners: z.array(z.string().nullable()),
  rows: z.int(),
  reading: z.string(),
})

export const pairDependence = z.object({
  features: z.tuple([z.string(), z.string()]),
  classes: z.array(z.string()),
  grids: z.tuple([z.array(cell), z.array(cell)]),
  /** [class][value of the first][value of the second]. */
  mean: z.array(z.array(z.array(z.number()))),
  /** Rows at or nearest to both values; where there are none, the model was never asked. */
  counts: z.array(z.array(z.int())),
  /** For each class the share of the joint effect that is not the sum of two single ones (H²). */
  interaction: z.array(z.number()),
  reading: z.string(),
})

export const localEffects = z.object({
  feature: z.string(),
  classes: z.array(z.string()),
  /** Edges of the intervals; one more than there are counts. */
  edges: z.array(cell),
  /** [class][edge], in units of the prediction; 0 on average over the rows. */
  effects: z.array(z.array(z.number())),
  counts: z.array(z.int()),
  /** Rows without a finite value. */
  leftOut: z.int(),
  reading: z.string(),
})

export type Redundancy = z.infer<typeof redundancy>
export type ColumnInteractions = z.infer<typeof interactions>
export type PairDependence = z.infer<typeof pairDependence>
export type LocalEffects = z.infer<typeof localEffects>
export type Surrogate = z.infer<typeof surrogate>
export type CounterfactualAnswer = z.infer<typeof counterfactualAnswer>
