import type { Condition, FilterScope } from '../../filters/filter-language.ts'
import { parseFilter, parseOrder } from '../../filters/filter-language.ts'

/** Runs under the name `run`. */
const runs: FilterScope = {
  hint: "Write conditions such as metrics.roc_auc > 0.8 and params.learner = 'gradient_boosting', joined by and.",
  attributes: new Map(
    Object.entries({
      run_id: { sql: 'run.id', kind: 'text' },
      run_name: { sql: 'run.name', kind: 'text' },
      name: { sql: 'run.name', kind: 'text' },
      status: { sql: 'run.status', kind: 'text' },
      start_time: { sql: 'run.started_at', kind: 'time' },
      started_at: { sql: 'run.started_at', kind: 'time' },
      end_time: { sql: 'run.ended_at', kind: 'time' },
      ended_at: { sql: 'run.ended_at', kind: 'time' },
      experiment_id: { sql: 'run.experiment_id', kind: 'text' },
      experiment: { sql: '(SELECT name FROM experiment WHERE experiment.id = run.experiment_id)', kind: 'text' },
    }),
  ),
  attributeWords: ['run'],
  metric: '(SELECT value FROM run_latest_metric WHERE run_id = run.id AND key = ? AND is_nan = 0)',
  param: '(SELECT value FROM run_param WHERE run_id = run.id AND key = ?)',
  tag: '(SELECT value FROM run_tag WHERE run_id = run.id AND key = ?)',
  lastOrder: ['run.started_at DESC', 'run.id DESC'],
}

/** A filter over runs in MLflow's language, as SQL over the table `run`; see `parseFilter`. */
export const parseRunFilter = (filter: string): Condition => parseFilter(runs, filter)

/** `metrics.roc_auc DESC, attributes.start_time` as SQL. */
export const parseRunOrder = (order: string): Condition => parseOrder(runs, order)
