import * as z from 'zod'
import { parityCertificate } from './training.ts'
import { digest } from './values.ts'

const exportedFile = z.object({
  /** Where it was written; the file's name where it was not. */
  path: z.string(),
  bytes: z.int(),
  digest,
  /** Where the host serves it; null where it was written to a folder. */
  href: z.string().nullable(),
})

/** A version's model in the form for older runtimes, with the report that compares it with the engine. */
export const portableExport = z.object({
  model: z.string(),
  version: z.int(),
  /** The model file, then the report. */
  files: z.array(exportedFile).min(2),
  operatorSets: z.array(z.object({ domain: z.string(), version: z.int() })),
  parity: parityCertificate,
})

export type PortableExport = z.infer<typeof portableExport>
