import type { JobKind, JobProgress, LogLine } from '../../shared/domain/jobs.ts'
import type { ErrorRecord } from '../../shared/errors.ts'

/** What the host tells a job's process. */
export type HostMessage =
  | {
      readonly type: 'run'
      readonly jobId: string
      readonly kind: JobKind
      readonly specification: unknown
      readonly scratch: string
      readonly blobs: string
    }
  | { readonly type: 'cancel' }
  | { readonly type: 'stop' }
  /** The event of that number is stored (error: null), or could not be. */
  | { readonly type: 'stored'; readonly sequence: number; readonly error: ErrorRecord | null }

/** What a job's process tells the host. */
export type JobMessage =
  | { readonly type: 'progress'; readonly progress: Partial<JobProgress> }
  | { readonly type: 'log'; readonly line: LogLine }
  | { readonly type: 'event'; readonly sequence: number; readonly event: unknown }
  | { readonly type: 'succeeded'; readonly result: Record<string, unknown> }
  | { readonly type: 'failed'; readonly error: ErrorRecord; readonly stack: string }
