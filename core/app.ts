import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkspaceStatus } from '../shared/domain/workspace.ts'
import { backUpBeforeMigration } from './backups/backups.ts'
import { createBlobStore } from './blobs/blob-store.ts'
import type { JobQueue } from './jobs/job-queue.ts'
import { createJobQueue } from './jobs/job-queue.ts'
import { openLogger } from './logging/logger.ts'
import { createInference } from './models/inference.ts'
import type { Processes } from './processes/processes.ts'
import { nodeProcesses } from './processes/processes.ts'
import { removeOldUploads } from './rpc/file-traffic.ts'
import { createAutomlService } from './services/automl/automl-service.ts'
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
import { openWorkspaceDatabase } from './storage/database.ts'
import { checkIntegrity } from './storage/integrity.ts'
import type { ChangeFeed } from './workspace/change-feed.ts'
import { createChangeFeed } from './workspace/change-feed.ts'
import type { WorkspaceHealth } from './workspace/workspace-health.ts'
import { createWorkspaceHealth } from './workspace/workspace-health.ts'
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
 * Throws WORKSPACE_DAMAGED and WORKSPACE_FROM_FUTURE; then nothing has been changed.
 */
export async function openApp(folder: string, options: AppOptions = {}): Promise<App> {
  const paths = workspacePaths(folder)
  createWorkspaceFolders(paths)
  const log = openLogger(paths.logs)
  const { logger } = log
  const processes = options.processes ?? nodeProcesses
  try {
    const blobs = createBlobStore(paths.blobs)
    const kept = restorePending(paths, blobs)
    if (kept) logger.warn({ kept }, 'a backup was restored; the file before it is kept')
    const database = await openWorkspaceDatabase(paths.database, {
      beforeMigrations: (sqlite) => backUpBeforeMigration(paths.backups, sqlite, blobs),
    })
    const changes = createChangeFeed()
    const health = createWorkspaceHealth()
    removeLeftovers(paths.scratch)
    removeOldUploads(paths.uploads)
    const jobs = createJobQueue({
      sqlite: database.sqlite,
      paths,
      processes,
      logger,
      changed: changes.publish,
      ...(options.jobEntry ? { entry: options.jobEntry } : {}),
    })
    const inference = createInference({ processes, logger })
    const context: ServiceContext = {
      paths,
      database,
      blobs,
      jobs,
      inference,
      processes,
      changed: changes.publish,
      logger,
      assertWritable: health.assertWritable,
    }
    const services = buildServices(context)
    const workspace = createWorkspaceService(context, { ...services, health, changes, face: options.face ?? 'cli' })
    checkInBackground(context, health)
    await jobs.recover()
    logger.info({ folder: paths.root, face: options.face ?? 'cli' }, 'workspace opened')
    return {
      context,
      health,
      changes,
      jobs,
      ...services,
      workspace,
      async close() {
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
  } catch (error) {
    logger.fatal({ err: error }, 'the workspace could not be opened')
    log.close()
    throw error
  }
}

/** Services in the order in which they need each other. */
function buildServices(context: ServiceContext) {
  const settings = createSettingsService(context)
  const datasets = createDatasetService(context)
  const experiments = createExperimentsService(context)
  const runs = createRunsService(context)
  const automl = createAutomlService(context, datasets, experiments, runs)
  const models = createModelsService(context, runs)
  const predict = createPredictService(context, models, datasets)
  const explain = createExplainService(context, datasets, models, runs)
  const backups = createBackupsService(context, settings)
  const doctor = createDoctorService(context)
  return { settings, datasets, automl, experiments, runs, models, predict, explain, backups, doctor }
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
