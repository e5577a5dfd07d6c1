import type { ParityCertificate, Performance, Run, RunDetail } from '../../../shared/domain/training.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { Condition } from '../../filters/filter-language.ts'
import { pageOffset } from '../../filters/page-offset.ts'
import { newId } from '../../storage/ids.ts'
import type { ServiceContext } from '../service-context.ts'
import { parseRunFilter, parseRunOrder } from './run-filter.ts'

type RunStatus = Run['status']

export interface NewRun {
  readonly id?: string
  readonly experimentId: string
  readonly name: string
  readonly params: Readonly<Record<string, string | number | boolean>>
  readonly tags?: Readonly<Record<string, string>>
  readonly datasetVersionId?: string | null
  readonly startedAt?: string
}

export interface MetricPoint {
  readonly key: string
  readonly value: number
  readonly step: number
  readonly timestamp?: string
}

interface RunRow {
  id: string
  experimentId: string
  experimentName: string
  name: string
  status: RunStatus
  startedAt: string
  endedAt: string | null
  deletedAt: string | null
}

type Entry<Value> = readonly [runId: string, key: string, value: Value]

/** Values by key of each run. */
function byRun<Value>(entries: readonly Entry<Value>[]): Map<string, Record<string, Value>> {
  const runs = new Map<string, [string, Value][]>()
  for (const [runId, key, value] of entries) {
    const own = runs.get(runId)
    if (own) own.push([key, value])
    else runs.set(runId, [[key, value]])
  }
  return new Map(Array.from(runs, ([runId, own]) => [runId, Object.fromEntries(own)]))
}

interface RunPage {
  readonly where: string
  readonly values: readonly unknown[]
  readonly order: Condition
  readonly limit: number
  readonly offset: number
  readonly isFiltered: boolean
}

const inLivingExperiment = 'run.experiment_id NOT IN (SELECT id FROM experiment WHERE deleted_at IS NOT NULL)'

const runColumns = `run.id, run.experiment_id AS experimentId, experiment.name AS experimentName, run.name, run.status,
  run.started_at AS startedAt, run.ended_at AS endedAt, run.deleted_at AS deletedAt`
const runTables = 'run JOIN experiment ON experiment.id = run.experiment_id'

/** Infinities as the numbers that MLflow stores for them; SQLite and JSON have none. */
const largest = Number.MAX_VALUE

