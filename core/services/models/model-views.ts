import type { ModelSummary, Signature, VersionDetail, VersionSummary } from '../../../shared/domain/models.ts'
import type { NativeParity } from '../../../shared/domain/native-parity.ts'
import type { RebuildResult } from '../../../shared/domain/recipes.ts'
import type { ParityCertificate, Performance } from '../../../shared/domain/training.ts'
import { onnxFileStem } from '../../models/onnx-file-stem.ts'
import type { RunsService } from '../runs/runs-service.ts'
import type { ServiceContext } from '../service-context.ts'
import type { ModelRow, ModelRows, VersionNames, VersionRow } from './model-rows.ts'

/** What the registry shows of its rows. */
export function createModelViews(
  { blobs, database: { sqlite } }: Pick<ServiceContext, 'blobs' | 'database'>,
  rows: ModelRows,
  runs: RunsService,
) {
  function summariesOf(found: readonly VersionRow[]): VersionSummary[] {
    const names = rows.namesOf(found.map(({ id }) => id))
    return found.map((row) => summaryWith(row, names.get(row.id) as VersionNames))
  }

  function summaryOf(row: VersionRow): VersionSummary {
    return summariesOf([row])[0] as VersionSummary
  }

  function summaryWith(row: VersionRow, { aliases, tags }: VersionNames): VersionSummary {
    return {
      name: row.modelName,
      version: row.version,
      id: row.id,
      digest: row.digest,
      task: row.task,
      learner: row.learner,
      metric: row.metric,
      score:
        row.score === null
          ? null
          : { value: row.score, low: row.scoreLow ?? row.score, high: row.scoreHigh ?? row.score },
      // Those of a version in the trash wait for it, unless they are given to another one meanwhile.
      aliases: row.deletedAt === null ? [...aliases] : [],
      tags,
      state: row.state,
      createdAt: row.createdAt,
      deletedAt: row.deletedAt,
    }
  }

  function modelSummary(row: ModelRow, brief = false): ModelSummary {
    const isBrief = brief && row.deletedAt === null
    const versions = isBrief
      ? rows.notableVersions(row.id)
      : rows.versions(row.id).filter((each) => row.deletedAt !== null || each.deletedAt === null)
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      tags: rows.modelTags(row.id),
      latestVersion: versions[0]?.version ?? 0,
      versionCount: isBrief ? rows.countVersions(row.id) : versions.length,
      versions: summariesOf(versions),
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
      deletedAt: row.deletedAt,
    }
  }

  function readEvidence(versionId: string, kind: string): unknown {
    const found = rows.evidence(versionId).find((each) => each.kind === kind)
    return found && blobs.has(found.digest) ? JSON.parse(blobs.read(found.digest).toString('utf8')) : null
  }

  function detail(row: VersionRow): VersionDetail {
    const evidence = rows.evidence(row.id)
    return {
      ...summaryOf(row),
      description: row.description,
      onnxBytes: row.onnxBytes,
      signature: JSON.parse(row.signature) as Signature,
      parity: readEvidence(row.id, 'parity') as ParityCertificate | null,
      nativeParity: readEvidence(row.id, 'native-parity') as NativeParity | null,
      performance: readEvidence(row.id, 'performance') as Performance | null,
      approvalId: rows.lastApproval(row.id),
      rebuild: lastRebuild(row.id),
      params: JSON.parse(row.params) as Record<string, string>,
      source: {
        kind: row.sourceKind,
        runId: row.runId,
        experimentId: row.runId ? runs.get(row.runId).experimentId : null,
        file: row.fileName,
      },
      dataset: row.datasetVersionId ? rows.dataset(row.datasetVersionId) : null,
      files: filesOf(row).map(({ path, digest, bytes }) => ({ path, digest, bytes })),
      activity: rows.activity(row.id),
      evidence: evidence.map(({ kind, digest, createdAt }) => ({ kind, digest, createdAt })),
    }
  }

  /** Kept with its job rather than as evidence: looking again must not change what was submitted for approval. */
  function lastRebuild(versionId: string): RebuildResult | null {
    const found = sqlite
      .prepare<[string], { result: string }>(
        "SELECT result FROM job WHERE kind = 'rebuild' AND subject_id = ? AND state = 'succeeded' ORDER BY ended_at DESC LIMIT 1",
      )
      .get(versionId)
    return found ? (JSON.parse(found.result) as RebuildResult) : null
  }

  function filesOf(row: VersionRow): { path: string; digest: string; bytes: number }[] {
    return [
      { path: `${onnxFileStem(row.modelName)}.onnx`, digest: row.digest, bytes: row.onnxBytes },
      ...rows.evidence(row.id).map(({ kind, digest, bytes }) => ({ path: `${kind}.json`, digest, bytes })),
    ]
  }

  return { summariesOf, summaryOf, modelSummary, readEvidence, detail, filesOf }
}
