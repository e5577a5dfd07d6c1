import type { JobKind, JobProgress, LogLine } from '../../shared/domain/jobs.ts'
import type { ErrorRecord } from '../../shared/errors.ts'
import type { BlobStore } from '../blobs/blob-store.ts'

/** What a job's main function is given in its own process. It never opens the database: it emits, the host stores. */
export interface JobContext {
  readonly jobId: string
  /** A folder of its own, removed after the job's end. */
  readonly scratch: string
  readonly blobs: BlobStore
  /** Sent on at most four times a second; the fraction never falls. */
  report(progress: Partial<JobProgress>): void
  log(level: LogLine['level'], message: string): void
  /** Hands a record to the kind's handler in the host; resolves once it is stored durably. */
  emit(event: unknown): Promise<void>
  /** Aborted when the user cancels. The process is killed a second later if it has not ended. */
  readonly cancelled: AbortSignal
  /** Aborted when the user asks to stop and keep what there is. */
  readonly stopRequested: AbortSignal
}

/** Each kind exports `main` from its own file; the job process loads it by kind. The returned record goes to `onEnd`. */
export type JobMain = (specification: unknown, context: JobContext) => Promise<Record<string, unknown>>

/** The host's side of a kind of job. */
export interface JobHandler {
  readonly kind: JobKind
  /** Parses the stored specification; called when queued and again before each start. Throws when it does not fit. */
  parse(specification: unknown): unknown
  /** Adds what only the host knows (paths, finished trials of an earlier attempt) to what the process is given. */
  prepare?(jobId: string, specification: unknown): Promise<unknown>
  /** Stores what the process emitted, in a transaction. */
  onEvent?(jobId: string, specification: unknown, event: unknown): Promise<void> | void
  /** Called once at the end, before the state is stored; what it returns becomes the job's result. */
  onEnd?(jobId: string, specification: unknown, outcome: JobOutcome): Promise<Record<string, unknown> | null>
  readonly resumable: boolean
}

export type JobOutcome =
  | { readonly state: 'succeeded'; readonly result: Record<string, unknown> }
  | { readonly state: 'failed'; readonly error: ErrorRecord }
  | { readonly state: 'cancelled' }
