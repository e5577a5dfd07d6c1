import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Job } from '../shared/domain/jobs.ts'
import type { WorkspaceStatus } from '../shared/domain/workspace.ts'
import { MaestroError } from '../shared/errors.ts'
import type { AuditRecorder } from './audit/audit-recorder.ts'
import { createAuditRecorder } from './audit/audit-recorder.ts'
import { createAuditRows } from './audit/audit-rows.ts'
import { loadPlugInLearners } from './automl/plug-in-learners.ts'
import { createBackup, listBackups, removeUnfinishedBackups } from './backups/backups.ts'
import { restorePending } from './backups/restore-backup.ts'
import type { BlobStore } from './blobs/blob-store.ts'
import { createBlobStore } from './blobs/blob-store.ts'
import { removeUnusedBlobs } from './blobs/unused-blobs.ts'
import type { JobQueue } from './jobs/job-queue.ts'
import { createJobQueue } from './jobs/job-queue.ts'
import type { HostLogger } from './logging/logger.ts'
import { openLogger } from './logging/logger.ts'
import { createInference } from './models/inference.ts'
import type { Processes } from './processes/processes.ts'
import { nodeProcesses } from './processes/processes.ts'
import { removeOldUploads } from './rpc/file-traffic.ts'
import type { Keychain, KeyStore } from './secrets/key-store.ts'
import { createKeyStore } from './secrets/key-store.ts'
import type { ApprovalsService } from './services/approvals/approvals-service.ts'
import { createApprovalsService } from './services/approvals/approvals-service.ts'
import { recordInAudit } from './services/approvals/record-in-audit.ts'
import { createApprovalPeople } from './services/approvals/workspace-people.ts'
import type { AuditService } from './services/audit/audit-service.ts'
import { createAuditService } from './services/audit/audit-service.ts'
import type { AuditSlices } from './services/audit/audit-slices.ts'
import { createAuditSlices } from './services/audit/audit-slices.ts'
import { createLogKey } from './services/audit/log-key.ts'
import { createAutomlService } from './services/automl/automl-service.ts'
import type { BackupsService } from './services/backups/backups-service.ts'
import { createBackupsService } from './services/backups/backups-service.ts'
import type { CardsService } from './services/cards/cards-service.ts'
import { createCardsService } from './services/cards/cards-service.ts'
import { createDatasetService } from './services/datasets/datasets-service.ts'
import type { DeploymentsService } from './services/deployments/deployments-service.ts'
import { createDeploymentsService } from './services/deployments/deployments-service.ts'
import type { DoctorService } from './services/doctor/doctor-service.ts'
import { createDoctorService } from './services/doctor/doctor-service.ts'
import type { EgressService } from './services/egress/egress-service.ts'
import { createEgressService } from './services/egress/egress-service.ts'
import type { EvidenceService } from './services/evidence/evidence-service.ts'
import { createEvidenceService } from './services/evidence/evidence-service.ts'
import { createPersonRows } from './services/evidence/person-rows.ts'
import { createExperimentsService } from './services/experiments/experiments-service.ts'
import { createExplainService } from './services/explain/explain-service.ts'
import type { IdentitiesService } from './services/identities/identities-service.ts'
import { createIdentitiesService } from './services/identities/identities-service.ts'
import type { LineageService } from './services/lineage/lineage-service.ts'
import { createLineageService } from './services/lineage/lineage-service.ts'
import { createModelsService } from './services/models/models-service.ts'
import { jobNotice } from './services/notifications/job-notice.ts'
import type { NotificationsService } from './services/notifications/notifications-service.ts'
import { createNotificationsService } from './services/notifications/notifications-service.ts'
import { peopleToTell } from './services/notifications/people-to-tell.ts'
import type { RemindersService } from './services/notifications/reminders-service.ts'
import { createRemindersService } from './services/notifications/reminders-service.ts'
import { tellOfApprovals } from './services/notifications/tell-of-approvals.ts'
import { tellOfRefusedLoad } from './services/notifications/tell-of-refused-load.ts'
import type { PolicyEditor } from './services/policy/policy-editor.ts'
import { createPolicyEditor } from './services/policy/policy-editor.ts'
import type { PolicyService } from './services/policy/policy-service.ts'
import { createPolicyService } from './services/policy/policy-service.ts'
import { createPortableService } from './services/portable/portable-service.ts'
import type { PredictService } from './services/predict/predict-service.ts'
import { createPredictService } from './services/predict/predict-service.ts'
import type { QuarantineService } from './services/quarantine/quarantine-service.ts'
import { createQuarantineService } from './services/quarantine/quarantine-service.ts'
import { createRebuildService } from './services/rebuild/rebuild-service.ts'
import type { ReviewsService } from './services/reviews/reviews-service.ts'
import { createReviewsService } from './services/reviews/reviews-service.ts'
import { createRunsService } from './services/runs/runs-service.ts'
import type { ServiceContext } from './services/service-context.ts'
import type { SettingsService } from './services/settings/settings-service.ts'
import { createSettingsService } from './services/settings/settings-service.ts'
import type { SignaturesService } from './services/signatures/signatures-service.ts'
import { createSignaturesService } from './services/signatures/signatures-service.ts'
import { createWorkspaceService } from './services/workspace/workspace-service.ts'
import type { WorkspaceDatabase } from './storage/database.ts'
import { openWorkspaceDatabase } from './storage/database.ts'
import { checkIntegrity } from './storage/integrity.ts'
import type { ChangeFeed } from './workspace/change-feed.ts'
import { createChangeFeed } from './workspace/change-feed.ts'
import { startSteadyClock } from './workspace/steady-clock.ts'
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
  readonly cards: CardsService
  readonly policies: PolicyService
  readonly policyEditor: PolicyEditor
  readonly notifications: NotificationsService
  readonly reminders: RemindersService
  readonly egress: EgressService
  readonly approvals: ApprovalsService
  readonly deployments: DeploymentsService
  readonly reviews: ReviewsService
  readonly identities: IdentitiesService
  readonly audit: AuditService
  readonly evidence: EvidenceService
  readonly signatures: SignaturesService
  readonly recorder: AuditRecorder
  readonly lineage: LineageService
  readonly predict: PredictService
  readonly quarantine: QuarantineService
  readonly explain: ReturnType<typeof createExplainService>
  readonly rebuild: ReturnType<typeof createRebuildService>
  readonly portable: ReturnType<typeof createPortableService>
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
  /** Where private keys are kept. Default: the system's keychain. */
  readonly keychain?: Keychain
}

