import type BetterSqlite3 from 'better-sqlite3'
import type { Lineage } from '../../../shared/domain/models.ts'
import { predictSpecification } from '../predict/predict-specification.ts'

export type LineageNode = Lineage['nodes'][number]
export type LineageEdge = Lineage['edges'][number]

/** A step from a node to the next: the other node, and how the edge between them is called. */
export interface LineageStep {
  readonly node: LineageNode
  readonly label: string
}

/** Predictions of one version that are shown by themselves; the earlier ones are one node. */
const shownPredictions = 20
/** Versions that came of one dataset or run. */
const shownVersions = 500

interface VersionRow {
  id: string
  name: string
  version: number
  state: string
  deletedAt: string | null
  digest: string
  fileName: string | null
  runId: string | null
  datasetId: string | null
}

const versionColumns = `v.id, m.name, v.version, v.state, coalesce(v.deleted_at, m.deleted_at) AS deletedAt, v.digest,
  v.file_name AS fileName, v.run_id AS runId, v.dataset_version_id AS datasetId`
const versionTables = 'model_version v JOIN registered_model m ON m.id = v.model_id'
const living = 'v.deleted_at IS NULL AND m.deleted_at IS NULL'

/** What leads to a thing and what comes of it, one step at a time, from the tables. */
export function createLineageRows(sqlite: BetterSqlite3.Database) {
  const rows = <Row>(sql: string) => sqlite.prepare<unknown[], Row>(sql)
  const selectVersion = rows<VersionRow>(`SELECT ${versionColumns} FROM ${versionTables} WHERE v.id = ?`)
  const selectRun = rows<{ id: string; name: string; experiment: string }>(
    'SELECT run.id, run.name, e.name AS experiment FROM run JOIN experiment e ON e.id = run.experiment_id WHERE run.id = ?',
  )
  const selectDataset = rows<{ id: string; name: string; version: number; rows: number; deletedAt: string | null }>(
    `SELECT v.id, d.name, v.version, v.rows, d.deleted_at AS deletedAt FROM dataset_version v
     JOIN dataset d ON d.id = v.dataset_id WHERE v.id = ?`,
  )
  const inputsOfRun = rows<{ id: string }>(
    'SELECT DISTINCT dataset_version_id AS id FROM run_input WHERE run_id = ? AND dataset_version_id IS NOT NULL',
  )
  const versionsOfRun = rows<VersionRow>(
    `SELECT ${versionColumns} FROM ${versionTables} WHERE v.run_id = ? AND ${living} ORDER BY v.created_at LIMIT ${shownVersions}`,
  )
  const versionsOfDataset = rows<VersionRow>(
    `SELECT ${versionColumns} FROM ${versionTables} WHERE v.dataset_version_id = ? AND ${living} ORDER BY v.created_at LIMIT ${shownVersions}`,
  )
  const runsOfDataset = rows<{ experimentId: string; experiment: string; runs: number }>(
    `SELECT e.id AS experimentId, e.name AS experiment, count(*) AS runs FROM run_input i JOIN run ON run.id = i.run_id
     JOIN experiment e ON e.id = run.experiment_id
     WHERE i.dataset_version_id = ? AND run.deleted_at IS NULL AND e.deleted_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM ${versionTables} WHERE v.run_id = run.id AND ${living})
     GROUP BY e.id ORDER BY max(run.started_at) DESC LIMIT 20`,
  )
  const aliasesOfVersion = rows<{ alias: string; modelId: string; name: string }>(
    `SELECT a.alias, a.model_id AS modelId, m.name FROM model_alias a JOIN registered_model m ON m.id = a.model_id
     JOIN model_version v ON v.id = a.version_id WHERE a.version_id = ? AND v.deleted_at IS NULL ORDER BY a.alias`,
  )
  // A prediction job's specification names the files that it reads, which are named by their digests.
  const jobsReading = rows<{ id: string; title: string; endedAt: string; specification: string }>(
    `SELECT id, title, ended_at AS endedAt, specification FROM job
     WHERE kind = 'predict' AND state = 'succeeded' AND instr(specification, ?) > 0 ORDER BY ended_at DESC, id DESC`,
  )
  const columnsOfDataset = rows<{ digest: string }>('SELECT columns_blob AS digest FROM dataset_version WHERE id = ?')
  const decisions = governanceRows(sqlite)

  const step = (node: LineageNode | null, label: string): LineageStep[] => (node === null ? [] : [{ node, label }])

  function versionNode(row: VersionRow): LineageNode {
    const { id, name, version, state, deletedAt } = row
    return {
      id: `version:${id}`,
      type: 'version',
      label: `${name} / ${version}`,
      detail: deletedAt !== null ? 'in the trash' : state === 'none' ? '' : state,
      href: `/models/${encodeURIComponent(name)}/${version}`,
    }
  }

  function datasetNode(id: string): LineageNode | null {
    const row = selectDataset.get(id)
    if (!row) return null
    return {
      id: `dataset:${id}`,
      type: 'dataset',
      label: `${row.name} / ${row.version}`,
      detail: row.deletedAt === null ? `${row.rows} rows` : 'in the trash',
      href: `/data/${encodeURIComponent(row.name)}`,
    }
  }

  function runNode(id: string): LineageNode | null {
    const row = selectRun.get(id)
    return row ? { id: `run:${id}`, type: 'run', label: row.name, detail: row.experiment, href: `/runs/${id}` } : null
  }

  function before({ id: nodeId, type }: LineageNode): LineageStep[] {
    const id = nodeId.slice(nodeId.indexOf(':') + 1)
    if (type === 'run') return inputsOfRun.all(id).flatMap((input) => step(datasetNode(input.id), 'trained'))
    if (type !== 'version') return []
    const row = selectVersion.get(id)
    if (!row) return []
    if (row.runId !== null) {
      const known = new Set(inputsOfRun.all(row.runId).map((input) => input.id))
      return [
        ...step(runNode(row.runId), 'registered as'),
        ...(row.datasetId !== null && !known.has(row.datasetId) ? step(datasetNode(row.datasetId), 'trained') : []),
      ]
    }
    return [
      ...(row.fileName === null
        ? []
        : step(
            { id: `file:${row.digest}`, type: 'file', label: row.fileName, detail: 'imported', href: null },
            'imported as',
          )),
      ...(row.datasetId === null ? [] : step(datasetNode(row.datasetId), 'sample for')),
    ]
  }

  function afterDataset(id: string): LineageStep[] {
    const trained = versionsOfDataset.all(id).flatMap((version) => {
      const run = version.runId !== null ? runNode(version.runId) : null
      return run && inputsOfRun.all(version.runId).some((input) => input.id === id)
        ? step(run, 'trained')
        : step(versionNode(version), version.runId === null ? 'sample for' : 'trained')
    })
    const others = runsOfDataset.all(id).map(({ experimentId, experiment, runs }) => ({
      node: {
        id: `runs:${id}:${experimentId}`,
        type: 'run' as const,
        label: `${runs} ${runs === 1 ? 'run' : 'runs'} not registered`,
        detail: experiment,
        href: `/experiments/${experimentId}`,
      },
      label: 'trained',
    }))
    const digest = columnsOfDataset.get(id)?.digest
    return [...trained, ...others, ...(digest === undefined ? [] : predictions(digest, 'scored', `of:${id}`))]
  }

  function afterVersion(id: string): LineageStep[] {
    const row = selectVersion.get(id)
    if (!row) return []
    const aliases = aliasesOfVersion.all(id).map(({ alias, modelId, name }) => ({
      node: {
        id: `alias:${modelId}:${alias}`,
        type: 'alias' as const,
        label: `@${alias}`,
        detail: name,
        href: null,
      },
      label: 'is',
    }))
    return [...aliases, ...decisions.ofVersion(id), ...predictions(row.digest, 'predicted', `by:${id}`)]
  }

  /** Prediction jobs that read a file: the last ones each, those before in one. */
  function predictions(digest: string, label: string, of: string): LineageStep[] {
    const jobs = jobsReading.all(digest.replace('sha256:', ''))
    const shown = jobs.slice(0, shownPredictions).map(({ id, title, endedAt, specification }) => ({
      node: {
        id: `prediction:${id}`,
        type: 'prediction' as const,
        label: predictSpecification.shape.table.parse((JSON.parse(specification) as { table: unknown }).table).name,
        detail: `${title}, ${endedAt.slice(0, 16).replace('T', ' ')} UTC`,
        href: null,
      },
      label,
    }))
    const rest = jobs.length - shown.length
    if (rest === 0) return shown
    const older: LineageNode = {
      id: `predictions:${of}`,
      type: 'prediction',
      label: `${rest} earlier predictions`,
      detail: '',
      href: null,
    }
    return [...shown, { node: older, label }]
  }

  function after({ id: nodeId, type }: LineageNode): LineageStep[] {
    if (nodeId.startsWith('runs:')) return []
    const id = nodeId.slice(nodeId.indexOf(':') + 1)
    if (type === 'dataset') return afterDataset(id)
    if (type === 'run') return versionsOfRun.all(id).map((row) => ({ node: versionNode(row), label: 'registered as' }))
    if (type === 'version') return afterVersion(id)
    return type === 'approval' ? decisions.ofApproval(id) : []
  }

  return {
    version(id: string): LineageNode | null {
      const row = selectVersion.get(id)
      return row ? versionNode(row) : null
    },
    dataset: datasetNode,
    before,
    after,
  }
}

