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
import { seedSamples } from './seed-samples.ts'

interface Hit {
  readonly kind: 'dataset' | 'experiment' | 'run' | 'model' | 'version' | 'job'
  readonly title: string
  readonly detail: string
  readonly href: string
}

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
          database: statSync(context.paths.database).size,
          blobs: bytesOfBlobs(),
          free: disk.bavail * disk.bsize,
        },
      }
    },

    changes: (signal?: AbortSignal): AsyncIterable<ChangeEvent> => changes.subscribe(signal),

    /** What was worked on last, of every kind. */
    recent(limit: number) {
      return sqlite
        .prepare<
          [number],
          {
            kind: 'dataset' | 'experiment' | 'version' | 'job'
            id: string
            title: string
            detail: string
            href: string
            time: string
          }
        >(
          `SELECT * FROM (
             SELECT 'dataset' AS kind, d.id, d.name AS title, v.rows || ' rows × ' || v.column_count || ' columns' AS detail, '/data/' || d.name AS href, v.created_at AS time
             FROM dataset d JOIN dataset_version v ON v.dataset_id = d.id
             WHERE d.deleted_at IS NULL AND v.version = (SELECT max(version) FROM dataset_version WHERE dataset_id = d.id)
             UNION ALL
             SELECT 'experiment', e.id, e.name, (SELECT count(*) FROM run WHERE experiment_id = e.id AND deleted_at IS NULL) || ' runs', '/experiments/' || e.id,
               coalesce((SELECT max(started_at) FROM run WHERE experiment_id = e.id), e.created_at)
             FROM experiment e WHERE e.deleted_at IS NULL
             UNION ALL
             SELECT 'version', v.id, m.name || ' / ' || v.version, v.learner, '/models/' || m.name || '/' || v.version, v.created_at
             FROM model_version v JOIN registered_model m ON m.id = v.model_id WHERE v.deleted_at IS NULL AND m.deleted_at IS NULL
           ) ORDER BY time DESC LIMIT ?`,
        )
        .all(limit)
        .map((item) => ({ ...item, href: encodeURI(item.href) }))
    },

    /** Everything whose name contains the text, names that start with it first. */
    search(text: string, limit: number): Hit[] {
      const wanted = text.trim()
      if (wanted === '') return []
      return sqlite
        .prepare<[{ text: string; limit: number }], Hit>(
          `SELECT kind, title, detail, href FROM (
             SELECT 'dataset' AS kind, name AS title, 'dataset' AS detail, '/data/' || name AS href FROM dataset WHERE deleted_at IS NULL
             UNION ALL SELECT 'model', name, 'model', '/models/' || name FROM registered_model WHERE deleted_at IS NULL
             UNION ALL SELECT 'version', m.name || ' / ' || v.version, 'version', '/models/' || m.name || '/' || v.version
               FROM model_version v JOIN registered_model m ON m.id = v.model_id WHERE v.deleted_at IS NULL AND m.deleted_at IS NULL
             UNION ALL SELECT 'experiment', name, 'experiment', '/experiments/' || id FROM experiment WHERE deleted_at IS NULL
             UNION ALL SELECT 'run', run.name, experiment.name, '/runs/' || run.id FROM run JOIN experiment ON experiment.id = run.experiment_id
               WHERE run.deleted_at IS NULL AND experiment.deleted_at IS NULL
             UNION ALL SELECT 'job', title, state, '/jobs/' || id FROM job
           ) WHERE instr(lower(title), lower(@text)) > 0 OR href LIKE '%/' || @text
           ORDER BY instr(lower(title), lower(@text)) > 1, length(title), title LIMIT @limit`,
        )
        .all({ text: wanted, limit })
        .map((hit) => ({ ...hit, href: encodeURI(hit.href) }))
    },

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

export type WorkspaceService = ReturnType<typeof createWorkspaceService>
