import { existsSync, statfsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ChangeEvent, WorkspaceStatus } from '../../../shared/domain/workspace.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { engineVersion } from '../../models/engine-version.ts'
import { salvage } from '../../storage/salvage.ts'
import type { ChangeFeed } from '../../workspace/change-feed.ts'
import type { WorkspaceHealth } from '../../workspace/workspace-health.ts'
import type { AutomlService } from '../automl/automl-service.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import { createTextSearch } from './find-by-text.ts'
import { createRecentWork } from './recent-work.ts'
import { seedSamples } from './seed-samples.ts'

interface WorkspaceDependencies {
  readonly datasets: DatasetService
  readonly automl: AutomlService
  readonly health: WorkspaceHealth
  readonly changes: ChangeFeed
  readonly face: WorkspaceStatus['host']
}

/** Blobs are counted anew after so many milliseconds; their folder can be large. */
const countEvery = 30_000

/** The workspace as a whole: how it is, what is new, where things are. */
export function createWorkspaceService(
  context: ServiceContext,
  { datasets, automl, health, changes, face }: WorkspaceDependencies,
) {
  const { sqlite } = context.database
  const counts = sqlite.prepare<[], { datasets: number; experiments: number; runs: number; models: number }>(
    `SELECT (SELECT count(*) FROM dataset WHERE deleted_at IS NULL) AS datasets,
       (SELECT count(*) FROM experiment WHERE deleted_at IS NULL) AS experiments,
       (SELECT count(*) FROM run WHERE deleted_at IS NULL) AS runs,
       (SELECT count(*) FROM registered_model WHERE deleted_at IS NULL) AS models`,
  )
  let blobBytes = { bytes: 0, at: Number.NEGATIVE_INFINITY }

  function bytesOfBlobs(): number {
    if (performance.now() - blobBytes.at > countEvery) {
      blobBytes = { bytes: context.blobs.list().reduce((sum, { bytes }) => sum + bytes, 0), at: performance.now() }
    }
    return blobBytes.bytes
  }

  return {
    status(actor: Actor): WorkspaceStatus {
      const disk = statfsSync(context.paths.root)
      return {
        name: context.paths.root.split(/[\\/]/).at(-1) ?? context.paths.root,
        path: context.paths.root,
        version: engineVersion,
        readOnly: health.problem() !== null || context.database.readOnly,
        problem: health.problem(),
        integrity: health.integrity(),
        runningJobs: context.jobs.runningCount(),
        host: face,
        actor,
        counts: counts.get() ?? { datasets: 0, experiments: 0, runs: 0, models: 0 },
        bytes: {
          // Missing where the workspace's file was lost.
          database: statSync(context.paths.database, { throwIfNoEntry: false })?.size ?? 0,
          blobs: bytesOfBlobs(),
          free: disk.bavail * disk.bsize,
        },
      }
    },

    changes: (signal?: AbortSignal): AsyncIterable<ChangeEvent> => changes.subscribe(signal),

    /** What was worked on last, of every kind. */
    recent: createRecentWork(sqlite),

    /** Everything that a text names. */
    search: createTextSearch(sqlite),

    seed: () => {
      context.assertWritable()
      return seedSamples(context, datasets, automl)
    },

    async salvage(folder: string) {
      const target = resolve(folder)
      if (existsSync(target) && !statSync(target).isDirectory())
        throw new MaestroError('INPUT_INVALID', `${folder} is not a folder.`, 'Name a folder to export to.')
      return salvage(context.paths.database, context.blobs, target)
    },
  }
}
