import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import {
  activityItem,
  backup,
  changeEvent,
  doctorCheck,
  searchHit,
  settings,
  settingsChange,
  workspaceStatus,
} from '../domain/workspace.ts'
import { command, query } from './base.ts'

export const workspaceContract = {
  workspace: {
    status: query('workspace:read', '/workspace').output(workspaceStatus),
    /** Which lists to read again, as it happens. */
    changes: query('workspace:read', '/workspace/changes').output(eventIterator(changeEvent)),
    recent: query('workspace:read', '/workspace/recent')
      .input(z.object({ limit: z.coerce.number().int().min(1).max(100).default(12) }))
      .output(z.array(activityItem)),
    search: query('workspace:read', '/search')
      .input(z.object({ text: z.string().max(200), limit: z.coerce.number().int().min(1).max(100).default(20) }))
      .output(z.array(searchHit)),
    /** Makes the sample project: bundled tables, and models trained on two of them. */
    seed: command('datasets:write', '/workspace/seed').output(
      z.object({ datasets: z.array(z.string()), models: z.array(z.string()) }),
    ),
    /** Copies what can still be read of a damaged workspace into a folder. */
    salvage: command('workspace:manage', '/workspace/salvage')
      .input(z.object({ folder: z.string() }))
      .output(
        z.object({
          folder: z.string(),
          tables: z.record(z.string(), z.int()),
          blobs: z.int(),
          lost: z.array(z.string()),
        }),
      ),
  },
  settings: {
    get: query('workspace:read', '/settings').output(settings),
    set: command('settings:write', '/settings', 'PATCH').input(settingsChange).output(settings),
    reset: command('settings:write', '/settings/reset').output(settings),
  },
  doctor: {
    run: query('workspace:read', '/doctor').output(z.object({ ok: z.boolean(), checks: z.array(doctorCheck) })),
    mend: command('workspace:manage', '/doctor/mend')
      .input(z.object({ name: z.string() }))
      .output(doctorCheck),
  },
  backups: {
    create: command('backups:manage', '/backups').output(z.object({ backup })),
    list: query('workspace:read', '/backups').output(z.object({ backups: z.array(backup) })),
    verify: command('backups:manage', '/backups/verify')
      .input(z.object({ file: z.string() }))
      .output(z.object({ backup, problems: z.array(z.string()) })),
    /** Checks the backup; it takes the place of the present file, which is kept beside it, when the workspace is next opened. */
    restore: command('backups:manage', '/backups/restore')
      .input(z.object({ file: z.string() }))
      .output(z.object({ backup })),
  },
}
