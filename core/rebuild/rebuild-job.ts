import * as z from 'zod'
import { digest, id } from '../../shared/domain/values.ts'

/** What is stored with the job. */
export const rebuildRequest = z.object({
  versionId: id,
  /** Worker threads; 0: as many as cores. The bytes do not depend on it. */
  threads: z.int().min(0).max(256),
  /** WebAssembly, or its twin in TypeScript. The bytes do not depend on it either. */
  kernels: z.enum(['wasm', 'plain']),
  actor: z.string(),
})

const file = z.object({ digest, path: z.string() })

/** What the process is given: the request, and where everything it needs lies. */
export const rebuildJob = z.object({
  request: rebuildRequest,
  model: z.string(),
  version: z.int(),
  recipe: file,
  onnx: file,
  pipeline: file,
  dataset: z.object({ digest, columnFilePath: z.string() }),
})

export type RebuildRequest = z.infer<typeof rebuildRequest>
export type RebuildJob = z.infer<typeof rebuildJob>
