import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { WorkspaceStatus } from '../shared/domain/workspace.ts'
import { MaestroError } from '../shared/errors.ts'
import { backUpBeforeMigration } from './backups/backups.ts'
import type { BlobStore } from './blobs/blob-store.ts'
import { createBlobStore } from './blobs/blob-store.ts'
import type { JobQueue } from './jobs/job-queue.ts'
import { createJobQueue } from './jobs/job-queue.ts'
import type { HostLogger } from './logging/logger.ts'
import { openLogger } from './logging/logger.ts'
import { createInference } from './models/inference.ts'
import type { Processes } from './processes/processes.ts'
import { nodeProcesses } from './processes/processes.ts'
import { removeOldUploads } from './rpc/file-traffic.ts'
import { createAutomlService } from './services/automl/automl-service.ts'
import type { BackupsService } from './services/backups/backups-service.ts'
import { createBackupsService, restorePending } from './services/backups/backups-service.ts'
import { createDatasetService } from './services/datasets/datasets-service.ts'
import type { DoctorService } from './services/doctor/doctor-service.ts'
import { createDoctorService } from './services/doctor/doctor-service.ts'
import { createExperimentsService } from './services/experiments/experiments-service.ts'
import { createExplainService } from './services/explain/explain-service.ts'
import { createModelsService } from './services/models/models-service.ts'
import type { PredictService } from './services/predict/predict-service.ts'
import { createPredictService } from './services/predict/predict-service.ts'
import { createRunsService } from './services/runs/runs-service.ts'
import type { ServiceContext } from './services/service-context.ts'
import type { SettingsService } from './services/settings/settings-service.ts'
import { createSettingsService } from './services/settings/settings-service.ts'
import { createWorkspaceService } from './services/workspace/workspace-service.ts'
import type { WorkspaceDatabase } from './storage/database.ts'
import { openWorkspaceDatabase } from './storage/database.ts'
import { checkIntegrity } from './storage/integrity.ts'
import type { ChangeFeed } from './workspace/change-feed.ts'
import { createChangeFeed } from './workspace/change-feed.ts'
import type { WorkspaceHealth } from './workspace/workspace-health.ts'
import { createWorkspaceHealth } from './workspace/workspace-health.ts'
import type { WorkspacePaths } from './workspace/workspace-paths.ts'
import { createWorkspaceFolders, workspacePaths } from './workspace/workspace-paths.ts'

/** The whole application without a face: every use case of one workspace. */
export interface App {
  readonly context: ServiceContext
  readonly health: WorkspaceHealth
  readonly changes: ChangeFeed
  readonly settings: SettingsService
  readonly doctor: DoctorService
  readonly jobs: JobQueue
  readonly automl: ReturnType<typeof createAutomlService>
  readonly datasets: ReturnType<typeof createDatasetService>
  readonly experiments: ReturnType<typeof createExperimentsService>
  readonly runs: ReturnType<typeof createRunsService>
  readonly models: ReturnType<typeof createModelsService>
  readonly predict: PredictService
  readonly explain: ReturnType<typeof createExplainService>
  readonly backups: ReturnType<typeof createBackupsService>
  readonly workspace: ReturnType<typeof createWorkspaceService>
  /** Ends jobs (resumable ones go on next time), processes and files, in this order. */
  close(): Promise<void>
}

export interface AppOptions {
  /** Default: forked Node. */
  readonly processes?: Processes
  /** Which face it is built for; the status tells it. */
  readonly face?: WorkspaceStatus['host']
  /** The file that jobs start with; tests give their own. */
  readonly jobEntry?: URL
}

/**
 * Builds everything once, from the workspace's folder. The caller holds the workspace's lock (see workspace-lock.ts).
 * Throws WORKSPACE_FROM_FUTURE; then nothing has been changed. A damaged workspace opens for reading, see `health`.
 */
export async function openApp(folder: string, options: AppOptions = {}): Promise<App> {
  const paths = workspacePaths(folder)
  createWorkspaceFolders(paths)
  const log = openLogger(paths.logs)
  try {
    const blobs = createBlobStore(paths.blobs)
    const kept = restorePending(paths, blobs)
    if (kept) log.logger.warn({ kept }, 'a backup was restored; the file before it is kept')
    removeLeftovers(paths.scratch)
    removeOldUploads(paths.uploads)
    const health = createWorkspaceHealth()
    const database = await openDatabase(paths, blobs, health, log.logger)
    try {
      return await buildApp({ paths, blobs, database, health, log }, options)
    } catch (error) {
      await database.close()
      throw error
    }
  } catch (error) {
    log.logger.fatal({ err: error }, 'the workspace could not be opened')
    log.close()
    throw error
  }
}

