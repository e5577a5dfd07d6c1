import * as z from 'zod'
import { columnType } from '../../shared/domain/values.ts'

/** What an import job is asked to do. */
export const importSpecification = z.object({
  /** Where the bytes lie: the user's file, a finished upload, or a stored source that is read again. */
  path: z.string(),
  fileName: z.string(),
  /** Name of the dataset; a new version of it where it is there already. */
  name: z.string(),
  /** A new version of this dataset, whatever the name. */
  datasetId: z.string().nullable(),
  types: z.record(z.string(), columnType),
  reading: z.object({
    delimiter: z.string().optional(),
    quote: z.string().optional(),
    encoding: z.enum(['utf-8', 'utf-16', 'latin-1']).optional(),
    header: z.boolean().optional(),
    decimalComma: z.boolean().optional(),
  }),
  /** Removed when the job has ended. */
  removeAfter: z.boolean(),
})

export type ImportSpecification = z.infer<typeof importSpecification>
