import { parentPort } from 'node:worker_threads'
import { openKernelSpace } from '../../engine/kernels/kernel-space.ts'
import { createTeam } from '../../engine/kernels/team.ts'
import { binForestFeature } from '../../engine/learners/forest/forest-data.ts'
import { createTreeGrower } from '../../engine/learners/forest/grow-forest-tree.ts'
import { type BoostingOutcome, boost } from '../../engine/learners/gbdt/boost.ts'
import type { KernelAnswer, KernelTask } from './kernel-tasks.ts'

/** One thread of a team: does one task at a time until it is terminated. */
parentPort?.on('message', (task: KernelTask) => {
  try {
    answer({ kind: 'done', outcome: run(task) })
  } catch (error) {
    answer({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) })
  }
})

function answer(message: KernelAnswer): void {
  parentPort?.postMessage(message)
}

function run(task: KernelTask): BoostingOutcome | null {
  switch (task.kind) {
    case 'boost':
      return runBoosting(task)
    case 'bin':
      for (const feature of task.features) {
        answer({ kind: 'binned', feature, binned: binForestFeature(task.input, feature) })
      }
      return null
    case 'grow':
      growTrees(task)
      return null
  }
}

function runBoosting({ plan, start, memory, index }: KernelTask & { kind: 'boost' }): BoostingOutcome | null {
  const space = openKernelSpace(memory, 'wasm')
  const team = createTeam(space.int32, plan.layout.addresses.barrier, index, plan.nThreads)
  if (index > 0) return boost(plan, space, team, start, null)
  return boost(plan, space, team, start, {
    // The team asks by the flag in shared memory: a thread at work hears no messages.
    shouldStop: () => false,
    onIteration: (iteration, loss) => answer({ kind: 'iteration', iteration, loss }),
  })
}

function growTrees({ data, parameters, cuts, seed, counters }: KernelTask & { kind: 'grow' }): void {
  const grow = createTreeGrower(data, parameters, cuts, seed)
  while (Atomics.load(counters, 1) === 0) {
    const tree = Atomics.add(counters, 0, 1)
    if (tree >= parameters.nTrees) return
    answer({ kind: 'tree', tree, grown: grow(tree) })
  }
}
