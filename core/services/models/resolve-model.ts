import { existsSync } from 'node:fs'
import { basename, resolve as resolvePath } from 'node:path'
import type { Signature } from '../../../shared/domain/models.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { BlobStore } from '../../blobs/blob-store.ts'
import type { RunsService } from '../runs/runs-service.ts'
import { parseModelReference } from './model-reference.ts'
import type { VersionRow } from './model-rows.ts'

/** What a reference stands for. */
export interface ResolvedModel {
  readonly kind: 'version' | 'run' | 'file'
  /** "titanic / 3", "run 3f2a…", or the file's name: for titles and messages. */
  readonly label: string
  readonly name: string | null
  readonly version: number | null
  readonly versionId: string | null
  readonly runId: string | null
  readonly onnxPath: string
  readonly onnxDigest: string | null
  /** `pipeline.json`, for what the engine does itself: explanations. Null for files. */
  readonly pipelinePath: string | null
  readonly pipelineDigest: string | null
  /** As it was registered; null for runs and files. */
  readonly signature: Signature | null
  /** The dataset version that it was trained on. */
  readonly datasetVersionId: string | null
}

interface ModelSources {
  readonly runs: RunsService
  version(reference: string): VersionRow
  /** Throws WORKSPACE_DAMAGED where a blob is not what its digest says. */
  assertIntact(digest: string): void
}

/**
 * Any reference to a model: name, name/3, name@alias, version id, run:<id>, or the path of an .onnx file. Throws
 * WORKSPACE_DAMAGED where a version's files are not as they were registered.
 */
export function createModelResolver(
  blobs: BlobStore,
  { runs, version, assertIntact }: ModelSources,
): (reference: string) => ResolvedModel {
  return (reference) => {
    const parsed = parseModelReference(reference)
    if (parsed.kind === 'file') return resolveFile(parsed.path)
    if (parsed.kind === 'run') return resolveRun(parsed.runId)
    const row = version(reference)
    // What is used must be what was registered, and perhaps approved: bytes, not rows, make a prediction.
    for (const digest of [row.digest, row.pipelineDigest]) if (digest !== null) assertIntact(digest)
    return {
      kind: 'version',
      label: `${row.modelName} / ${row.version}`,
      name: row.modelName,
      version: row.version,
      versionId: row.id,
      runId: row.runId,
      onnxPath: blobs.path(row.digest),
      onnxDigest: row.digest,
      pipelinePath: row.pipelineDigest ? blobs.path(row.pipelineDigest) : null,
      pipelineDigest: row.pipelineDigest,
      signature: JSON.parse(row.signature) as Signature,
      datasetVersionId: row.datasetVersionId,
    }
  }

  function resolveRun(runId: string): ResolvedModel {
    const run = runs.detail(runId)
    const artifact = (path: string) => run.artifacts.find((each) => each.path === path)
    const onnx = artifact('model.onnx')
    const pipeline = artifact('pipeline.json')
    if (!pipeline && !onnx)
      throw new MaestroError(
        'STATE_REFUSED',
        `Run ${run.name} has no model.`,
        'It failed, was stopped, or its model was not kept. Choose another run.',
      )
    return {
      kind: 'run',
      label: run.name,
      name: null,
      version: null,
      versionId: null,
      runId,
      onnxPath: onnx ? blobs.path(onnx.digest) : '',
      onnxDigest: onnx?.digest ?? null,
      pipelinePath: pipeline ? blobs.path(pipeline.digest) : null,
      pipelineDigest: pipeline?.digest ?? null,
      signature: null,
      datasetVersionId: run.datasets[0]?.versionId ?? null,
    }
  }
}

function resolveFile(path: string): ResolvedModel {
  const onnxPath = resolvePath(path)
  if (!existsSync(onnxPath))
    throw new MaestroError(
      'FILE_NOT_FOUND',
      `There is no file ${path}.`,
      'Give the path of an .onnx file, or a model’s name.',
    )
  return {
    kind: 'file',
    label: basename(path),
    name: null,
    version: null,
    versionId: null,
    runId: null,
    onnxPath,
    onnxDigest: null,
    pipelinePath: null,
    pipelineDigest: null,
    signature: null,
    datasetVersionId: null,
  }
}
