import * as z from 'zod'
import {
  counterfactualAnswer,
  interactions,
  localEffects,
  pairDependence,
  redundancy,
  surrogate,
} from '../domain/inspections.ts'
import { cell } from '../domain/values.ts'
import { command } from './base.ts'

const onData = z.object({ model: z.string().min(1), data: z.string().optional() })

/** Beside the method, how rows are explained. */
export const rowOptions = {
  /** What columns do only together, as a matrix a row. Exact methods only. */
  interactions: z.boolean().default(false),
  /** Columns that say the same share credit among themselves first (Owen values of what is predicted). */
  grouped: z.boolean().default(false),
  /** Linear models: columns go together as the background's covariance says. */
  correlated: z.boolean().default(false),
  /** `quick`: where there is no closed form, a few rows of the background and fewer samples, for an answer while one waits. */
  effort: z.enum(['full', 'quick']).default('full'),
  /**
   * Sampling goes on until no standard error is above this share of all that moves the score, which the answer says it
   * reached or not. Default: 0.01, and sooner where that would take long.
   */
  tolerance: z.number().min(0.001).max(0.5).optional(),
}

/** Ways to look into a model beside its attributions; they join `explain`. */
export const inspectionContract = {
  /** Few changes to a row of the table, or to a record, that give another outcome; and the most similar rows. */
  counterfactuals: command('models:explain', '/explain/counterfactuals')
    .input(
      onData.extend({
        row: z.int().min(0).default(0),
        record: z.record(z.string(), cell).optional(),
        /** A class, or for numbers `>= 20` or `<= 20`. Default: the other class, or the second most likely. */
        wanted: z.string().max(1_000).optional(),
        /** Columns that must stay as they are. */
        keep: z.array(z.string()).max(10_000).default([]),
        changes: z.int().min(1).max(6).default(4),
        alternatives: z.int().min(1).max(10).default(4),
      }),
    )
    .output(counterfactualAnswer),
  /** One small tree that imitates the model, and how far it may stand for it. */
  surrogate: command('models:explain', '/explain/surrogate')
    .input(onData.extend({ class: z.string().optional(), leaves: z.int().min(2).max(32).default(8) }))
    .output(surrogate),
  /** Which columns say the same, as joins of clusters. Stored on the table's digest, since the model only names its columns. */
  redundancy: command('models:explain', '/explain/redundancy').input(onData).output(redundancy),
  /** Which columns act together, over many rows. */
  interactions: command('models:explain', '/explain/interactions').input(onData).output(interactions),
  /** Mean prediction as two columns are set to each pair of values. */
  pair: command('models:explain', '/dependence/pair')
    .input(onData.extend({ feature: z.string(), with: z.string() }))
    .output(pairDependence),
  /** How the prediction changes along a column without leaving the rows that exist (accumulated local effects). */
  effects: command('models:explain', '/dependence/effects')
    .input(onData.extend({ feature: z.string() }))
    .output(localEffects),
}