interface Storage {
  readonly paths: WorkspacePaths
  readonly blobs: BlobStore
  readonly database: WorkspaceDatabase
  readonly health: WorkspaceHealth
  readonly log: HostLogger
}

/**
 * The workspace's database; where it is damaged beyond reading, an empty one in its stead that is never written to, so that
 * the window can say what is wrong, list and restore backups, and export what can still be read. The damaged file stays.
 */
async function openDatabase(
  paths: WorkspacePaths,
  blobs: BlobStore,
  health: WorkspaceHealth,
  logger: Logger,
): Promise<WorkspaceDatabase> {
  try {
    return await openWorkspaceDatabase(paths.database, {
      beforeMigrations: (sqlite) => backUpBeforeMigration(paths.backups, sqlite, blobs),
    })
  } catch (error) {
    if (!(error instanceof MaestroError && error.code === 'WORKSPACE_DAMAGED')) throw error
    logger.fatal({ err: error }, 'the workspace file is damaged')
    health.damaged([error.message])
    return openWorkspaceDatabase(join(paths.scratch, 'in-place-of-damaged.db'))
  }
}

async function buildApp({ paths, blobs, database, health, log }: Storage, options: AppOptions): Promise<App> {
  const { logger } = log
  const processes = options.processes ?? nodeProcesses
  const changes = createChangeFeed()
  const changed = changes.publish
  const jobs = createJobQueue({
    sqlite: database.sqlite,
    paths,
    processes,
    logger,
    changed,
    ...(options.jobEntry ? { entry: options.jobEntry } : {}),
  })
  const inference = createInference({ processes, logger })
  const { assertWritable } = health
  const context: ServiceContext = {
    paths,
    database,
    blobs,
    jobs,
    inference,
    processes,
    changed,
    logger,
    assertWritable,
  }
  const services = buildServices(context)
  const face = options.face ?? 'cli'
  const workspace = createWorkspaceService(context, { ...services, health, changes, face })
  if (health.problem() === null) checkInBackground(context, health)
  const backupTimers = scheduleBackups(services.backups, health, logger)
  await jobs.recover()
  logger.info({ folder: paths.root, face }, 'workspace opened')
  return {
    context,
    health,
    changes,
    jobs,
    ...services,
    workspace,
    async close() {
      for (const timer of backupTimers) clearTimeout(timer)
      await jobs.close()
      await services.explain.close()
      await services.datasets.close()
      await inference.close()
      changes.close()
      await database.close()
      logger.info('workspace closed')
      log.close()
    },
  }
}

const firstBackupAfterMs = 60_000
const backupCheckMs = 3_600_000

/** Daily and weekly backups, made by whoever holds the workspace for longer than a minute. */
function scheduleBackups(backups: BackupsService, health: WorkspaceHealth, logger: Logger): NodeJS.Timeout[] {
  const run = () => {
    if (health.problem() !== null) return
    try {
      backups.runDue()
    } catch (error) {
      logger.error({ err: error }, 'the scheduled backup failed')
    }
  }
  return [setTimeout(run, firstBackupAfterMs).unref(), setInterval(run, backupCheckMs).unref()]
}

/** Services in the order in which they need each other. */
function buildServices(context: ServiceContext) {
  const settings = createSettingsService(context)
  const datasets = createDatasetService(context)
  const experiments = createExperimentsService(context)
  const runs = createRunsService(context)
  const models = createModelsService(context, runs)
  const automl = createAutomlService(context, datasets, experiments, runs)
  const explain = createExplainService(context, datasets, models, runs)
  const predict = createPredictService(context, models, datasets)
  const backups = createBackupsService(context, settings)
  const doctor = createDoctorService(context)
  return { settings, datasets, experiments, runs, models, automl, explain, predict, backups, doctor }
}

/** The start does not wait for it: of a large file the whole check takes minutes. */
function checkInBackground({ database, logger, changed }: ServiceContext, health: WorkspaceHealth): void {
  health.checking()
  checkIntegrity(database.path).then(
    (damage) => {
      if (damage.length === 0) health.sound()
      else {
        logger.fatal({ damage }, 'the workspace file is damaged')
        health.damaged(damage)
      }
      changed({ topic: 'workspace', id: null })
    },
    (error: unknown) => logger.error({ err: error }, 'the integrity check could not run'),
  )
}

/** No job runs yet: whatever lies in the scratch folder is of a host that ended without tidying up. */
function removeLeftovers(scratch: string): void {
  if (!existsSync(scratch)) return
  for (const name of readdirSync(scratch)) rmSync(join(scratch, name), { recursive: true, force: true })
}
