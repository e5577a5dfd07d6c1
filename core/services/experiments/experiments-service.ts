import type { Experiment } from '../../../shared/domain/training.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { newId } from '../../storage/ids.ts'
import type { ServiceContext } from '../service-context.ts'

const columns = `experiment.id, experiment.name, experiment.created_at AS createdAt, experiment.deleted_at AS deletedAt,
  (SELECT count(*) FROM run WHERE run.experiment_id = experiment.id AND run.deleted_at IS NULL) AS runs,
  (SELECT max(started_at) FROM run WHERE run.experiment_id = experiment.id AND run.deleted_at IS NULL) AS lastRunAt`

/** Groups of runs. */
export function createExperimentsService(context: ServiceContext) {
  const { sqlite } = context.database
  const select = sqlite.prepare<[string], Experiment>(`SELECT ${columns} FROM experiment WHERE id = ?`)
  const selectByJob = sqlite.prepare<[string], { id: string }>('SELECT id FROM experiment WHERE job_id = ?')
  const selectByName = sqlite.prepare<[string], { id: string }>(
    'SELECT id FROM experiment WHERE name = ? AND deleted_at IS NULL',
  )

  function get(id: string): Experiment {
    const found = select.get(id)
    if (!found)
      throw new MaestroError(
        'NOT_FOUND',
        `There is no experiment ${id}.`,
        'The list of experiments shows those there are.',
        { id },
      )
    return found
  }

  function freeName(wanted: string): string {
    if (!selectByName.get(wanted)) return wanted
    for (let number = 2; ; number++) if (!selectByName.get(`${wanted} (${number})`)) return `${wanted} (${number})`
  }

  function setDeleted(id: string, at: string | null): Experiment {
    context.assertWritable()
    const { name, deletedAt } = get(id)
    if ((deletedAt === null) === (at === null)) return get(id)
    const restoredName = at === null ? freeName(name) : name
    sqlite
      .prepare('UPDATE experiment SET deleted_at = ?, name = ?, updated_at = ? WHERE id = ?')
      .run(at, restoredName, new Date().toISOString(), id)
    context.changed({ topic: 'experiments', id })
    return get(id)
  }

  return {
    get,
    list: (deleted: boolean): Experiment[] =>
      sqlite
        .prepare<[], Experiment>(
          `SELECT ${columns} FROM experiment WHERE deleted_at IS ${deleted ? 'NOT NULL' : 'NULL'} ORDER BY coalesce(lastRunAt, created_at) DESC, id DESC`,
        )
        .all(),
    /** A new experiment; where the name is taken, a number is added. */
    createExperiment(name: string, jobId: string | null = null): Experiment {
      const id = newId()
      const now = new Date().toISOString()
      context.database.transaction(() => {
        sqlite
          .prepare('INSERT INTO experiment (id, name, job_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?)')
          .run(id, freeName(name), jobId, now, now)
      })
      context.changed({ topic: 'experiments', id })
      return get(id)
    },
    /** The experiment that a job made, if it has. */
    ofJob: (jobId: string): Experiment | null => {
      const found = selectByJob.get(jobId)
      return found ? get(found.id) : null
    },
    setJob(id: string, jobId: string): void {
      sqlite.prepare('UPDATE experiment SET job_id = ? WHERE id = ?').run(jobId, id)
    },
    rename(id: string, name: string): Experiment {
      context.assertWritable()
      get(id)
      const taken = selectByName.get(name)
      if (taken && taken.id !== id)
        throw new MaestroError('NAME_TAKEN', `There is an experiment named ${name} already.`, 'Choose another name.')
      sqlite
        .prepare('UPDATE experiment SET name = ?, updated_at = ? WHERE id = ?')
        .run(name, new Date().toISOString(), id)
      context.changed({ topic: 'experiments', id })
      return get(id)
    },
    delete: (id: string) => setDeleted(id, new Date().toISOString()),
    restore: (id: string) => setDeleted(id, null),
  }
}

export type ExperimentsService = ReturnType<typeof createExperimentsService>
