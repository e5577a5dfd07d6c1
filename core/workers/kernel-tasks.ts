import type { BinnedFeature, ForestData } from '../../engine/learners/forest/forest-data.ts'
import type { ForestParameters } from '../../engine/learners/forest/forest-parameters.ts'
import type { CutRule } from '../../engine/learners/forest/grow-forest-tree.ts'
import type { BoostingOutcome } from '../../engine/learners/gbdt/boost.ts'
import type { BoostingPlan } from '../../engine/learners/gbdt/boosting-plan.ts'
import type { BoostingStart } from '../../engine/learners/gbdt/prepare-boosting.ts'
import type { BinnedTree } from '../../engine/learners/tree/binned-tree.ts'
import type { BinningInput } from '../../engine/learners/tree/feature-bins.ts'

/** What a team asks of one of its threads. Big arrays lie in shared memory. */
export type KernelTask =
  | {
      readonly kind: 'boost'
      readonly plan: BoostingPlan
      readonly start: BoostingStart
      readonly memory: WebAssembly.Memory
      readonly index: number
    }
  | { readonly kind: 'bin'; readonly input: BinningInput; readonly features: readonly number[] }
  | {
      readonly kind: 'grow'
      readonly data: ForestData
      readonly parameters: ForestParameters
      readonly cuts: CutRule
      readonly seed: number
      /** Two int32 in shared memory: the next tree to grow, and not 0 when growing shall end. */
      readonly counters: Int32Array
    }

/** What a thread answers: any number of steps, then one end. */
export type KernelAnswer =
  | { readonly kind: 'iteration'; readonly iteration: number; readonly loss: number | null }
  | { readonly kind: 'binned'; readonly feature: number; readonly binned: BinnedFeature }
  | { readonly kind: 'tree'; readonly tree: number; readonly grown: BinnedTree }
  | { readonly kind: 'done'; readonly outcome: BoostingOutcome | null }
  | { readonly kind: 'failed'; readonly error: Error }
