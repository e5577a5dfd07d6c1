import * as z from 'zod'
import { signature } from '../../../shared/domain/models.ts'

/** What a prediction job is given: everything is resolved when it is queued. */
export const predictSpecification = z.object({
  /** The reference that led to the model: what it stands for is looked at again when the job starts. */
  model: z.string().nullable().default(null),
  onnxPath: z.string(),
  /** As the model was registered; null where its file tells it. */
  signature: signature.nullable().default(null),
  /** The column file of a dataset, or a file to be read as a table. */
  table: z.object({ kind: z.enum(['columns', 'file']), path: z.string(), name: z.string() }),
  /** Where the CSV goes; null: into the blob store, to be downloaded. */
  out: z.string().nullable(),
  downloadName: z.string(),
})

export type PredictSpecification = z.infer<typeof predictSpecification>

/** What a prediction job leaves behind. */
export interface PredictResult {
  readonly rows: number
  readonly seconds: number
  readonly out: string | null
  /** Address of the download under the host; null where the file was written to `out`. */
  readonly href: string | null
  /** Some rows of each kind of warning and column; `warningCounts` counts all. */
  readonly warnings: readonly { readonly row: number; readonly column: string; readonly code: string }[]
  readonly warningCounts: readonly { readonly column: string; readonly code: string; readonly rows: number }[]
  /** Rows without a prediction. */
  readonly rejected: number
}
