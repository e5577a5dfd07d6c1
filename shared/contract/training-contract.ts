import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { job, jobKind, jobState, logLine } from '../domain/jobs.ts'
import { automlSpecification, automlState, experiment, metricPoint, run, runDetail } from '../domain/training.ts'
import { id, metricName, name, task } from '../domain/values.ts'
import { command, query } from './base.ts'

const jobReference = z.object({ id })

export const trainingContract = {
  jobs: {
    list: query('jobs:read', '/jobs')
      .input(
        z
          .object({
            state: jobState.optional(),
            kind: jobKind.optional(),
            limit: z.coerce.number().int().min(1).max(1_000).default(100),
          })
          .prefault({}),
      )
      .output(z.object({ jobs: z.array(job) })),
    get: query('jobs:read', '/jobs/{id}').input(jobReference).output(job),
    /** The job now and at each change, at most four times a second; ends with its terminal state. */
    watch: query('jobs:read', '/jobs/{id}/watch').input(jobReference).output(eventIterator(job)),
    cancel: command('jobs:control', '/jobs/{id}/cancel').input(jobReference).output(job),
    resume: command('jobs:control', '/jobs/{id}/resume').input(jobReference).output(job),
    log: query('jobs:read', '/jobs/{id}/log')
      .input(
        jobReference.extend({
          after: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
        }),
      )
      .output(z.object({ lines: z.array(logLine), next: z.int() })),
  },
  automl: {
    start: command('automl:run', '/automl/jobs')
      .input(automlSpecification)
      .output(z.object({ job, experimentId: id })),
    /** By the job or by the experiment it made. */
    get: query('runs:read', '/automl/jobs/{id}').input(jobReference).output(automlState),
    watch: query('runs:read', '/automl/jobs/{id}/watch').input(jobReference).output(eventIterator(automlState)),
    /** Ends the search now and finishes with what it has (ensemble, export, parity). */
    stop: command('automl:run', '/automl/jobs/{id}/stop').input(jobReference).output(job),
    learners: query('runs:read', '/automl/learners').output(
      z.array(z.object({ name: z.string(), title: z.string(), tasks: z.array(task), description: z.string() })),
    ),
    metrics: query('runs:read', '/automl/metrics').output(
      z.array(
        z.object({
          name: metricName,
          title: z.string(),
          plain: z.string(),
          tasks: z.array(task),
          lessIsBetter: z.boolean(),
        }),
      ),
    ),
  },
  experiments: {
    list: query('runs:read', '/experiments')
      .input(z.object({ deleted: z.coerce.boolean().default(false) }).prefault({}))
      .output(z.object({ experiments: z.array(experiment) })),
    get: query('runs:read', '/experiments/{id}').input(z.object({ id })).output(experiment),
    rename: command('runs:write', '/experiments/{id}', 'PATCH').input(z.object({ id, name })).output(experiment),
    delete: command('runs:write', '/experiments/{id}/delete').input(z.object({ id })).output(experiment),
    restore: command('runs:write', '/experiments/{id}/restore').input(z.object({ id })).output(experiment),
  },
  runs: {
    /** Filter and order in MLflow's language: `metrics.roc_auc > 0.8 and params.learner = 'gbdt'`, `metrics.roc_auc DESC`. */
    list: command('runs:read', '/runs/search')
      .input(
        z
          .object({
            experimentIds: z.array(id).default([]),
            filter: z.string().max(5_000).default(''),
            order: z.string().max(500).default(''),
            limit: z.int().min(1).max(5_000).default(100),
            page: z.string().nullable().default(null),
            deleted: z.boolean().default(false),
          })
          .prefault({}),
      )
      .output(z.object({ runs: z.array(run), nextPage: z.string().nullable(), total: z.int() })),
    get: query('runs:read', '/runs/{id}').input(z.object({ id })).output(runDetail),
    /** Every point of one metric, by step. */
    metricHistory: query('runs:read', '/runs/{id}/metrics')
      .input(z.object({ id, key: z.string() }))
      .output(z.object({ points: z.array(metricPoint) })),
    compare: command('runs:read', '/runs/compare')
      .input(z.object({ ids: z.array(id).min(2).max(20) }))
      .output(
        z.object({
          runs: z.array(run),
          /** One row a parameter or metric, with a value for each run (null: it has none) and whether they differ. */
          params: z.array(z.object({ key: z.string(), values: z.array(z.string().nullable()), differs: z.boolean() })),
          metrics: z.array(z.object({ key: z.string(), values: z.array(z.number().nullable()), differs: z.boolean() })),
          tags: z.array(z.object({ key: z.string(), values: z.array(z.string().nullable()), differs: z.boolean() })),
        }),
      ),
    tag: command('runs:write', '/runs/{id}/tags')
      .input(z.object({ id, key: z.string(), value: z.string().nullable() }))
      .output(run),
    rename: command('runs:write', '/runs/{id}', 'PATCH').input(z.object({ id, name })).output(run),
    delete: command('runs:write', '/runs/delete')
      .input(z.object({ ids: z.array(id).min(1).max(10_000) }))
      .output(z.object({ ids: z.array(id) })),
    restore: command('runs:write', '/runs/restore')
      .input(z.object({ ids: z.array(id).min(1).max(10_000) }))
      .output(z.object({ ids: z.array(id) })),
  },
}