/**
 * Builds everything once, from the workspace's folder. The caller holds the workspace's lock (see workspace-lock.ts).
 * Throws WORKSPACE_FROM_FUTURE, or BACKUP_INVALID where a restore that was asked for cannot be done; then nothing has been
 * changed. A damaged workspace opens for reading, see `health`.
 */
export async function openApp(folder: string, options: AppOptions = {}): Promise<App> {
  const paths = workspacePaths(folder)
  createWorkspaceFolders(paths)
  const log = openLogger(paths.logs)
  try {
    const blobs = createBlobStore(paths.blobs)
    const restored = restorePending(paths, blobs)
    if (restored) log.logger.warn(restored, 'a backup was restored; the file before it is kept')
    blobs.removeUnfinished()
    removeUnfinishedBackups(paths.backups)
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
      mustExist: wasUsed(paths),
      beforeMigrations: (sqlite) => createBackup({ folder: paths.backups, sqlite, blobs }, 'migration'),
    })
  } catch (error) {
    if (!(error instanceof MaestroError && error.code === 'WORKSPACE_DAMAGED')) throw error
    logger.fatal({ err: error }, 'the workspace file is damaged')
    health.damaged([error.message])
    return openWorkspaceDatabase(join(paths.scratch, 'in-place-of-damaged.db'))
  }
}

/** Whether files lie about that only a workspace's file gives a meaning to: without it, it was lost. */
function wasUsed({ blobs, backups }: WorkspacePaths): boolean {
  const holdsBlobs = readdirSync(blobs, { withFileTypes: true }).some(
    (entry) => entry.isDirectory() && readdirSync(join(blobs, entry.name)).length > 0,
  )
  return holdsBlobs || listBackups(backups).length > 0
}

