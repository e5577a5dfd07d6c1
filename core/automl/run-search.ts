import { learnerByName } from '../../engine/learners/registry.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import { createRace } from '../../engine/search/race.ts'
import type { Proposal, Search } from '../../engine/search/search.ts'
import { newId } from '../storage/ids.ts'
import { agreeOnIterations, completeTrial, fitTask, learningCurveOf } from './fit-folds.ts'
import type { TrainingData } from './prepare-training.ts'
import type { TrialPool } from './trial-pool.ts'
import type { TrialRecord } from './trial-record.ts'
import { comparable, lossOf, meanScore, ranked } from './trial-record.ts'
import type { FittedFold, TrialAnswer, TrialTask } from './trial-task.ts'

export interface SearchRun {
  readonly data: TrainingData
  readonly pool: TrialPool
  readonly metric: MetricName
  readonly search: Search
  readonly fractions: readonly number[]
  /** Seconds since the start of the job. */
  readonly now: () => number
  /** When the search has to end, in the same seconds, by what its trials have shown so far. */
  readonly deadline: (trials: readonly TrialRecord[]) => number
  /** A stagewise fit that takes longer than this ends with the iterations it has. */
  readonly secondsPerFit: number
  /** Trials of an earlier attempt; the search has been told of them. */
  readonly finished: readonly TrialRecord[]
  /** Aborted by cancel and by stop-and-keep. */
  readonly signal: AbortSignal
  readonly onStarted: (trial: TrialRecord, origin: Proposal['origin']) => void
  readonly onEnded: (trial: TrialRecord, learningCurve: readonly number[]) => Promise<void>
}

export interface SearchResult {
  readonly trials: readonly TrialRecord[]
  readonly endReason: string
}

/** Fold models of all trials together that are kept, best trials first; others are fitted again if they are needed. */
const keptBytes = 512 * 1024 * 1024
const keptTrials = 30

/** A trial that runs: what its folds have given so far. */
interface RunningTrial {
  readonly trial: TrialRecord
  readonly proposal: Proposal
  readonly fits: (FittedFold | null)[]
  /** Tasks that are neither queued nor done. */
  open: number
}

interface QueuedTask {
  readonly running: RunningTrial
  readonly fold: number
  readonly task: TrialTask
}

/**
 * Runs trials on the pool until time, trials or ideas run out. Folds of a trial are fitted side by side; a trial that
 * falls behind on the folds it has done is given up (racing), so that bad ones cost a part.
 */
