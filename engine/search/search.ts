import type { Learner, ParameterSpace } from '../learners/learner.ts'
import { deriveSeed, randomStream } from '../random.ts'
import type { LearnerCost } from './learner-cost.ts'
import { chooseLearner, createLearnerCost, recordCost } from './learner-cost.ts'
import type { LocalSearch, Move } from './local-search.ts'
import { createLocalSearch, hasConverged, learnFrom, nextMove, offerStart } from './local-search.ts'
import type { Configuration } from './search-space.ts'
import { configurationKey } from './search-space.ts'

export interface SearchOptions {
  readonly learners: readonly { readonly learner: Learner; readonly space: ParameterSpace }[]
  /** Tried first, in this order. */
  readonly portfolio: readonly Configuration[]
  /** Shares of the rows that trials may see, rising to 1: successive halving where there is more than one. */
  readonly fractions: readonly number[]
  readonly seed: number
  readonly budgetSeconds: number
  /** Most trials; null: as many as the budget allows. */
  readonly trials: number | null
  /** A first guess of the seconds that a trial takes. */
  estimate(configuration: Configuration, level: number): number
}

export type TrialOrigin = 'portfolio' | 'promotion' | 'local'

/** What is to be tried next. */
export interface Proposal extends Configuration {
  /** Counted from 1. */
  readonly trialId: number
  /** Index into the fractions. */
  readonly level: number
  readonly origin: TrialOrigin
  /** For everything random in the trial. */
  readonly seed: number
}

export interface Outcome {
  readonly trialId: number
  /** Less is better; of a pruned trial the estimate so far; null: it failed or was stopped. */
  readonly loss: number | null
  readonly seconds: number
  /** Given up early as no better than what is known. */
  readonly pruned: boolean
}

export type ToldTrial = Omit<Proposal, 'origin' | 'seed'> & Outcome

export interface Search {
  /** What to try next, `elapsed` seconds after the start; null: nothing, until something more is told or for good. */
  ask(elapsed: number): Proposal | null
  tell(outcome: Outcome): void
  /** Puts back what an earlier attempt had finished. Call it before the first `ask`. */
  restore(trials: readonly ToldTrial[]): void
  /** Every trial told, in that order: with the options it is all that the questions depend on. */
  readonly told: readonly ToldTrial[]
  readonly isInPortfolio: boolean
  /** Why no more trials come, once that is so. */
  readonly endReason: string | null
  /** How many trials there will probably be. */
  expectedTrials(elapsed: number): number
}

/** Of each level, one in this many configurations goes on to the next. */
const halving = 3
/** Local search works on all rows if at least so many more trials of them fit into the time. */
const worthwhileTrials = 8
/** Trials without progress after which nothing more is expected. */
const patientTrials = 80
/** Less than this share of the spread between trials is no progress. */
const leastProgress = 1e-3

/**
 * A budget-aware search over learners and hyperparameters: the portfolio first, promoted through the levels by
 * asynchronous successive halving (Li et al. 2020), then local search by the learner that promises the most for its time
 * (FLAML, Wang et al. 2021). Told the same in the same order, it asks the same.
 */
