import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { digest, timestamp } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'

const manifestSchema = z.object({
  formatVersion: z.literal(1),
  kind: z.enum(['daily', 'weekly', 'manual', 'migration']),
  createdAt: timestamp,
  database: z.object({ digest, bytes: z.int() }),
  /** Rows of each table. */
  tables: z.record(z.string(), z.int()),
  /** Blobs that the database points to, each as `blobs/HEX` beside it. */
  blobs: z.array(digest),
})

/** What is written beside a backup; its own digest is the backup's. */
export type Manifest = z.infer<typeof manifestSchema>

export const manifestName = 'manifest.json'

/** Throws BACKUP_INVALID where there is none, or one that Maestro did not write. */
export function readManifest(backup: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(backup, manifestName), 'utf8')))
  } catch {
    throw new MaestroError(
      'BACKUP_INVALID',
      `${backup} is not a backup of Maestro, or its manifest is damaged.`,
      'maestro backup list shows the backups there are.',
    )
  }
}
