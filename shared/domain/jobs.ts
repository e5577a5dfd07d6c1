import * as z from 'zod'
import { id, timestamp } from './values.ts'

export const jobState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled'])
export const jobKind = z.enum([
  'import',
  'automl',
  'predict',
  'explain',
  'register',
  'export',
  'backup',
  'check',
  'rebuild',
])

export const jobProgress = z.object({
  /** 0 to 1, never falls. */
  fraction: z.number().min(0).max(1),
  /** What is being done, stable within a phase: "Training". */
  title: z.string(),
  /** What changes: "trial 12 of about 40". */
  detail: z.string(),
  /** Units a second with their unit ("rows", "trials"), where it makes sense. */
  rate: z.object({ value: z.number(), unit: z.string() }).nullable(),
  secondsLeft: z.number().nullable(),
})

export const jobError = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  details: z.record(z.string(), z.unknown()),
})

export const job = z.object({
  id,
  kind: jobKind,
  state: jobState,
  /** "AutoML on titanic". */
  title: z.string(),
  progress: jobProgress,
  message: z.string(),
  error: jobError.nullable(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  /** Whether `resume` can take it up again. */
  resumable: z.boolean(),
  /** What the job is about, for links: dataset, experiment, model. */
  subject: z.object({
    type: z.enum(['dataset', 'experiment', 'model', 'workspace', 'none']),
    id: z.string(),
    name: z.string(),
  }),
  /** Kind-specific answer once it succeeded (or was cancelled with something kept). */
  result: z.record(z.string(), z.unknown()).nullable(),
})

export const logLine = z.object({
  time: timestamp,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
})

export type Job = z.infer<typeof job>
export type JobState = z.infer<typeof jobState>
export type JobKind = z.infer<typeof jobKind>
export type JobProgress = z.infer<typeof jobProgress>
export type JobError = z.infer<typeof jobError>
export type LogLine = z.infer<typeof logLine>

/** The only state changes a job can make; each end is final, but a failed or cancelled job may be queued again. */
export const jobTransitions: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['running', 'cancelled', 'failed'],
  running: ['succeeded', 'failed', 'cancelled', 'queued'],
  succeeded: [],
  failed: ['queued'],
  cancelled: ['queued'],
}