export async function runSearch(run: SearchRun): Promise<SearchResult> {
  const { data, pool, metric, search } = run
  const trials: TrialRecord[] = [...run.finished]
  const queue: QueuedTask[] = []
  const busy = new Set<Promise<void>>()
  const active = new Set<RunningTrial>()
  const race = createRace()
  let endReason: string | null = null

  function startTrial(): boolean {
    const proposal = search.ask(run.now())
    if (!proposal) return false
    const fraction = run.fractions[proposal.level] as number
    // A part of the rows is judged on one fold: it only has to tell which configurations deserve all of them.
    const folds = fraction < 1 ? 1 : data.folds.length
    const trial = newTrial(proposal, fraction, folds, run.now())
    const running: RunningTrial = { trial, proposal, fits: new Array<null>(folds).fill(null), open: folds }
    trials.push(trial)
    active.add(running)
    for (let fold = 0; fold < folds; fold++) {
      queue.push({ running, fold, task: fitTask(trial, fold, { secondsLimit: run.secondsPerFit }) })
    }
    run.onStarted(trial, proposal.origin)
    return true
  }

  /** The best trial so far that a trial races against: its own learner's, so that no family is judged by another. */
  function referenceOf({ trial }: RunningTrial): TrialRecord | undefined {
    return ranked(trials, metric).find(
      (other) => other !== trial && other.learner === trial.learner && other.fraction === trial.fraction,
    )
  }

  const lossesOf = (scores: ArrayLike<number>) => Float64Array.from(scores, (score) => lossOf(metric, score))

  async function take(queued: QueuedTask, answer: TrialAnswer): Promise<void> {
    const { running, fold } = queued
    const { trial, fits } = running
    running.open -= 1
    if (!active.has(running)) return
    if (answer.kind === 'failed') return end(running, 'failed', answer.error.message)
    if (answer.kind === 'fitted') fits[fold] = answer.fitted
    else if (answer.kind === 'judged') fits[fold] = { ...(fits[fold] as FittedFold), ...answer.judged }
    else return end(running, 'stopped', 'the search ended')
    if (running.open > 0) return giveUpIfHopeless(running)
    const rejudgings = answer.kind === 'fitted' ? agreeOnIterations(trial, fits) : []
    running.open = rejudgings.length
    queue.unshift(...rejudgings.map((rejudging) => ({ running, ...rejudging })))
    if (rejudgings.length > 0) return undefined
    completeTrial(data, trial, fits)
    if (Number.isNaN(meanScore(trial))) return end(running, 'failed', `${metric} is undefined on every fold`)
    const reference = referenceOf(running)
    if (reference) race.learn(lossesOf(trial.foldScores), lossesOf(reference.foldScores))
    return end(running, 'succeeded', '')
  }

  function giveUpIfHopeless(running: RunningTrial): Promise<void> | undefined {
    const reference = referenceOf(running)
    if (!reference) return undefined
    const losses = lossesOf(running.fits.map((fit) => fit?.score ?? Number.NaN))
    const others = lossesOf(reference.foldScores)
    if (!race.isHopeless(losses, others)) return undefined
    const done = running.fits.filter((fit) => fit !== null).length
    return end(
      running,
      'stopped',
      `given up after ${done} of ${running.fits.length} folds`,
      race.estimate(losses, others),
    )
  }

  async function end(
    running: RunningTrial,
    state: 'succeeded' | 'failed' | 'stopped',
    message: string,
    estimate: number | null = null,
  ): Promise<void> {
    const { trial, fits } = running
    active.delete(running)
    for (let at = queue.length - 1; at >= 0; at--) if (queue[at]?.running === running) queue.splice(at, 1)
    trial.state = state
    trial.message = message
    trial.endedAt = run.now()
    const fitSeconds = fits.reduce((sum, fit) => sum + (fit?.fitSeconds ?? 0), 0)
    const loss = state === 'succeeded' ? lossOf(metric, meanScore(trial)) : estimate
    // The threads share the work, so the search counts what a trial takes of the time.
    search.tell({ trialId: trial.trialId, loss, seconds: fitSeconds / pool.size, pruned: estimate !== null })
    if (state !== 'succeeded') trial.models = []
    dropModels(trials, metric)
    await run.onEnded(trial, learningCurveOf(fits))
  }

  async function work(queued: QueuedTask): Promise<void> {
    await take(queued, await pool.run(queued.task))
  }

  /** Without a single model the search goes on past its end until there is one. */
  function reasonToEnd(): string | null {
    if (run.signal.aborted) return 'Stopped by the user.'
    const isLate = run.now() >= run.deadline(trials) && trials.some(({ state }) => state === 'succeeded')
    return isLate ? 'The time is used up.' : null
  }

  const stop = () => pool.stopAll()
  run.signal.addEventListener('abort', stop)
  if (run.signal.aborted) stop()
  try {
    while (endReason === null) {
      endReason = reasonToEnd()
      if (endReason !== null) break
      while (pool.idle() > 0 && (queue.length > 0 || startTrial())) {
        const working: Promise<void> = work(queue.shift() as QueuedTask).finally(() => busy.delete(working))
        busy.add(working)
      }
      if (busy.size === 0) endReason = search.endReason ?? 'The time is used up.'
      else await Promise.race([...busy, pause(Math.min(1, Math.max(0.005, run.deadline(trials) - run.now())))])
    }
    pool.stopAll()
    await Promise.all(busy)
    for (const running of active) await end(running, 'stopped', 'the search ended')
    return { trials, endReason }
  } finally {
    run.signal.removeEventListener('abort', stop)
    pool.goOn()
  }
}

function newTrial(proposal: Proposal, fraction: number, folds: number, now: number): TrialRecord {
  return {
    trialId: proposal.trialId,
    runId: newId(),
    learner: proposal.learner,
    learnerTitle: learnerByName(proposal.learner).title,
    parameters: proposal.parameters,
    seed: proposal.seed,
    startedAt: now,
    fraction,
    nFolds: folds,
    state: 'running',
    foldScores: new Float64Array(folds).fill(Number.NaN),
    models: [],
    values: new Float64Array(0),
    fitSeconds: 0,
    predictMicrosPerRow: 0,
    sizeBytes: 0,
    message: '',
    endedAt: null,
  }
}

/** Keeps the models of the best trials, and of the best of each learner, within the memory there is for them. */
export function dropModels(trials: readonly TrialRecord[], metric: MetricName): void {
  const order = ranked(trials, metric)
  const firsts = new Set(
    order.filter((trial, at) => order.findIndex(({ learner }) => learner === trial.learner) === at),
  )
  const wanted = [...firsts, ...comparable(order).slice(0, keptTrials)]
  let bytes = 0
  const kept = new Set<TrialRecord>()
  for (const trial of wanted) {
    if (kept.has(trial)) continue
    bytes += trial.sizeBytes
    if (bytes <= keptBytes) kept.add(trial)
  }
  for (const trial of trials) if (trial.state === 'succeeded' && !kept.has(trial)) trial.models = []
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}
