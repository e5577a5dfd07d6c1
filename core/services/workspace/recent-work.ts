import type BetterSqlite3 from 'better-sqlite3'
import { hrefOf } from './find-by-text.ts'

export interface RecentItem {
  readonly kind: 'dataset' | 'experiment' | 'version'
  readonly id: string
  readonly title: string
  readonly detail: string
  /** Route in the window. */
  readonly href: string
  readonly time: string
}

/** What was worked on last, of every kind, newest first. */
export function createRecentWork(sqlite: BetterSqlite3.Database): (limit: number) => RecentItem[] {
  const select = sqlite.prepare<[number], Omit<RecentItem, 'href'> & { route: string }>(
    `SELECT * FROM (
       SELECT 'dataset' AS kind, d.id, d.name AS title, v.rows || ' rows × ' || v.column_count || ' columns' AS detail,
         v.created_at AS time, json_array('data', d.name) AS route
       FROM dataset d JOIN dataset_version v ON v.dataset_id = d.id
       WHERE d.deleted_at IS NULL AND v.version = (SELECT max(version) FROM dataset_version WHERE dataset_id = d.id)
       UNION ALL
       SELECT 'experiment', e.id, e.name,
         (SELECT count(*) FROM run WHERE experiment_id = e.id AND deleted_at IS NULL) || ' runs',
         coalesce((SELECT max(started_at) FROM run WHERE experiment_id = e.id AND deleted_at IS NULL), e.created_at),
         json_array('experiments', e.id)
       FROM experiment e WHERE e.deleted_at IS NULL
       UNION ALL
       SELECT 'version', v.id, m.name || ' / ' || v.version, v.learner, v.created_at, json_array('models', m.name, v.version)
       FROM model_version v JOIN registered_model m ON m.id = v.model_id
       WHERE v.deleted_at IS NULL AND m.deleted_at IS NULL
     ) ORDER BY time DESC, id DESC LIMIT ?`,
  )
  return (limit) =>
    select.all(limit).map(({ route, ...item }) => ({ ...item, href: hrefOf(JSON.parse(route) as unknown[]) }))
}
