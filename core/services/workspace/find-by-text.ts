import type BetterSqlite3 from 'better-sqlite3'

export interface SearchHit {
  readonly kind: 'dataset' | 'experiment' | 'run' | 'model' | 'version' | 'job'
  readonly title: string
  readonly detail: string
  /** Route in the window. */
  readonly href: string
}

/** Everything that has a page: its title, what else finds it, and the parts of its route as a JSON array. */
const everything = `
  SELECT 'dataset' AS kind, id, name AS title, 'dataset' AS detail, '' AS words, json_array('data', name) AS route
    FROM dataset WHERE deleted_at IS NULL
  UNION ALL SELECT 'model', id, name, 'model', '', json_array('models', name)
    FROM registered_model WHERE deleted_at IS NULL
  UNION ALL SELECT 'version', v.id, m.name || ' / ' || v.version, 'version',
      m.name || '/' || v.version || coalesce((SELECT group_concat(' @' || alias, '') FROM model_alias WHERE version_id = v.id), ''),
      json_array('models', m.name, v.version)
    FROM model_version v JOIN registered_model m ON m.id = v.model_id WHERE v.deleted_at IS NULL AND m.deleted_at IS NULL
  UNION ALL SELECT 'experiment', id, name, 'experiment', '', json_array('experiments', id)
    FROM experiment WHERE deleted_at IS NULL
  UNION ALL SELECT 'run', run.id, run.name, experiment.name, '', json_array('runs', run.id)
    FROM run JOIN experiment ON experiment.id = run.experiment_id
    WHERE run.deleted_at IS NULL AND experiment.deleted_at IS NULL
  UNION ALL SELECT 'job', id, title, state, '', json_array('automl', id) FROM job WHERE kind = 'automl'`

/** As many words as anybody types; more would only slow every row down. */
const mostWords = 8

/**
 * Finds everything whose title, or what stands beside it, has all words of a text, whatever their case; or whose id it is.
 * What is named so comes first, then what starts so, then shorter titles.
 */
export function createTextSearch(sqlite: BetterSqlite3.Database): (text: string, limit: number) => SearchHit[] {
  sqlite.function('fold', { deterministic: true, directOnly: true }, (text) => fold(String(text)))
  return (text, limit) => {
    const words = fold(text)
      .split(/\s+/)
      .filter((word) => word !== '')
      .slice(0, mostWords)
    if (words.length === 0) return []
    const wanted = words.join(' ')
    // SQLite's own lower() is ten times as fast, but knows no letters beyond ASCII.
    const lower = /[^ -~]/.test(wanted) ? 'fold' : 'lower'
    return sqlite
      .prepare<unknown[], Omit<SearchHit, 'href'> & { route: string }>(
        `WITH everything AS MATERIALIZED (
           SELECT *, ${lower}(title || ' ' || detail || ' ' || words) AS haystack FROM (${everything})
         )
         SELECT kind, title, detail, route FROM everything
         WHERE id = ? OR (${words.map(() => 'instr(haystack, ?) > 0').join(' AND ')})
         ORDER BY ${lower}(title) <> ?, instr(haystack, ?) <> 1, length(title), title, id LIMIT ?`,
      )
      .all(text.trim(), ...words, wanted, words[0], limit)
      .map(({ kind, title, detail, route }) => ({ kind, title, detail, href: hrefOf(JSON.parse(route) as unknown[]) }))
  }
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** A route of the window from its parts, whatever signs they have. */
export function hrefOf(parts: readonly unknown[]): string {
  return `/${parts.map((part) => encodeURIComponent(String(part))).join('/')}`
}