/** Approvals and deployments. */
function governanceRows(sqlite: BetterSqlite3.Database) {
  const approvals = sqlite.prepare<[string], { id: string; tier: string; state: string; closed: string | null }>(
    'SELECT id, tier, state, closed FROM approval WHERE version_id = ? ORDER BY submitted_at, id',
  )
  const selectDeployments = (where: string) =>
    sqlite.prepare<[string], { id: number; slot: string; endedAt: string | null }>(
      `SELECT id, slot, ended_at AS endedAt FROM deployment WHERE ${where} ORDER BY started_at, id`,
    )
  const withoutApproval = selectDeployments('version_id = ? AND approval_id IS NULL')
  const byApproval = selectDeployments('approval_id = ?')
  const deployment = ({ id, slot, endedAt }: { id: number; slot: string; endedAt: string | null }): LineageNode => ({
    id: `deployment:${id}`,
    type: 'deployment',
    label: slot,
    detail: endedAt === null ? 'there now' : `until ${endedAt}`,
    href: null,
  })
  return {
    ofVersion: (versionId: string): LineageStep[] => [
      ...approvals.all(versionId).map(({ id, tier, state, closed }) => ({
        node: {
          id: `approval:${id}`,
          type: 'approval' as const,
          label: `approval (${tier})`,
          detail: closed ?? state,
          href: `/approvals/${id}`,
        },
        label: 'submitted as',
      })),
      ...withoutApproval.all(versionId).map((row) => ({ node: deployment(row), label: 'deployed to' })),
    ],
    ofApproval: (approvalId: string): LineageStep[] =>
      byApproval.all(approvalId).map((row) => ({ node: deployment(row), label: 'allowed' })),
  }
}

export type LineageRows = ReturnType<typeof createLineageRows>
