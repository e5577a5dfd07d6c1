import type { Condition, FilterScope } from '../../filters/filter-language.ts'
import { parseFilter, parseOrder } from '../../filters/filter-language.ts'

/** Versions under the name `v`, with their models as `m`. */
const versions: FilterScope = {
  hint: "Write conditions such as name = 'titanic' and score > 0.8 and tags.team = 'risk', joined by and.",
  attributes: new Map(
    Object.entries({
      name: { sql: 'm.name', kind: 'text' },
      version: { sql: 'v.version', kind: 'number' },
      version_number: { sql: 'v.version', kind: 'number' },
      id: { sql: 'v.id', kind: 'text' },
      run_id: { sql: 'v.run_id', kind: 'text' },
      digest: { sql: 'v.digest', kind: 'text' },
      task: { sql: 'v.task', kind: 'text' },
      learner: { sql: 'v.learner', kind: 'text' },
      metric: { sql: 'v.metric', kind: 'text' },
      score: { sql: 'v.score', kind: 'number' },
      bytes: { sql: 'v.onnx_bytes', kind: 'number' },
      state: { sql: 'v.state', kind: 'text' },
      source: { sql: 'v.source_kind', kind: 'text' },
      description: { sql: 'v.description', kind: 'text' },
      created_at: { sql: 'v.created_at', kind: 'time' },
      creation_timestamp: { sql: 'v.created_at', kind: 'time' },
      alias: { sql: 'SELECT alias AS item FROM model_alias WHERE version_id = v.id', kind: 'set' },
      dataset: {
        sql: '(SELECT d.name FROM dataset_version dv JOIN dataset d ON d.id = dv.dataset_id WHERE dv.id = v.dataset_version_id)',
        kind: 'text',
      },
    }),
  ),
  attributeWords: ['version', 'model'],
  metric: '(SELECT value FROM run_latest_metric WHERE run_id = v.run_id AND key = ? AND is_nan = 0)',
  param: '(SELECT value FROM json_each(v.params) WHERE key = ?)',
  tag: '(SELECT value FROM model_version_tag WHERE version_id = v.id AND key = ?)',
  lastOrder: ['v.created_at DESC', 'v.id DESC'],
}

/** A filter over versions in the language that runs use, as SQL over `model_version v` and `registered_model m`. */
export const parseVersionFilter = (filter: string): Condition => parseFilter(versions, filter)

/** `score DESC, name` as SQL. */
export const parseVersionOrder = (order: string): Condition => parseOrder(versions, order)
