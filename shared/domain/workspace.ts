import * as z from 'zod'
import { digest, timestamp } from './values.ts'

export const workspaceStatus = z.object({
  name: z.string(),
  path: z.string(),
  version: z.string(),
  readOnly: z.boolean(),
  /** Why it is read-only, and what can be done. */
  problem: z.string().nullable(),
  integrity: z.enum(['unchecked', 'checking', 'ok', 'damaged']),
  runningJobs: z.int(),
  /** Which face: window, browser, command line. */
  host: z.enum(['window', 'browser', 'cli', 'server']),
  actor: z.object({
    name: z.string(),
    role: z.enum(['viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin']),
  }),
  counts: z.object({ datasets: z.int(), experiments: z.int(), runs: z.int(), models: z.int() }),
  bytes: z.object({ database: z.int(), blobs: z.int(), free: z.int() }),
})

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark', 'contrast']).default('system'),
  density: z.enum(['compact', 'comfortable']).default('compact'),
  threads: z.int().min(0).max(256).default(0),
  defaultBudgetSeconds: z.number().positive().default(60),
  backups: z.object({ daily: z.int().min(0).default(7), weekly: z.int().min(0).default(4) }).prefault({}),
  /** Columns shown and their order, by view. */
  views: z.record(z.string(), z.array(z.string())).default({}),
})

/** Only what is to change. Without the defaults: they would overwrite what was chosen before. */
export const settingsChange = z
  .object({
    theme: settings.shape.theme.unwrap(),
    density: settings.shape.density.unwrap(),
    threads: settings.shape.threads.unwrap(),
    defaultBudgetSeconds: settings.shape.defaultBudgetSeconds.unwrap(),
    backups: settings.shape.backups.unwrap(),
    views: settings.shape.views.unwrap(),
  })
  .partial()

export const doctorCheck = z.object({
  name: z.string(),
  ok: z.boolean(),
  detail: z.string(),
  hint: z.string(),
  /** A repair that `doctor.mend` can do. */
  mend: z.string().nullable(),
})

export const backup = z.object({
  path: z.string(),
  name: z.string(),
  bytes: z.int(),
  digest,
  verified: z.boolean(),
  kind: z.enum(['daily', 'weekly', 'manual', 'migration']),
  createdAt: timestamp,
})

/** Something changed: which lists and pages are to be read again. */
export const changeEvent = z.object({
  topic: z.enum([
    'datasets',
    'jobs',
    'experiments',
    'runs',
    'models',
    'approvals',
    'settings',
    'workspace',
    'backups',
    'identities',
    'audit',
    'notifications',
    'egress',
  ]),
  id: z.string().nullable(),
})

export const activityItem = z.object({
  kind: z.enum(['dataset', 'experiment', 'version', 'job']),
  id: z.string(),
  title: z.string(),
  detail: z.string(),
  href: z.string(),
  time: timestamp,
})

export const searchHit = z.object({
  kind: z.enum(['dataset', 'experiment', 'run', 'model', 'version', 'job']),
  title: z.string(),
  detail: z.string(),
  href: z.string(),
})

export type WorkspaceStatus = z.infer<typeof workspaceStatus>
export type Settings = z.infer<typeof settings>
export type SettingsChange = z.infer<typeof settingsChange>
export type DoctorCheck = z.infer<typeof doctorCheck>
export type Backup = z.infer<typeof backup>
export type ChangeEvent = z.infer<typeof changeEvent>
