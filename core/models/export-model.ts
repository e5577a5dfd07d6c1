import type { Frame } from '../../engine/frame/frame.ts'
import { exportPipeline } from '../../engine/onnx/export-pipeline.ts'
import { metadataKeys } from '../../engine/onnx/metadata.ts'
import { OnnxExportError } from '../../engine/onnx/onnx-export-error.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import type { Signature } from '../../shared/domain/models.ts'
import type { Recipe } from '../../shared/domain/recipes.ts'
import { MaestroError } from '../../shared/errors.ts'
import { describeSignature } from './describe-signature.ts'
import { engineVersion } from './engine-version.ts'

/** Where a model comes from, as it is written into its file: dataset, digest, seed. */
export type Provenance = Readonly<Record<string, string | number | null>>

/** Of a model that training made: no time and no id, so that the same training gives the same file. */
export function provenanceOf(origin: Pick<Recipe, 'dataset' | 'specification'>): Provenance {
  return { dataset: origin.dataset.name, datasetDigest: origin.dataset.digest, seed: origin.specification.seed }
}

/**
 * A pipeline as an ONNX file that knows its own signature, ranges and levels of the training table included. The same
 * pipeline, table and provenance give the same bytes. Throws MODEL_INVALID where the format cannot hold the pipeline.
 */
export function exportModel(
  pipeline: Pipeline,
  trainingTable: Frame,
  provenance: Provenance,
): { readonly onnx: Uint8Array; readonly signature: Signature } {
  const signature = describeSignature(pipeline, trainingTable)
  const metadata = {
    [metadataKeys.signature]: JSON.stringify(signature),
    [metadataKeys.provenance]: JSON.stringify(provenance),
  }
  try {
    return { onnx: exportPipeline(pipeline, { producer: 'Maestro', version: engineVersion, metadata }), signature }
  } catch (error) {
    if (!(error instanceof OnnxExportError)) throw error
    throw new MaestroError('MODEL_INVALID', `The model cannot be exported: ${error.message}`)
  }
}
