import type { Link } from '../tree/tree-ensemble.ts'

/**
 * A feed-forward network in float64 arithmetic over float32 weights: what an ONNX runtime sums in another order then
 * differs by rounding of doubles only. The first layer's inputs are the features that are not embedded, in order, then
 * the embeddings.
 */
export interface NetworkModel {
  readonly kind: 'network'
  readonly nFeatures: number
  readonly nOutputs: number
  readonly link: Link
  readonly embeddings: readonly NetworkEmbedding[]
  /** At least one; the last one gives the scores. */
  readonly layers: readonly NetworkLayer[]
}

/** A learned point for each code of a feature, and a last one for missing and unseen. */
export interface NetworkEmbedding {
  readonly feature: number
  readonly cardinality: number
  readonly width: number
  /** (cardinality + 1) × width. */
  readonly table: Float32Array
}

/** activation(x · weights + bias), with x added once more where the layer is residual. */
export interface NetworkLayer {
  readonly nInputs: number
  readonly nOutputs: number
  /** nInputs × nOutputs. */
  readonly weights: Float32Array
  readonly bias: Float32Array
  readonly activation: 'none' | 'relu' | 'cosine'
  /** Only where nInputs equals nOutputs. */
  readonly residual: boolean
}

/** Features that are read as numbers, in order. */
export function numericFeatures({ nFeatures, embeddings }: Pick<NetworkModel, 'nFeatures' | 'embeddings'>): number[] {
  const embedded = new Set(embeddings.map(({ feature }) => feature))
  return Array.from({ length: nFeatures }, (_, feature) => feature).filter((feature) => !embedded.has(feature))
}
