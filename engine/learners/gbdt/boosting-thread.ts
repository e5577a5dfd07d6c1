import type { KernelSpace } from '../../kernels/kernel-space.ts'
import type { Team } from '../../kernels/team.ts'
import type { BoostingPlan, ThreadAddresses } from './boosting-plan.ts'

/** One thread at work on a plan. All threads run the same steps and take the same decisions. */
export interface BoostingThread {
  readonly plan: BoostingPlan
  readonly space: KernelSpace
  readonly team: Team
  readonly own: ThreadAddresses
}

/** The same while one tree grows. */
export interface TreeThread extends BoostingThread {
  /** Gradients and hessians of the tree's output. */
  readonly pairs: number
  readonly active: ActiveFeatures
}

/** The features of one tree, and this thread's share of them: places first..first+count-1. */
export interface ActiveFeatures {
  readonly features: Int32Array
  readonly first: number
  readonly count: number
  /** Whether any of this thread's are categories. */
  readonly hasCategories: boolean
}
