import { createKernelMemory, openKernelSpace } from '../../engine/kernels/kernel-space.ts'
import { assembleForest, type ForestKind } from '../../engine/learners/forest/fit-forest.ts'
import { type BinnedFeature, prepareForest } from '../../engine/learners/forest/forest-data.ts'
import { readForestParameters } from '../../engine/learners/forest/forest-parameters.ts'
import type { BoostingOutcome } from '../../engine/learners/gbdt/boost.ts'
import { control, planBoosting } from '../../engine/learners/gbdt/boosting-plan.ts'
import { describeBoosting } from '../../engine/learners/gbdt/gradient-boosting.ts'
import { prepareBoosting } from '../../engine/learners/gbdt/prepare-boosting.ts'
import type { FitInput, FitResult, Parameters } from '../../engine/learners/learner.ts'
import type { BinnedTree } from '../../engine/learners/tree/binned-tree.ts'
import type { KernelAnswer, KernelTask } from './kernel-tasks.ts'
import { shareInput } from './share-input.ts'
import { startThread } from './start-thread.ts'

/**
 * Threads that fit one model together. They stay for the next fit; one fit runs at a time, others wait their turn.
 * Results are the same bits as those of the learners' own `fit`, for any number of threads.
 */
export interface ThreadTeam {
  readonly size: number
  /** As `gradientBoosting.fit`. `shouldStop` is polled 20 times a second. */
  fitGradientBoosting(input: FitInput, parameters: Parameters): Promise<FitResult>
  /** As the `fit` of the forest of that kind. */
  fitForest(input: FitInput, parameters: Parameters, kind: ForestKind): Promise<FitResult>
  /** Ends the threads; a fit under way fails. */
  close(): Promise<void>
}

const pollMilliseconds = 50

/** More threads than cores make every barrier wait for the scheduler: four on two cores took four times as long. */
export function createThreadTeam(size: number): ThreadTeam {
  let threads: TeamThread[] = []
  let memory: WebAssembly.Memory | null = null
  let last: Promise<unknown> = Promise.resolve()

  /** Gives task i to thread i and waits for all. Where one fails all end, since the others would wait for it. */
  async function runAll(
    tasks: readonly KernelTask[],
    onStep: (step: KernelAnswer) => void,
  ): Promise<(BoostingOutcome | null)[]> {
    while (threads.length < tasks.length) threads.push(startTeamThread())
    try {
      return await Promise.all(tasks.map(async (task, index) => (threads[index] as TeamThread).run(task, onStep)))
    } catch (error) {
      await endThreads()
      throw error
    }
  }

  async function endThreads(): Promise<void> {
    const ending = threads
    threads = []
    await Promise.all(ending.map(async (thread) => thread.end()))
  }

  /** One fit after the other. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }

  async function boostTogether(given: FitInput, parameters: Parameters): Promise<FitResult> {
    const input = shareInput(given)
    const plan = planBoosting(describeBoosting(input, parameters, size))
    if (!memory || memory.buffer.byteLength < plan.layout.size) memory = createKernelMemory(plan.layout.size)
    const held = memory
    const start = prepareBoosting(plan, input, openKernelSpace(held, 'wasm'))
    const flag = new Int32Array(held.buffer, plan.layout.addresses.control + control.stopRequested, 1)
    const tasks = Array.from({ length: plan.nThreads }, (_, index): KernelTask => {
      return { kind: 'boost', plan, start, memory: held, index }
    })
    const outcomes = await polling(input, flag, 0, async () => {
      return runAll(tasks, (step) => {
        if (step.kind !== 'iteration') return
        const { iteration, loss } = step
        input.onProgress?.({ fraction: iteration / plan.parameters.nTrees, iteration, loss })
      })
    })
    const [outcome] = outcomes
    if (!outcome) throw new Error('The first thread leads and so has the outcome')
    return outcome
  }

  async function growTogether(given: FitInput, parameters: Parameters, kind: ForestKind): Promise<FitResult> {
    const read = readForestParameters(parameters, kind.bootstrap)
    const input = shareInput(given)
    const data = prepareForest(input, read, await binTogether(input))
    const counters = new Int32Array(new SharedArrayBuffer(8))
    const trees: BinnedTree[] = []
    let grown = 0
    const task: KernelTask = { kind: 'grow', data, parameters: read, cuts: kind.cuts, seed: input.seed, counters }
    const nThreads = Math.min(size, read.nTrees)
    await polling(input, counters, 1, async () => {
      return runAll(new Array<KernelTask>(nThreads).fill(task), (step) => {
        if (step.kind !== 'tree') return
        trees[step.tree] = step.grown
        grown++
        input.onProgress?.({ fraction: grown / read.nTrees, iteration: grown, loss: null })
      })
    })
    return { model: assembleForest(trees, data), learningCurve: [], iterations: trees.length }
  }

  async function binTogether({ matrix, rows, seed }: FitInput): Promise<BinnedFeature[]> {
    const binned: BinnedFeature[] = []
    const nThreads = Math.max(1, Math.min(size, matrix.columns.length))
    const features = Array.from(matrix.columns.keys())
    const tasks = Array.from({ length: nThreads }, (_, index): KernelTask => {
      return { kind: 'bin', input: { matrix, rows, seed }, features: features.filter((at) => at % nThreads === index) }
    })
    await runAll(tasks, (step) => {
      if (step.kind === 'binned') binned[step.feature] = step.binned
    })
    return binned
  }

  return {
    size,
    fitGradientBoosting: async (input, parameters) => inTurn(async () => boostTogether(input, parameters)),
    fitForest: async (input, parameters, kind) => inTurn(async () => growTogether(input, parameters, kind)),
    close: endThreads,
  }
}

/** Carries the wish to stop into shared memory while `work` goes on. */
async function polling<T>(input: FitInput, flags: Int32Array, at: number, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    if (input.shouldStop()) Atomics.store(flags, at, 1)
  }, pollMilliseconds)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

interface TeamThread {
  /** Rejects when the task or the thread fails. */
  run(task: KernelTask, onStep: (step: KernelAnswer) => void): Promise<BoostingOutcome | null>
  end(): Promise<void>
}

function startTeamThread(): TeamThread {
  const worker = startThread('kernel-worker')
  // An idle team does not keep a process alive.
  worker.unref()
  let settle: { resolve(outcome: BoostingOutcome | null): void; reject(error: Error): void } | null = null
  let tell: (step: KernelAnswer) => void = () => {}
  worker.on('message', (message: KernelAnswer) => {
    if (message.kind === 'done') settle?.resolve(message.outcome)
    else if (message.kind === 'failed') settle?.reject(message.error)
    else tell(message)
  })
  worker.on('error', (error) => settle?.reject(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => settle?.reject(new Error('The training thread ended before its task')))
  return {
    async run(task, onStep) {
      tell = onStep
      worker.ref()
      try {
        return await new Promise((resolve, reject) => {
          settle = { resolve, reject }
          worker.postMessage(task)
        })
      } finally {
        settle = null
        worker.unref()
      }
    },
    async end() {
      await worker.terminate()
    },
  }
}