/** Recorded trainings: parameters, metrics by step, tags, data and artifacts. Every write is durable when it returns. */
export function createRunsService(context: ServiceContext) {
  const { sqlite } = context.database
  const insertRun = sqlite.prepare(
    'INSERT INTO run (id, experiment_id, name, status, source, started_at) VALUES (@id, @experimentId, @name, @status, @source, @startedAt)',
  )
  const upsertParam = sqlite.prepare(
    'INSERT INTO run_param (run_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const upsertTag = sqlite.prepare(
    'INSERT INTO run_tag (run_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const deleteTag = sqlite.prepare('DELETE FROM run_tag WHERE run_id = ? AND key = ?')
  const insertMetric = sqlite.prepare(
    'INSERT OR IGNORE INTO run_metric (run_id, key, step, timestamp, value, is_nan) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const upsertLatest = sqlite.prepare(
    `INSERT INTO run_latest_metric (run_id, key, step, timestamp, value, is_nan) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET step = excluded.step, timestamp = excluded.timestamp, value = excluded.value, is_nan = excluded.is_nan
     WHERE excluded.step > step OR (excluded.step = step AND excluded.timestamp >= timestamp)`,
  )
  const insertInput = sqlite.prepare(
    `INSERT OR IGNORE INTO run_input (run_id, name, digest, context, dataset_version_id)
     SELECT ?, dataset.name, dataset_version.digest, 'training', dataset_version.id
     FROM dataset_version JOIN dataset ON dataset.id = dataset_version.dataset_id WHERE dataset_version.id = ?`,
  )
  const insertArtifact = sqlite.prepare(
    `INSERT INTO run_artifact (run_id, path, digest, bytes, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET digest = excluded.digest, bytes = excluded.bytes`,
  )
  const selectArtifact = sqlite.prepare<[string, string], { path: string; digest: string; bytes: number }>(
    'SELECT path, digest, bytes FROM run_artifact WHERE run_id = ? AND path = ?',
  )
  const selectArtifacts = sqlite.prepare<[string], { path: string; digest: string; bytes: number }>(
    'SELECT path, digest, bytes FROM run_artifact WHERE run_id = ? ORDER BY path',
  )
  const endRun = sqlite.prepare('UPDATE run SET status = ?, ended_at = ? WHERE id = ?')
  const selectRun = sqlite.prepare<[string], RunRow>(`SELECT ${runColumns} FROM ${runTables} WHERE run.id = ?`)
  // Of all runs of a page at once: three statements a page instead of three a run. As arrays, which are made faster.
  const entries = <Value>(table: string, condition = '1') =>
    sqlite
      .prepare<[string], Entry<Value>>(
        `SELECT run_id, key, value FROM ${table} WHERE run_id IN (SELECT value FROM json_each(?)) AND ${condition}`,
      )
      .raw()
  const selectParams = entries<string>('run_param')
  const selectTags = entries<string>('run_tag')
  const selectLatest = entries<number>('run_latest_metric', 'is_nan = 0')
  const selectRuns = sqlite.prepare<[string], RunRow>(
    `SELECT ${runColumns} FROM ${runTables} WHERE run.id IN (SELECT value FROM json_each(?))`,
  )

  function row(id: string): RunRow {
    const found = selectRun.get(id)
    if (!found)
      throw new MaestroError('NOT_FOUND', `There is no run ${id}.`, 'maestro runs list shows the runs there are.', {
        id,
      })
    return found
  }

  /** Rows with their parameters, newest metrics and tags. */
  function complete(found: readonly RunRow[]): Run[] {
    const ids = JSON.stringify(found.map(({ id }) => id))
    const params = byRun(selectParams.all(ids))
    const metrics = byRun(selectLatest.all(ids))
    const tags = byRun(selectTags.all(ids))
    return found.map((run) => ({
      ...run,
      params: params.get(run.id) ?? {},
      metrics: metrics.get(run.id) ?? {},
      tags: tags.get(run.id) ?? {},
    }))
  }

  function get(id: string): Run {
    return complete([row(id)])[0] as Run
  }

  function changed(id: string): void {
    context.changed({ topic: 'runs', id })
  }

  const service = {
    /** Makes a run in state RUNNING and gives its id. */
    createRun(run: NewRun): string {
      const id = run.id ?? newId()
      context.database.transaction(() => {
        insertRun.run({
          id,
          experimentId: run.experimentId,
          name: run.name,
          status: 'RUNNING',
          source: '',
          startedAt: run.startedAt ?? new Date().toISOString(),
        })
        for (const [key, value] of Object.entries(run.params)) upsertParam.run(id, key, String(value))
        for (const [key, value] of Object.entries(run.tags ?? {})) upsertTag.run(id, key, value)
        if (run.datasetVersionId) insertInput.run(id, run.datasetVersionId)
      })
      changed(id)
      return id
    },

    logMetrics(runId: string, points: readonly MetricPoint[]): void {
      const now = new Date().toISOString()
      context.database.transaction(() => {
        for (const { key, value, step, timestamp } of points) {
          const stored = Number.isNaN(value) ? 0 : Math.max(-largest, Math.min(largest, value))
          const values = [runId, key, step, timestamp ?? now, stored, Number.isNaN(value) ? 1 : 0] as const
          insertMetric.run(...values)
          upsertLatest.run(...values)
        }
      })
    },

    /** Parameters that were found while the run went on, such as a number of iterations. */
    setParams(runId: string, params: Readonly<Record<string, string | number | boolean>>): void {
      context.database.transaction(() => {
        for (const [key, value] of Object.entries(params)) upsertParam.run(runId, key, String(value))
      })
    },

    setTags(runId: string, tags: Readonly<Record<string, string>>): void {
      context.database.transaction(() => {
        for (const [key, value] of Object.entries(tags)) upsertTag.run(runId, key, value)
      })
    },

    finishRun(runId: string, status: RunStatus): void {
      endRun.run(status, new Date().toISOString(), runId)
      changed(runId)
    },

    addArtifact(runId: string, path: string, digest: string, bytes: number): void {
      insertArtifact.run(runId, path, digest, bytes, new Date().toISOString())
    },

    artifact: (runId: string, path: string) => selectArtifact.get(runId, path) ?? null,

    get,

    detail(id: string): RunDetail {
      const run = get(id)
      const artifacts = selectArtifacts.all(id)
      const read = (path: string): unknown => {
        const found = artifacts.find((artifact) => artifact.path === path)
        return found && context.blobs.has(found.digest)
          ? JSON.parse(context.blobs.read(found.digest).toString('utf8'))
          : null
      }
      const datasets = sqlite
        .prepare<[string], { name: string; versionId: string | null; digest: string }>(
          'SELECT name, dataset_version_id AS versionId, digest FROM run_input WHERE run_id = ? ORDER BY name',
        )
        .all(id)
      const versions = sqlite
        .prepare<[string], { model: string; version: number }>(
          `SELECT registered_model.name AS model, model_version.version FROM model_version
           JOIN registered_model ON registered_model.id = model_version.model_id
           WHERE model_version.run_id = ? AND model_version.deleted_at IS NULL ORDER BY model_version.created_at`,
        )
        .all(id)
      const job = sqlite
        .prepare<[string], { job_id: string | null }>('SELECT job_id FROM experiment WHERE id = ?')
        .get(run.experimentId)
      return {
        ...run,
        datasets,
        artifacts,
        performance: read('performance.json') as Performance | null,
        parity: read('parity.json') as ParityCertificate | null,
        versions,
        jobId: job?.job_id ?? null,
        canRegister: artifacts.some(({ path }) => path === 'pipeline.json'),
      }
    },

    /** Runs that match, a page at a time; the page token is where the next page starts. */
    list(query: {
      readonly experimentIds: readonly string[]
      readonly filter: string
      readonly order: string
      readonly limit: number
      readonly page: string | null
      readonly deleted: boolean
    }): { runs: Run[]; nextPage: string | null; total: number } {
      const filter = parseRunFilter(query.filter)
      const order = parseRunOrder(query.order)
      const offset = pageOffset(query.page)
      const all = query.experimentIds.length === 0
      const conditions = [
        query.deleted ? 'run.deleted_at IS NOT NULL' : `run.deleted_at IS NULL AND ${inLivingExperiment}`,
        all ? '1' : 'run.experiment_id IN (SELECT value FROM json_each(?))',
        filter.sql,
      ]
      const where = `FROM run WHERE ${conditions.join(' AND ')}`
      const values = [...(all ? [] : [JSON.stringify(query.experimentIds)]), ...filter.values]
      const found = page({
        where,
        values,
        order,
        limit: query.limit,
        offset,
        isFiltered: filter.values.length > 0,
      })
      const rows = new Map(selectRuns.all(JSON.stringify(found.ids)).map((run) => [run.id, run]))
      const next = offset + found.ids.length
      return {
        runs: complete(found.ids.map((id) => rows.get(id) as RunRow)),
        nextPage: found.ids.length > 0 && next < found.total ? String(next) : null,
        total: found.total,
      }
    },

    metricHistory(id: string, key: string) {
      row(id)
      const points = sqlite
        .prepare<[string, string], { key: string; value: number; step: number; timestamp: string }>(
          'SELECT key, value, step, timestamp FROM run_metric WHERE run_id = ? AND key = ? AND is_nan = 0 ORDER BY step, timestamp',
        )
        .all(id, key)
      return { points }
    },

    compare(ids: readonly string[]) {
      const runs = complete(ids.map(row))
      const table = <Value>(of: (run: Run) => Readonly<Record<string, Value>>) =>
        [...new Set(runs.flatMap((run) => Object.keys(of(run))))].sort().map((key) => {
          // A parameter may be named like something that every object has.
          const values = runs.map((run) => (Object.hasOwn(of(run), key) ? (of(run)[key] ?? null) : null))
          return { key, values, differs: values.some((value) => value !== values[0]) }
        })
      return {
        runs,
        params: table((run) => run.params),
        metrics: table((run) => run.metrics),
        tags: table((run) => run.tags),
      }
    },

    tag(id: string, key: string, value: string | null): Run {
      context.assertWritable()
      row(id)
      if (value === null) deleteTag.run(id, key)
      else upsertTag.run(id, key, value)
      changed(id)
      return get(id)
    },

    rename(id: string, name: string): Run {
      context.assertWritable()
      row(id)
      sqlite.prepare('UPDATE run SET name = ? WHERE id = ?').run(name, id)
      changed(id)
      return get(id)
    },

    delete: (ids: readonly string[]) => setDeleted(ids, new Date().toISOString()),
    restore: (ids: readonly string[]) => setDeleted(ids, null),
  }

  /**
   * Ids of one page, and how many runs there are in all. Both in one pass over the runs where there is a filter to apply
   * to each; without one, counting and the first of an index are quicker apart.
   */
  function page({ where, values, order, limit, offset, isFiltered }: RunPage): { ids: string[]; total: number } {
    const count = () =>
      sqlite.prepare<unknown[], { total: number }>(`SELECT count(*) AS total ${where}`).get(...values)?.total ?? 0
    const total = isFiltered ? 'count(*) OVER ()' : '0'
    const rows = sqlite
      .prepare<unknown[], { id: string; total: number }>(
        `SELECT run.id, ${total} AS total ${where} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
      )
      .all(...values, ...order.values, limit, offset)
    return { ids: rows.map(({ id }) => id), total: (isFiltered ? rows[0]?.total : undefined) ?? count() }
  }

  function setDeleted(ids: readonly string[], at: string | null): { ids: string[] } {
    context.assertWritable()
    const update = sqlite.prepare('UPDATE run SET deleted_at = ? WHERE id = ?')
    context.database.transaction(() => {
      for (const id of ids) {
        row(id)
        update.run(at, id)
      }
    })
    context.changed({ topic: 'runs', id: null })
    return { ids: [...ids] }
  }

  return service
}

export type RunsService = ReturnType<typeof createRunsService>
