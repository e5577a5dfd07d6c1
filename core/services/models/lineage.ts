import type BetterSqlite3 from 'better-sqlite3'
import type { Lineage } from '../../../shared/domain/models.ts'
import type { VersionRow } from './model-rows.ts'

type Node = Lineage['nodes'][number]
type Edge = Lineage['edges'][number]

/** Dataset → run → version → alias, with the other versions that came of the same run or data. */
export function lineageOf(sqlite: BetterSqlite3.Database, version: VersionRow): Lineage {
  const nodes = new Map<string, Node>()
  const edges: Edge[] = []
  const add = (node: Node) => void nodes.set(node.id, node)
  const versionNode = (row: { id: string; modelName: string; version: number; state: string }): Node => ({
    id: `version:${row.id}`,
    type: 'version',
    label: `${row.modelName} / ${row.version}`,
    detail: row.state === 'none' ? '' : row.state,
    href: `/models/${encodeURIComponent(row.modelName)}/${row.version}`,
  })
  add(versionNode(version))

  if (version.runId) {
    const run = sqlite
      .prepare<[string], { id: string; name: string; status: string; experiment: string }>(
        'SELECT run.id, run.name, run.status, experiment.name AS experiment FROM run JOIN experiment ON experiment.id = run.experiment_id WHERE run.id = ?',
      )
      .get(version.runId)
    if (run) {
      add({ id: `run:${run.id}`, type: 'run', label: run.name, detail: run.experiment, href: `/runs/${run.id}` })
      edges.push({ from: `run:${run.id}`, to: `version:${version.id}`, label: 'registered as' })
    }
  } else if (version.fileName) {
    add({ id: `file:${version.digest}`, type: 'file', label: version.fileName, detail: 'imported', href: null })
    edges.push({ from: `file:${version.digest}`, to: `version:${version.id}`, label: 'imported as' })
  }

  if (version.datasetVersionId) {
    const dataset = sqlite
      .prepare<[string], { id: string; name: string; version: number; rows: number }>(
        'SELECT dataset_version.id, dataset.name, dataset_version.version, dataset_version.rows FROM dataset_version JOIN dataset ON dataset.id = dataset_version.dataset_id WHERE dataset_version.id = ?',
      )
      .get(version.datasetVersionId)
    if (dataset) {
      const id = `dataset:${dataset.id}`
      add({
        id,
        type: 'dataset',
        label: `${dataset.name} / ${dataset.version}`,
        detail: `${dataset.rows} rows`,
        href: `/data/${encodeURIComponent(dataset.name)}`,
      })
      edges.push({
        from: id,
        to: version.runId ? `run:${version.runId}` : `version:${version.id}`,
        label: version.runId ? 'trained' : 'sample for',
      })
      addSiblings(sqlite, version, id, versionNode, add, edges)
    }
  }

  for (const { alias } of sqlite
    .prepare<[string], { alias: string }>(
      'SELECT a.alias FROM model_alias a JOIN model_version v ON v.id = a.version_id WHERE a.version_id = ? AND v.deleted_at IS NULL ORDER BY a.alias',
    )
    .all(version.id)) {
    add({ id: `alias:${alias}`, type: 'alias', label: `@${alias}`, detail: '', href: null })
    edges.push({ from: `version:${version.id}`, to: `alias:${alias}`, label: 'is' })
  }
  return { nodes: [...nodes.values()], edges }
}

/** The other versions made of the same data: what is affected if it is bad. */
function addSiblings(
  sqlite: BetterSqlite3.Database,
  version: VersionRow,
  datasetNode: string,
  versionNode: (row: { id: string; modelName: string; version: number; state: string }) => Node,
  add: (node: Node) => void,
  edges: Edge[],
): void {
  const siblings = sqlite
    .prepare<[string, string], { id: string; modelName: string; version: number; state: string }>(
      `SELECT v.id, m.name AS modelName, v.version, v.state FROM model_version v JOIN registered_model m ON m.id = v.model_id
       WHERE v.dataset_version_id = ? AND v.id <> ? AND v.deleted_at IS NULL AND m.deleted_at IS NULL ORDER BY v.created_at DESC LIMIT 50`,
    )
    .all(version.datasetVersionId as string, version.id)
  for (const sibling of siblings) {
    add(versionNode(sibling))
    edges.push({ from: datasetNode, to: `version:${sibling.id}`, label: 'also trained' })
  }
}