async function buildApp({ paths, blobs, database, health, log }: Storage, options: AppOptions): Promise<App> {
  await loadPlugInLearners()
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
    actor: () => recorder.actor(),
    ended: (job, actor) => tellOfJob(services, job, actor),
    ...(options.jobEntry ? { entry: options.jobEntry } : {}),
  })
  const inference = createInference({ processes, logger })
  const { assertWritable } = health
  const auditRows = createAuditRows(database.sqlite)
  const recorder = createAuditRecorder(auditRows, database.transaction)
  database.beforeCommit(recorder.beforeCommit)
  const context: ServiceContext = {
    audit: recorder,
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
  const keychain = options.keychain
  const keyStore = createKeyStore(async () => keychain ?? import('./secrets/keychain.ts'))
  const logKey = createLogKey(database.sqlite, keyStore)
  const slices = createAuditSlices(
    { rows: auditRows, recorder, logKey },
    { logger, canWrite: () => health.problem() === null && !database.readOnly },
  )
  const services = buildServices(context, keyStore, slices)
  const audit = createAuditService(context, {
    rows: auditRows,
    recorder,
    logKey,
    identities: services.identities,
    persons: createPersonRows(database.sqlite),
  })
  const face = options.face ?? 'cli'
  const workspace = createWorkspaceService(context, { ...services, health, changes, face })
  const closing = new AbortController()
  if (health.problem() === null) checkInBackground(context, health, closing.signal)
  const timers = scheduleUpkeep(context, services.backups, health)
  const clocks = [remindInTime(context, services.reminders), sendInTime(context, services.egress)]
  await jobs.recover()
  logger.info({ folder: paths.root, face }, 'workspace opened')
  return {
    context,
    health,
    changes,
    jobs,
    ...services,
    audit,
    recorder,
    signatures: createSignaturesService(services.identities),
    workspace,
    async close() {
      for (const timer of timers) clearTimeout(timer)
      for (const clock of clocks) clock.stop()
      closing.abort()
      await services.egress.close(sendPatienceMs)
      await jobs.close()
      await services.explain.close()
      await services.datasets.close()
      services.quarantine.close()
      await inference.close()
      changes.close()
      await database.close()
      logger.info('workspace closed')
      log.close()
    },
  }
}

const firstUpkeepAfterMs = 60_000
const upkeepEveryMs = 3_600_000

/** Daily and weekly backups and the removal of unused blobs, by whoever holds the workspace for longer than a minute. */
function scheduleUpkeep(context: ServiceContext, backups: BackupsService, health: WorkspaceHealth): NodeJS.Timeout[] {
  const { blobs, jobs, logger } = context
  const run = () => {
    if (health.problem() !== null) return
    try {
      backups.runDue()
      const { sqlite } = context.database
      const freed = removeUnusedBlobs({ sqlite, blobs, busy: jobs.runningCount() > 0 })
      if (freed > 0) logger.info({ bytes: freed }, 'unused files were removed')
    } catch (error) {
      logger.error({ err: error }, 'the scheduled backup failed')
    }
  }
  return [setTimeout(run, firstUpkeepAfterMs).unref(), setInterval(run, upkeepEveryMs).unref()]
}

