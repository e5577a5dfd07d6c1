import type BetterSqlite3 from 'better-sqlite3'
import type { Job, JobError, JobKind, JobProgress, JobState, LogLine } from '../../shared/domain/jobs.ts'
import { jobTransitions } from '../../shared/domain/jobs.ts'
import { MaestroError } from '../../shared/errors.ts'

/** A job with what only the host needs of it. */
export interface StoredJob {
  readonly job: Job
  readonly specification: unknown
  /** How many times it was started. */
  readonly attempts: number
  /** Who asked for it; null where that is not known. */
  readonly actor: string | null
}

/** What a state change stores beside the state. */
export interface JobChange {
  readonly progress?: JobProgress
  readonly message?: string
  readonly error?: JobError | null
  readonly result?: Record<string, unknown> | null
  readonly startedAt?: string | null
  readonly endedAt?: string | null
  readonly attempts?: number
}

interface JobRow {
  id: string
  kind: JobKind
  state: JobState
  title: string
  specification: string
  progress: string
  message: string
  error: string | null
  result: string | null
  subject_type: Job['subject']['type']
  subject_id: string
  subject_name: string
  resumable: number
  attempts: number
  actor: string | null
  created_at: string
  started_at: string | null
  ended_at: string | null
}

/** The rows of jobs and of their logs. Each call is one durable transaction. */
export function createJobStore(sqlite: BetterSqlite3.Database) {
  const insert = sqlite.prepare<[JobRow]>(
    `INSERT INTO job (id, kind, state, title, specification, progress, message, error, result, subject_type, subject_id,
       subject_name, resumable, attempts, actor, created_at, started_at, ended_at)
     VALUES (@id, @kind, @state, @title, @specification, @progress, @message, @error, @result, @subject_type, @subject_id,
       @subject_name, @resumable, @attempts, @actor, @created_at, @started_at, @ended_at)`,
  )
  const select = sqlite.prepare<[string], JobRow>('SELECT * FROM job WHERE id = ?')
  const update = sqlite.prepare<[Partial<JobRow> & { from: JobState }]>(
    `UPDATE job SET state = @state, progress = @progress, message = @message, error = @error, result = @result,
       attempts = @attempts, started_at = @started_at, ended_at = @ended_at
     WHERE id = @id AND state = @from`,
  )
  const updateProgress = sqlite.prepare<[string, string]>(
    "UPDATE job SET progress = ? WHERE id = ? AND state = 'running'",
  )
  // Within a millisecond the row's number tells which came first.
  const selectList = sqlite.prepare<[{ state: string | null; kind: string | null; limit: number }], JobRow>(
    `SELECT * FROM job WHERE (@state IS NULL OR state = @state) AND (@kind IS NULL OR kind = @kind)
     ORDER BY created_at DESC, rowid DESC LIMIT @limit`,
  )
  const selectUnfinished = sqlite.prepare<[], JobRow>(
    "SELECT * FROM job WHERE state IN ('queued', 'running') ORDER BY created_at, rowid",
  )
  const insertLine = sqlite.prepare<[string, string, string, string]>(
    'INSERT INTO job_log (job_id, time, level, message) VALUES (?, ?, ?, ?)',
  )
  const selectLines = sqlite.prepare<[string, number, number], LogLine & { id: number }>(
    'SELECT id, time, level, message FROM job_log WHERE job_id = ? AND id > ? ORDER BY id LIMIT ?',
  )
  const countLines = sqlite.prepare<[string], { count: number }>(
    'SELECT count(*) AS count FROM job_log WHERE job_id = ?',
  )

  const insertLines = sqlite.transaction((id: string, lines: readonly LogLine[]) => {
    for (const { time, level, message } of lines) insertLine.run(id, time, level, message)
  })

  function find(id: string): StoredJob {
    const row = select.get(id)
    if (!row)
      throw new MaestroError('NOT_FOUND', `There is no job ${id}.`, 'jobs list shows the jobs there are.', { id })
    return fromRow(row)
  }

  return {
    insert(job: Job, specification: unknown, actor: string | null): void {
      insert.run(toRow({ job, specification, attempts: 0, actor }))
    },
    find,
    list: (filter: { state?: JobState | undefined; kind?: JobKind | undefined; limit?: number | undefined }): Job[] =>
      selectList
        .all({ state: filter.state ?? null, kind: filter.kind ?? null, limit: filter.limit ?? 100 })
        .map((row) => fromRow(row).job),
    /** Queued and running ones, oldest first. */
    unfinished: (): StoredJob[] => selectUnfinished.all().map(fromRow),
    /** Makes one of the changes that jobTransitions allows; throws STATE_REFUSED for every other. */
    transition(id: string, to: JobState, { attempts: nextAttempts, ...change }: JobChange): StoredJob {
      const { job, specification, attempts, actor } = find(id)
      if (!jobTransitions[job.state].includes(to)) {
        throw new MaestroError('STATE_REFUSED', `The job is ${job.state}; it cannot become ${to}.`, '', {
          id,
          state: job.state,
        })
      }
      const next: StoredJob = {
        job: { ...job, ...change, state: to },
        specification,
        attempts: nextAttempts ?? attempts,
        actor,
      }
      update.run({ ...toRow(next), from: job.state })
      return next
    },
    saveProgress(id: string, progress: JobProgress): void {
      updateProgress.run(JSON.stringify(progress), id)
    },
    appendLog(id: string, lines: readonly LogLine[]): void {
      insertLines(id, lines)
    },
    logLength: (id: string): number => countLines.get(id)?.count ?? 0,
    /** Lines after the one numbered `after`; `next` is the number to ask with the next time. */
    log(id: string, after: number, limit: number): { lines: LogLine[]; next: number } {
      find(id)
      const rows = selectLines.all(id, after, limit)
      return {
        lines: rows.map(({ time, level, message }) => ({ time, level, message })),
        next: rows.at(-1)?.id ?? after,
      }
    },
  }
}

export type JobStore = ReturnType<typeof createJobStore>

function toRow({ job, specification, attempts, actor }: StoredJob): JobRow {
  return {
    id: job.id,
    kind: job.kind,
    state: job.state,
    title: job.title,
    specification: JSON.stringify(specification),
    progress: JSON.stringify(job.progress),
    message: job.message,
    error: job.error && JSON.stringify(job.error),
    result: job.result && JSON.stringify(job.result),
    subject_type: job.subject.type,
    subject_id: job.subject.id,
    subject_name: job.subject.name,
    resumable: Number(job.resumable),
    attempts,
    actor,
    created_at: job.createdAt,
    started_at: job.startedAt,
    ended_at: job.endedAt,
  }
}

function fromRow(row: JobRow): StoredJob {
  const job: Job = {
    id: row.id,
    kind: row.kind,
    state: row.state,
    title: row.title,
    progress: JSON.parse(row.progress) as JobProgress,
    message: row.message,
    error: row.error === null ? null : (JSON.parse(row.error) as JobError),
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    resumable: row.resumable === 1,
    subject: { type: row.subject_type, id: row.subject_id, name: row.subject_name },
    result: row.result === null ? null : (JSON.parse(row.result) as Record<string, unknown>),
  }
  return { job, specification: JSON.parse(row.specification), attempts: row.attempts, actor: row.actor }
}
