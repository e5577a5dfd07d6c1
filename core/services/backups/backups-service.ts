import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Backup } from '../../../shared/domain/workspace.ts'
import { MaestroError } from '../../../shared/errors.ts'
import {
  createBackup,
  dueBackups,
  listBackups,
  placeOf,
  restoreBackup,
  rotateBackups,
  verifyBackup,
} from '../../backups/backups.ts'
import type { BlobStore } from '../../blobs/blob-store.ts'
import type { WorkspacePaths } from '../../workspace/workspace-paths.ts'
import type { ServiceContext } from '../service-context.ts'
import type { SettingsService } from '../settings/settings-service.ts'

/** Copies of the workspace that can be gone back to. */
export function createBackupsService(context: ServiceContext, settings: SettingsService) {
  const folder = context.paths.backups
  const where = () => ({ folder, sqlite: context.database.sqlite, blobs: context.blobs })

  return {
    create(): { backup: Backup } {
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
      writeFileSync(noteOf(context.paths), JSON.stringify({ path: placeOf(file, folder) }), { flush: true })
      context.changed({ topic: 'workspace', id: null })
      return { backup }
    },
    /** Makes the daily and weekly backups that are due, and removes those beyond what is to be kept. */
    runDue(): void {
      for (const kind of dueBackups(folder)) createBackup(where(), kind)
      rotateBackups(folder, settings.get().backups)
    },
  }
}

export type BackupsService = ReturnType<typeof createBackupsService>

function noteOf(paths: WorkspacePaths): string {
  return join(paths.root, 'restore-on-open.json')
}

/** Does the restore that was asked for when the workspace was last open. Call before the database is opened. */
export function restorePending(paths: WorkspacePaths, blobs: BlobStore): string | null {
  const note = noteOf(paths)
  if (!existsSync(note)) return null
  const { path } = JSON.parse(readFileSync(note, 'utf8')) as { path: string }
  const kept = restoreBackup(path, paths.database, blobs)
  rmSync(note)
  return kept
}
