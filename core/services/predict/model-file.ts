import { readFileSync } from 'node:fs'
import type { Frame } from '../../../engine/frame/frame.ts'
import { exportPipeline } from '../../../engine/onnx/export-pipeline.ts'
import type { Pipeline } from '../../../engine/pipeline/pipeline.ts'
import { parsePipeline } from '../../../engine/pipeline/serialise-pipeline.ts'
import type { Signature } from '../../../shared/domain/models.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { engineVersion } from '../../models/engine-version.ts'
import { exportModel } from '../../models/export-model.ts'
import type { ServiceContext } from '../service-context.ts'

/** What predictions need of a resolved model. */
export interface PredictableModel {
  readonly label: string
  /** Empty for a run whose model was not exported yet. */
  readonly onnxPath: string
  readonly pipelinePath: string | null
  readonly pipelineDigest: string | null
  readonly datasetVersionId: string | null
  /** As it was registered; null for what is not. */
  readonly signature: Signature | null
}

type ReadFrame = (datasetReference: string) => Frame | Promise<Frame>

/**
 * The ONNX file of a model. Runs other than a search's winner have their pipeline only: theirs is exported when it is
 * first asked for, and found again by its content afterwards.
 */
export function createModelFiles(
  context: Pick<ServiceContext, 'blobs' | 'assertWritable'>,
  readFrame: ReadFrame,
): (model: PredictableModel) => Promise<string> {
  const exported = new Map<string, string>()
  return async ({ label, onnxPath, pipelinePath, pipelineDigest, datasetVersionId }) => {
    if (onnxPath !== '') return onnxPath
    if (pipelinePath === null) throw new MaestroError('STATE_REFUSED', `${label} has no model to predict with.`)
    const digest = exported.get(pipelineDigest ?? pipelinePath)
    if (digest !== undefined && context.blobs.has(digest)) return context.blobs.path(digest)
    context.assertWritable()
    const pipeline = parsePipeline(readFileSync(pipelinePath, 'utf8'))
    const stored = context.blobs.put(await exportWithRanges(pipeline, datasetVersionId, readFrame))
    exported.set(pipelineDigest ?? pipelinePath, stored.digest)
    return context.blobs.path(stored.digest)
  }
}

/** Where the training table is gone, the file tells names and types alone. */
async function exportWithRanges(
  pipeline: Pipeline,
  datasetVersionId: string | null,
  readFrame: ReadFrame,
): Promise<Uint8Array> {
  const table = datasetVersionId === null ? null : await readFrameOrNull(readFrame, datasetVersionId)
  return table === null
    ? exportPipeline(pipeline, { producer: 'Maestro', version: engineVersion, metadata: {} })
    : exportModel(pipeline, table, {}).onnx
}

async function readFrameOrNull(readFrame: ReadFrame, reference: string): Promise<Frame | null> {
  try {
    return await readFrame(reference)
  } catch (error) {
    if (error instanceof MaestroError && error.code === 'NOT_FOUND') return null
    throw error
  }
}
