import type { Logger } from 'pino'
import type { Role } from '../../shared/domain/permissions.ts'
import type { ChangeEvent } from '../../shared/domain/workspace.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { Inference } from '../models/inference.ts'
import type { Processes } from '../processes/processes.ts'
import type { WorkspaceDatabase } from '../storage/database.ts'
import type { WorkspacePaths } from '../workspace/workspace-paths.ts'

/** What every service is built from; made once in app.ts and passed in. */
export interface ServiceContext {
  readonly paths: WorkspacePaths
  readonly database: WorkspaceDatabase
  readonly blobs: BlobStore
  readonly jobs: JobQueue
  /** Runs ONNX models in a process that can be killed. */
  readonly inference: Inference
  /** Starts child processes: Electron's utility processes in the desktop app, forked Node elsewhere. */
  readonly processes: Processes
  /** Tells windows which lists to read again. */
  readonly changed: (event: ChangeEvent) => void
  readonly logger: Logger
  /** Throws READ_ONLY while the workspace is open for reading only. Call it first in everything that writes. */
  readonly assertWritable: () => void
}

/** Who asks. */
export interface Actor {
  readonly name: string
  readonly role: Role
  /** Their row; absent for the owner before the first key. */
  readonly identityId?: string
}
