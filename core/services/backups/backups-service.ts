import type { Backup } from '../../../shared/domain/workspace.ts'
import { MaestroError } from '../../../shared/errors.ts'
import {
  backupPath,
  createBackup,
  dueBackups,
  listBackups,
  rotateBackups,
  verifyBackup,
} from '../../backups/backups.ts'
import { requestRestore } from '../../backups/restore-backup.ts'
import type { ServiceContext } from '../service-context.ts'
import type { SettingsService } from '../settings/settings-service.ts'

/** Copies of the workspace that can be gone back to. */
export function createBackupsService(context: ServiceContext, settings: SettingsService) {
  const folder = context.paths.backups
  const where = () => ({ folder, sqlite: context.database.sqlite, blobs: context.blobs })

  return {
    create(): { backup: Backup } {
      // Of a damaged workspace there is nothing to copy that could be relied on.
      context.assertWritable()
      const backup = createBackup(where(), 'manual')
      context.changed({ topic: 'backups', id: backup.name })
      return { backup }
    },
    list: (): { backups: Backup[] } => ({ backups: listBackups(folder) }),
    verify: (file: string) => verifyBackup(file, folder),
    /** Verifies, and leaves a note that the next opening of the workspace acts on: an open database cannot be replaced. */
    restore(file: string): { backup: Backup } {
      const { backup, problems } = verifyBackup(file, folder)
      if (problems.length > 0)
        throw new MaestroError(
          'BACKUP_INVALID',
          `The backup does not verify: ${problems[0] ?? ''}`,
          'Nothing was changed. Choose another backup.',
          { problems },
        )
      requestRestore(backupPath(file, folder), context.paths)
      context.changed({ topic: 'workspace', id: null })
      return { backup }
    },
    /** Makes the daily and weekly backups that are due, and removes those beyond what is to be kept. */
    runDue(): void {
      const keep = settings.get().backups
      const due = dueBackups(folder, keep)
      for (const kind of due) createBackup(where(), kind)
      rotateBackups(folder, keep)
      if (due.length > 0) context.changed({ topic: 'backups', id: null })
    },
  }
}

export type BackupsService = ReturnType<typeof createBackupsService>
