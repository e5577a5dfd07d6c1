import * as z from 'zod'
import { counterfactualAnswer, surrogate } from '../domain/inspections.ts'
import { cell } from '../domain/values.ts'
import { command } from './base.ts'

const onData = z.object({ model: z.string().min(1), data: z.string().optional() })

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
}
