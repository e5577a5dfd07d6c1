import type { Task } from '../frame/frame.ts'
import type { Learner, Parameters } from '../learners/learner.ts'
import { deriveSeed, randomStream } from '../random.ts'
import { fromPoint, randomDirection, step, toPoint } from './parameter-space.ts'
import type { Configuration } from './portfolio.ts'
import { portfolio } from './portfolio.ts'

/** A configuration to be tried. */
export interface Proposal extends Configuration {
  readonly trialId: number
  readonly origin: 'portfolio' | 'search'
  readonly seed: number
}

/** What came of a trial; `loss` is the ranking metric turned so that less is better. */
export interface Outcome {
  readonly trialId: number
  readonly loss: number
  readonly seconds: number
}

export interface SearchOptions {
  readonly task: Task
  readonly nRows: number
  readonly learners: readonly Learner[]
  readonly seed: number
}

/** Asked for the next configuration and told what came of it; the same answers give the same questions. */
export interface Search {
  /** The next configuration, or null when nothing is left to gain; then `endReason` says why. */
  ask(): Proposal | null
  tell(outcome: Outcome): void
  /** A trial that failed or was given up. */
  giveUp(trialId: number): void
  readonly endReason: string | null
}

/** Steps without a better loss after which a learner's walk starts with a smaller step. */
const patienceOfStep = 6
const firstStep = 0.25
const smallestStep = 0.01

interface Walk {
  readonly learner: Learner
  readonly size: number
  best: { readonly point: number[]; readonly loss: number } | null
  stepSize: number
  failures: number
  steps: number
  /** Direction whose opposite is tried next. */
  turn: number[] | null
  seconds: number
  trials: number
  /** Seconds spent when the best was found, and the best but one: what an improvement has cost. */
  bestAt: number
  lastGain: number
  finished: boolean
}

/**
 * A portfolio first, then a cost-frugal local search (Wu, Wang & Huang 2021, "Frugal optimization for cost-related
 * hyperparameters"; FLAML): every learner walks from its own best configuration in random directions, each followed by
 * its opposite; the step shrinks when it stops paying. The learner that moves next is the one that is expected to
 * improve on the best of all soonest, by what its improvements have cost so far.
 */
export function createSearch(options: SearchOptions): Search {
  const known = new Set(options.learners.map(({ name }) => name))
  const queue = portfolio(options.task, options.nRows).filter(({ learner }) => known.has(learner))
  const walks = new Map<string, Walk>(options.learners.map((learner) => [learner.name, newWalk(learner)]))
  for (const learner of options.learners) {
    if (!queue.some((entry) => entry.learner === learner.name))
      queue.push({ learner: learner.name, parameters: startOf(learner) })
  }
  const open = new Map<number, { readonly walk: Walk; readonly point: number[]; readonly direction: number[] | null }>()
  const tried = new Set<string>()
  let nextTrial = 1
  let bestLoss = Number.POSITIVE_INFINITY
  let endReason: string | null = null

  function propose(
    walk: Walk,
    parameters: Parameters,
    origin: Proposal['origin'],
    direction: number[] | null,
  ): Proposal {
    const trialId = nextTrial++
    tried.add(keyOf(walk.learner.name, parameters))
    open.set(trialId, { walk, point: toPoint(walk.learner.space, parameters), direction })
    return { trialId, learner: walk.learner.name, parameters, origin, seed: deriveSeed(options.seed, trialId) }
  }

  function nextStep(walk: Walk): { parameters: Parameters; direction: number[] } | null {
    const from = walk.best?.point ?? toPoint(walk.learner.space, startOf(walk.learner))
    for (let attempt = 0; attempt < 30; attempt++) {
      const direction = walk.turn ?? randomDirection(walk.size, randomStream(options.seed, 0x5ea, nextTrial, attempt))
      walk.turn = walk.turn === null ? direction.map((value) => -value) : null
      const parameters = fromPoint(walk.learner.space, step(from, direction, walk.stepSize * Math.sqrt(walk.size)))
      if (!tried.has(keyOf(walk.learner.name, parameters))) return { parameters, direction }
    }
    return null
  }

  return {
    get endReason() {
      return endReason
    },
    ask() {
      const first = queue.shift()
      if (first) return propose(walks.get(first.learner) as Walk, first.parameters, 'portfolio', null)
      for (const walk of byPromise([...walks.values()], bestLoss)) {
        const next = nextStep(walk)
        if (next) return propose(walk, next.parameters, 'search', next.direction)
        walk.finished = true
      }
      endReason = 'nothing is left to gain: every learner’s steps have become too small to matter'
      return null
    },
    tell({ trialId, loss, seconds }) {
      const trial = open.get(trialId)
      if (!trial) return
      open.delete(trialId)
      const { walk } = trial
      walk.seconds += seconds
      walk.trials += 1
      if (Number.isNaN(loss)) return
      if (walk.best === null || loss < walk.best.loss) {
        walk.lastGain = walk.best === null ? 0 : walk.best.loss - loss
        walk.bestAt = walk.seconds
        walk.best = { point: trial.point, loss }
        walk.failures = 0
        // The same direction may go on paying.
        walk.turn = trial.direction
      } else if (trial.direction !== null) {
        walk.failures += 1
        if (walk.failures >= patienceOfStep) {
          walk.failures = 0
          walk.stepSize /= 2
          if (walk.stepSize < smallestStep) walk.finished = true
        }
      }
      bestLoss = Math.min(bestLoss, loss)
    },
    giveUp(trialId) {
      const trial = open.get(trialId)
      if (!trial) return
      open.delete(trialId)
      trial.walk.failures += 1
      if (trial.walk.failures > 3 * patienceOfStep) trial.walk.finished = true
    },
  }
}

function newWalk(learner: Learner): Walk {
  return {
    learner,
    size: Object.keys(learner.space).length,
    best: null,
    stepSize: firstStep,
    failures: 0,
    steps: 0,
    turn: null,
    seconds: 0,
    trials: 0,
    bestAt: 0,
    lastGain: 0,
    finished: Object.keys(learner.space).length === 0,
  }
}

function startOf(learner: Learner): Parameters {
  return Object.fromEntries(Object.entries(learner.space).map(([name, range]) => [name, range.start]))
}

function keyOf(learner: string, parameters: Parameters): string {
  return JSON.stringify([learner, Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))])
}

/**
 * Walks that still move, the most promising first: seconds until it would beat the best of all, if it goes on improving
 * at the rate it had. A learner far behind has to catch up first, so it is asked seldom; the leader most often.
 */
function byPromise(walks: readonly Walk[], bestLoss: number): Walk[] {
  const eta = (walk: Walk): number => {
    const perTrial = walk.trials > 0 ? walk.seconds / walk.trials : 0
    if (walk.best === null) return perTrial
    const sinceBest = walk.seconds - walk.bestAt
    const gap = walk.best.loss - bestLoss
    const costOfGain = Math.max(sinceBest, walk.bestAt / Math.max(1, walk.trials), perTrial)
    const catchUp =
      gap > 0 ? (walk.lastGain > 0 ? gap / walk.lastGain : 20 * (gap / Math.max(1e-12, Math.abs(bestLoss)) + 0.1)) : 0
    return costOfGain * (1 + catchUp)
  }
  return walks.filter(({ finished }) => !finished).sort((a, b) => eta(a) - eta(b))
}
