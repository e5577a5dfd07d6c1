import * as z from 'zod'
import { digest, id } from '../../shared/domain/values.ts'

/** What is stored with the job. */
export const portableRequest = z.object({
  versionId: id,
  /** The folder to write to; null: the files stay in the store, to be downloaded. */
  out: z.string().nullable(),
})

const file = z.object({ digest, path: z.string() })

/** What the process is given: the version's own file, which says what to write into the new one, its pipeline and table. */
export const portableJob = z.object({
  model: z.string(),
  version: z.int(),
  onnx: file,
  pipeline: file,
  columnFilePath: z.string(),
})

/** What the process answers: two blobs, and what they are. */
export const portableAnswer = z.object({
  onnx: z.object({ digest, bytes: z.int() }),
  report: z.object({ digest, bytes: z.int() }),
})

export type PortableRequest = z.infer<typeof portableRequest>
export type PortableJob = z.infer<typeof portableJob>
