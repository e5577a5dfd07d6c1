import { createAllocator } from '../../kernels/kernel-space.ts'
import { productScratchBytes } from '../../kernels/kernels.ts'
import type { FeatureDescription } from '../../preprocess/feature-matrix.ts'
import { numericFeatures } from './network-model.ts'

/** A layer while it is trained; offsets count float32 from the start of the parameters (or of their gradients). */
export interface PlannedLayer {
  /** Width of its inputs in memory: a multiple of four, the last ones zero. */
  readonly nInputs: number
  readonly nOutputs: number
  /** nOutputs rounded up to a multiple of four. */
  readonly stride: number
  /** nInputs × stride. */
  readonly weights: number
  /** stride. */
  readonly bias: number
  /** ReLU and dropout; the last layer has neither. */
  readonly isHidden: boolean
  readonly residual: boolean
}

export interface PlannedEmbedding {
  readonly feature: number
  readonly cardinality: number
  readonly width: number
  /** Offset of (cardinality + 1) × width numbers, a multiple of four. */
  readonly table: number
  /** Where its point stands among the first layer's inputs. */
  readonly place: number
}

export interface NetworkPlan {
  readonly numeric: readonly number[]
  readonly embeddings: readonly PlannedEmbedding[]
  readonly layers: readonly PlannedLayer[]
  readonly nParameters: number
  readonly nOutputs: number
  readonly mostRows: number
  readonly addresses: NetworkAddresses
}

/** Where everything lies in the kernels' memory, in bytes. */
export interface NetworkAddresses {
  readonly size: number
  readonly parameters: number
  readonly gradients: number
  /** Adam's mean of the gradients, and of their squares. */
  readonly firstMoments: number
  readonly secondMoments: number
  /** Places of a batch's rows among all, mostRows. */
  readonly places: number
  /** Inputs of each layer, mostRows × its nInputs; the last entry is what comes out, mostRows × stride. */
  readonly activations: readonly number[]
  /** What each hidden layer's sums were multiplied by: 0, or 1 over the share of units kept; address 0 for the last. */
  readonly factors: readonly number[]
  /** Sums of the layer at work, and derivatives by them. */
  readonly sums: number
  /** Derivatives by the outputs of the layer at work. */
  readonly derivatives: number
  /** Derivatives by the inputs of a residual layer, before those by its outputs join them. */
  readonly inputDerivatives: number
  /** Where a product lays out its factors. */
  readonly scratch: number
}

export interface NetworkShape {
  readonly features: readonly FeatureDescription[]
  readonly width: number
  readonly depth: number
  readonly nOutputs: number
  readonly mostRows: number
}

const widestEmbedding = 16

export function planNetwork({ features, width, depth, nOutputs, mostRows }: NetworkShape): NetworkPlan {
  const embedded = features.flatMap(({ kind, cardinality }, feature) =>
    kind === 'codes' ? [{ feature, cardinality }] : [],
  )
  const numeric = numericFeatures({ nFeatures: features.length, embeddings: embedded.map(asEmbedding) })
  let offset = 0
  const take = (count: number): number => {
    const from = offset
    offset = multipleOfFour(offset + count)
    return from
  }
  let place = numeric.length
  const embeddings = embedded.map(({ feature, cardinality }) => {
    const own = Math.min(widestEmbedding, 1 + Math.ceil(Math.sqrt(cardinality)))
    const at = place
    place += own
    return { feature, cardinality, width: own, table: take((cardinality + 1) * own), place: at }
  })
  const inputs = multipleOfFour(Math.max(1, place))
  // Products of eight columns at a time are the fastest.
  const hidden = Math.ceil(width / 8) * 8
  const widths = [...new Array<number>(depth).fill(hidden), nOutputs]
  const layers = widths.map((units, index): PlannedLayer => {
    const nInputs = index === 0 ? inputs : hidden
    const stride = multipleOfFour(units)
    const isHidden = index < depth
    const weights = take(nInputs * stride)
    return { nInputs, nOutputs: units, stride, weights, bias: take(stride), isHidden, residual: isHidden && index > 0 }
  })
  const addresses = allocateAll(layers, offset, mostRows)
  return { numeric, embeddings, layers, nParameters: offset, nOutputs, mostRows, addresses }
}

function asEmbedding({ feature, cardinality }: { readonly feature: number; readonly cardinality: number }) {
  return { feature, cardinality, width: 0, table: new Float32Array(0) }
}

function allocateAll(layers: readonly PlannedLayer[], nParameters: number, mostRows: number): NetworkAddresses {
  const { allocate, top } = createAllocator()
  const floats = (count: number) => allocate(4 * count)
  const widest = Math.max(...layers.flatMap(({ nInputs, stride }) => [nInputs, stride]))
  const last = layers.at(-1) as PlannedLayer
  const addresses = {
    parameters: floats(nParameters),
    gradients: floats(nParameters),
    firstMoments: floats(nParameters),
    secondMoments: floats(nParameters),
    places: floats(mostRows),
    activations: [...layers.map(({ nInputs }) => floats(mostRows * nInputs)), floats(mostRows * last.stride)],
    factors: layers.map(({ stride, isHidden }) => (isHidden ? floats(mostRows * stride) : 0)),
    sums: floats(mostRows * widest),
    derivatives: floats(mostRows * widest),
    inputDerivatives: floats(mostRows * widest),
    scratch: allocate(
      Math.max(
        ...layers.flatMap(({ nInputs, stride }) => [
          productScratchBytes(mostRows, nInputs, stride),
          productScratchBytes(nInputs, mostRows, stride),
          productScratchBytes(mostRows, stride, nInputs),
        ]),
      ),
    ),
  }
  return { ...addresses, size: top() }
}

function multipleOfFour(count: number): number {
  return Math.ceil(count / 4) * 4
}