export function createSearch(options: SearchOptions): Search {
  const { fractions, seed, budgetSeconds } = options
  const top = fractions.length - 1
  const costs = new Map<string, LearnerCost>(options.learners.map(({ learner }) => [learner.name, createLearnerCost()]))
  const locals = new Map<string, LocalSearch>(
    options.learners.map(({ learner, space }, at) => [learner.name, createLocalSearch(space, deriveSeed(seed, at))]),
  )
  const waiting = [...options.portfolio]
  const running = new Map<number, { readonly proposal: Proposal; readonly move: Move | null }>()
  const told: ToldTrial[] = []
  const tried = new Set<string>()
  let nextId = 1
  const range = { best: Number.POSITIVE_INFINITY, worst: Number.NEGATIVE_INFINITY, progressAt: 0 }
  let endReason: string | null = null
  /** Nothing that could be tried would end in time. */
  let isTooLate = false

  const keyAt = (configuration: Configuration, level: number) => `${level} ${configurationKey(configuration)}`

  function propose(configuration: Configuration, level: number, origin: TrialOrigin, move: Move | null): Proposal {
    const { learner, parameters } = configuration
    const trialId = nextId++
    const proposal = { trialId, learner, parameters, level, origin, seed: deriveSeed(seed, 0x7121a1, trialId) }
    tried.add(keyAt(configuration, level))
    running.set(trialId, { proposal, move })
    return proposal
  }

  /** Seconds that a trial will take, by what the learner's trials have taken so far. */
  function expectedSeconds(configuration: Configuration, level: number): number {
    return options.estimate(configuration, level) * (costs.get(configuration.learner)?.correction ?? 1)
  }

  /** The best configuration of a level that is good enough to go on to the next and has not yet. */
  function promotion(elapsed: number): Proposal | null {
    for (let level = top - 1; level >= 0; level--) {
      const finished = told
        .filter((trial) => trial.level === level && trial.loss !== null && !trial.pruned)
        .sort((a, b) => (a.loss as number) - (b.loss as number) || a.trialId - b.trialId)
      const places = Math.ceil(finished.length / halving)
      for (const trial of finished.slice(0, places)) {
        if (tried.has(keyAt(trial, level + 1))) continue
        const inTime = elapsed + expectedSeconds(trial, level + 1) <= budgetSeconds
        if (inTime) return propose(trial, level + 1, 'promotion', null)
      }
    }
    return null
  }

  function fromPortfolio(elapsed: number): Proposal | null {
    while (waiting.length > 0) {
      const configuration = waiting.shift() as Configuration
      if (tried.has(keyAt(configuration, 0))) continue
      // One trial must not eat what is left; the first two are cheap and always run.
      const isAffordable = nextId <= 2 || expectedSeconds(configuration, 0) <= (budgetSeconds - elapsed) / 2
      if (isAffordable) return propose(configuration, 0, 'portfolio', null)
    }
    return null
  }

  /** The level on which local search compares: all rows, unless too few trials of them would fit. */
  function localLevel(elapsed: number): number {
    for (let level = top; level > 0; level--) {
      const own = told.filter((trial) => trial.level === level && trial.loss !== null)
      const typical = own.reduce((sum, trial) => sum + trial.seconds, 0) / Math.max(1, own.length)
      if (own.length > 0 && typical * worthwhileTrials <= budgetSeconds - elapsed) return level
    }
    return 0
  }

  function fromLocalSearch(elapsed: number): Proposal | null {
    isTooLate = false
    const level = localLevel(elapsed)
    for (const [name, local] of locals) startFromBest(local, name, level)
    // A few draws, since a move may lead to what has been tried.
    for (let attempt = 0; attempt < 30; attempt++) {
      const open = [...locals].filter(([, local]) => local.incumbent !== null && !hasConverged(local))
      if (open.length === 0) return null
      const names = open.map(([name]) => name)
      const name = chooseLearner(names, costs, randomStream(seed, 0xec1, nextId, attempt))
      const local = locals.get(name) as LocalSearch
      const move = nextMove(local)
      if (!move) continue
      const configuration = { learner: name, parameters: move.parameters }
      const isNew = !tried.has(keyAt(configuration, level))
      isTooLate = elapsed + expectedSeconds(configuration, level) > budgetSeconds
      if (isNew && !isTooLate) return propose(configuration, level, 'local', move)
      if (!isNew) learnFrom(local, move, null)
    }
    return null
  }

  function startFromBest(local: LocalSearch, name: string, level: number): void {
    if (local.incumbent) return
    const own = told.filter((trial) => trial.learner === name && trial.loss !== null && !trial.pruned)
    const atLevel = own.filter((trial) => trial.level === level)
    for (const trial of atLevel) offerStart(local, trial.parameters, trial.loss as number)
    if (atLevel.length > 0) return
    // Losses of other levels cannot be compared: the first move replaces a start from there.
    const best = own.reduce<ToldTrial | null>((least, trial) => {
      return least === null || (trial.loss as number) < (least.loss as number) ? trial : least
    }, null)
    if (best) offerStart(local, best.parameters, Number.MAX_VALUE)
  }

  function record(trial: ToldTrial): void {
    told.push(trial)
    const { loss, level, pruned } = trial
    const cost = costs.get(trial.learner)
    if (cost) recordCost(cost, trial, options.estimate(trial, level), top)
    if (loss === null || level < top) return
    range.worst = Math.max(range.worst, loss)
    if (pruned || loss >= range.best) return
    // The first ones are all progress, since nothing tells how much matters yet.
    const isProgress = !(range.best - loss <= leastProgress * (range.worst - range.best))
    if (isProgress) range.progressAt = told.length
    range.best = loss
  }

  return {
    ask(elapsed) {
      if (endReason !== null) return null
      if (options.trials !== null && nextId > options.trials) {
        if (running.size === 0) endReason = `The ${options.trials} trials that were asked for were run.`
        return null
      }
      const idle = told.length - range.progressAt
      if (waiting.length === 0 && idle > Math.max(patientTrials, told.length / 2)) {
        endReason = `Nothing is left to gain: the last ${idle} trials found nothing better.`
        return null
      }
      const next = promotion(elapsed) ?? fromPortfolio(elapsed) ?? fromLocalSearch(elapsed)
      if (!next && running.size === 0) {
        endReason = isTooLate
          ? 'The time is used up.'
          : 'Nothing is left to gain: no learner has a step left that matters.'
      }
      return next
    },

    tell(outcome) {
      const entry = running.get(outcome.trialId)
      if (!entry) throw new RangeError(`Trial ${outcome.trialId} is not running.`)
      running.delete(outcome.trialId)
      const { proposal, move } = entry
      const { trialId, learner, parameters, level } = proposal
      record({ ...outcome, trialId, learner, parameters, level })
      const local = locals.get(learner)
      const loss = outcome.pruned ? null : outcome.loss
      if (move && local) learnFrom(local, move, loss)
      else if (local?.incumbent && loss !== null && level === top) offerStart(local, parameters, loss)
    },

    restore(trials) {
      for (const trial of trials) {
        tried.add(keyAt(trial, trial.level))
        nextId = Math.max(nextId, trial.trialId + 1)
        record(trial)
      }
    },

    told,
    get isInPortfolio() {
      return waiting.length > 0
    },
    get endReason() {
      return endReason
    },
    expectedTrials(elapsed) {
      if (endReason !== null) return nextId - 1
      const share = Math.min(1, Math.max(0.02, elapsed / budgetSeconds))
      const byTime = Math.max(nextId - 1, Math.round((told.length + running.size / 2) / share))
      const expected = elapsed < 0.05 * budgetSeconds ? Math.max(options.portfolio.length, nextId - 1) : byTime
      return options.trials === null ? expected : Math.min(options.trials, expected)
    },
  }
}
