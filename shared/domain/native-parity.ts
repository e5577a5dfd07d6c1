import * as z from 'zod'

/** What two answers to the same rows differ in. */
const numbersCompared = z.object({
  /** Rows of which a number differs by more than the tolerance. */
  differing: z.int(),
  maxAbsDiff: z.number(),
  /** Row with the largest difference, from 0. */
  worstRow: z.int(),
  /** In that row, the number that differs most. */
  worst: z.object({ column: z.string(), native: z.number().nullable(), onnx: z.number().nullable() }),
  /** Numbers of which one is NaN or infinite and the other is not. */
  onlyOneFinite: z.int(),
})

/** Whether an export does what the model did in its own tool. */
export const nativeParity = z.object({
  file: z.string(),
  rows: z.int(),
  /** Rows that the native tool did not answer, which are not compared. */
  unanswered: z.int(),
  /** Of a number x: how far the two may differ is this × max(1, |x|). */
  tolerance: z.number(),
  labels: z.object({ differing: z.int(), firstRows: z.array(z.int()) }).nullable(),
  numbers: numbersCompared.nullable(),
  /** Rows that differ in their label or a number. */
  differing: z.int(),
  passed: z.boolean(),
  /** In plain words: "This export does not do what the model did: 101 of 104 rows differ." */
  reading: z.string(),
})

export type NativeParity = z.infer<typeof nativeParity>
