import { MaestroError } from '../../shared/errors.ts'

const codes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])

/** A full disk or a used-up quota as DISK_FULL; any other error as it is. For writes that leave nothing half done. */
export function asDiskFull(error: unknown): unknown {
  if (!codes.has((error as { code?: unknown } | null)?.code)) return error
  return new MaestroError(
    'DISK_FULL',
    'There is no room left on the disk.',
    'Make room and try again. Nothing was changed.',
  )
}
