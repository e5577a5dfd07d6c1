import type { KernelSpace } from '../../kernels/kernel-space.ts'
import type { NetworkPlan } from './network-plan.ts'
import type { PackedRows } from './pack-rows.ts'
import type { Batch } from './propagate.ts'

/** Share of codes that a step takes for missing, so that the point of missing and unseen codes is learned too. */
const hiddenCodes = 0.02

/** Copies the chosen rows into the first layer's inputs. With a seed, it takes some of the codes for missing. */
export function loadBatch(
  plan: NetworkPlan,
  { int32, kernels }: KernelSpace,
  rows: PackedRows,
  chosen: Int32Array,
  seed: number | null,
): Batch {
  const width = plan.layers[0]?.nInputs as number
  const { values, labels, weights } = rows
  const nRows = chosen.length
  const own = new Float64Array(nRows)
  const ownWeights = weights ? new Float64Array(nRows) : null
  for (let i = 0; i < nRows; i++) {
    const row = chosen[i] as number
    own[i] = labels[row] as number
    if (weights && ownWeights) ownWeights[i] = weights[row] as number
  }
  const { places, activations } = plan.addresses
  int32.set(chosen, places >>> 2)
  kernels.gatherRows(values, 4 * width, places, nRows, activations[0] as number)
  return { nRows, labels: own, weights: ownWeights, codes: chooseCodes(plan, rows, chosen, seed) }
}

function chooseCodes({ embeddings }: NetworkPlan, rows: PackedRows, chosen: Int32Array, seed: number | null) {
  const border = hiddenCodes * 2 ** 32
  const next = seed === null ? null : quickRandom(seed)
  return rows.codes.map((of, index) => {
    const missing = embeddings[index]?.cardinality as number
    const codes = new Int32Array(chosen.length)
    for (let i = 0; i < chosen.length; i++) {
      codes[i] = next && next() < border ? missing : (of[chosen[i] as number] as number)
    }
    return codes
  })
}

/** Marsaglia's xorshift32 (2003): one number a code and step, which the counter-based stream is too slow for. */
function quickRandom(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