/** Services in the order in which they need each other. */
function buildServices(context: ServiceContext, keyStore: KeyStore, slices: AuditSlices) {
  const identities = createIdentitiesService(context, keyStore)
  const settings = createSettingsService(context)
  const datasets = createDatasetService(context)
  const experiments = createExperimentsService(context)
  const runs = createRunsService(context)
  const models = createModelsService(context, runs)
  const automl = createAutomlService(context, datasets, experiments, runs)
  const quarantine = createQuarantineService(context)
  const cards = createCardsService(context, models, datasets)
  const lineage = createLineageService(context, models, datasets)
  const explain = createExplainService(context, datasets, models, runs, quarantine, cards)
  const rebuild = createRebuildService(context, datasets, models)
  const portable = createPortableService(context, datasets, models)
  const policies = createPolicyService(context)
  const folk = () => peopleToTell(identities)
  const egress = createEgressService(context, keyStore, () => isWritable(context))
  const notifications = createNotificationsService(context, {
    forward: egress.forward,
    catchUp: () => reminders.runDue(),
  })
  const intoAudit = recordInAudit(context.audit, identities)
  const tell = tellOfApprovals(context.database.sqlite, policies, folk, notifications.notify)
  const people = createApprovalPeople(identities, (event) => {
    intoAudit(event)
    tell(event)
  })
  const approvals = createApprovalsService(context, models, policies, people)
  const policyEditor = createPolicyEditor(policies, approvals)
  const reminders = createRemindersService(
    { ...context, isWritable: () => isWritable(context) },
    approvals,
    policies,
    people,
  )
  const deployments = createDeploymentsService(context, models, policies, approvals, people)
  const reviews = createReviewsService(context, { models, datasets, cards, approvals, quarantine, slices }, people)
  const evidence = createEvidenceService(context, {
    models,
    cards,
    approvals,
    policies,
    lineage,
    identities,
    slices,
  })
  const tellRefused = tellOfRefusedLoad(notifications, folk)
  const refusedLoad = (reference: string, error: unknown) => {
    if (isWritable(context)) tellRefused(reference, error)
  }
  const predict = createPredictService(context, servedModels(models, deployments, refusedLoad), datasets)
  const backups = createBackupsService(context, settings)
  const doctor = createDoctorService(context)
  return {
    settings,
    identities,
    datasets,
    experiments,
    runs,
    models,
    cards,
    lineage,
    automl,
    explain,
    rebuild,
    portable,
    policies,
    policyEditor,
    notifications,
    reminders,
    egress,
    approvals,
    deployments,
    reviews,
    evidence,
    predict,
    quarantine,
    backups,
    doctor,
  }
}

/** Models for predictions: what a slot's name leads to is refused once its approval no longer holds. */
function servedModels(
  models: ReturnType<typeof createModelsService>,
  deployments: DeploymentsService,
  refused: (reference: string, error: unknown) => void,
) {
  return {
    resolve(reference: string) {
      try {
        deployments.assertServable(reference)
      } catch (error) {
        refused(reference, error)
        throw error
      }
      return models.resolve(reference)
    },
  }
}

function isWritable({ database, assertWritable }: ServiceContext): boolean {
  try {
    assertWritable()
    return !database.readOnly
  } catch {
    return false
  }
}

/** Whoever started a job hears of its end, where it took long or failed; the owner, where nobody is known to have. */
function tellOfJob(
  { notifications, identities }: Pick<App, 'notifications' | 'identities'>,
  job: Job,
  actor: string | null,
): void {
  const notice = jobNotice(job)
  if (notice) notifications.notify(notice, [actor ?? identities.actorOf(undefined).name])
}

const firstRemindersAfterMs = 2_000
const remindersEveryMs = 60_000

/** Reminders as they become due, by whoever holds the workspace for longer than a moment. */
function remindInTime({ logger }: ServiceContext, reminders: RemindersService) {
  return startSteadyClock(() => void reminders.runDue(), {
    firstMs: firstRemindersAfterMs,
    everyMs: remindersEveryMs,
    failed: (error) => logger.error({ err: error }, 'reminders could not be sent'),
  })
}

const outboxEveryMs = 5_000
/** For what is on its way when Maestro is closed; the rest is sent next time. */
const sendPatienceMs = 3_000

function sendInTime({ logger }: ServiceContext, egress: EgressService) {
  return startSteadyClock(egress.deliverDue, {
    firstMs: outboxEveryMs,
    everyMs: outboxEveryMs,
    failed: (error) => logger.error({ err: error }, 'the outbox could not be looked at'),
  })
}

/** A command that is done sooner need not pay for a process. */
const firstCheckAfterMs = 500

/** The start does not wait for it: of a large file the whole check takes minutes. */
function checkInBackground(
  { database, logger, changed, processes }: ServiceContext,
  health: WorkspaceHealth,
  closing: AbortSignal,
): void {
  health.checking()
  const check = async () => {
    await after(firstCheckAfterMs, undefined, { ref: false })
    return checkIntegrity(processes, database.path, closing)
  }
  check().then(
    (damage) => {
      if (closing.aborted) return
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
