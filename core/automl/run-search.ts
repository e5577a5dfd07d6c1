import type { Learner } from '../../engine/learners/learner.ts'
import { learnerByName } from '../../engine/learners/registry.ts'
import { ensembleBytes } from '../../engine/learners/tree/ensemble-size.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import type { PipelineMember } from '../../engine/pipeline/pipeline.ts'
import type { Search } from '../../engine/search/search.ts'
import { createSearch } from '../../engine/search/search.ts'
import { newId } from '../storage/ids.ts'
import type { TrainingData } from './prepare-training.ts'
import type { TrialPool } from './trial-pool.ts'
import type { TrialRecord } from './trial-record.ts'
import { lossOf, meanScore, ranked } from './trial-record.ts'
import type { FittedFold, TrialAnswer } from './trial-task.ts'

export interface SearchRun {
  readonly data: TrainingData
  readonly pool: TrialPool
  readonly metric: MetricName
  readonly learners: readonly Learner[]
  readonly seed: number
  /** Seconds since the start of the job. */
  readonly now: () => number
  /** When the search has to end, in the same seconds. */
  readonly deadline: number
  readonly mostTrials: number | null
  /** Trials of an earlier attempt; they are told to the search first and not run again. */
  readonly finished: readonly TrialRecord[]
  /** Aborted by cancel and by stop-and-keep. */
  readonly signal: AbortSignal
  readonly onStarted: (trial: TrialRecord, origin: string) => void
  readonly onEnded: (trial: TrialRecord, learningCurve: readonly number[]) => Promise<void>
}

export interface SearchResult {
  readonly trials: readonly TrialRecord[]
  readonly endReason: string
}

/** Fold models are kept for so many of the best trials; others are trained again if they are needed after all. */
const keptTrials = 12
/** A trial whose first folds are this much worse than the best's on the same folds is given up. */
const raceMargin = 0.06

/**
 * Runs trials on the pool until time, trials or ideas run out. Each trial is fitted fold by fold; after its first fold it
 * goes on only while it may still matter (racing), so that bad ones cost a fifth.
 */
export async function runSearch(run: SearchRun): Promise<SearchResult> {
  const search = createSearch({
    task: run.data.target.task,
    nRows: run.data.frame.nRows,
    learners: run.learners,
    seed: run.seed,
  })
  const trials = new Map<number, TrialRecord>()
  const queue: { trial: TrialRecord; fold: number }[] = []
  const busy = new Set<Promise<void>>()
  const learningCurves = new Map<number, readonly number[]>()
  resumeFrom(run, search, trials)
  let endReason: string | null = null

  const reasonToEnd = (): string | null => {
    if (run.signal.aborted) return 'stopped by the user'
    const anyDone = ranked(trials.values(), run.metric).length > 0
    if (run.now() >= run.deadline && anyDone) return 'the time is used up'
    const begun = [...trials.values()].filter(({ state }) => state !== 'failed').length
    if (run.mostTrials !== null && begun >= run.mostTrials && queue.length === 0)
      return `${run.mostTrials} trials were run`
    return null
  }

  const startTrial = (): boolean => {
    if (
      run.mostTrials !== null &&
      [...trials.values()].filter(({ state }) => state !== 'failed').length >= run.mostTrials
    )
      return false
    const proposal = search.ask()
    if (!proposal) return false
    const trial = newTrial(run, proposal)
    trials.set(trial.trialId, trial)
    queue.push({ trial, fold: 0 })
    run.onStarted(trial, proposal.origin)
    return true
  }

  const take = (trial: TrialRecord, fold: number, answer: TrialAnswer): Promise<void> | undefined => {
    if (trial.state !== 'running') return undefined
    if (answer.kind !== 'fitted') {
      search.giveUp(trial.trialId)
      return end(
        trial,
        answer.kind === 'failed' ? 'failed' : 'stopped',
        answer.kind === 'failed' ? answer.error.message : '',
      )
    }
    keepFold(run.data, trial, fold, answer.fitted)
    if (fold === 0) learningCurves.set(trial.trialId, answer.fitted.learningCurve)
    if (!trial.foldScores.some(Number.isNaN)) {
      search.tell({ trialId: trial.trialId, loss: lossOf(run.metric, meanScore(trial)), seconds: trial.fitSeconds })
      return end(trial, 'succeeded', '')
    }
    if (fold === 0 && isHopeless(run, trial, trials.values())) {
      search.tell({
        trialId: trial.trialId,
        loss: lossOf(run.metric, trial.foldScores[0] as number),
        seconds: trial.fitSeconds,
      })
      return end(trial, 'stopped', 'given up after its first fold')
    }
    if (fold === 0) for (let next = 1; next < run.data.folds.length; next++) queue.push({ trial, fold: next })
    return undefined
  }

  const end = async (trial: TrialRecord, state: TrialRecord['state'], message: string): Promise<void> => {
    trial.state = state
    trial.message = message
    trial.endedAt = run.now()
    for (let at = queue.length - 1; at >= 0; at--) if (queue[at]?.trial === trial) queue.splice(at, 1)
    if (state !== 'succeeded') trial.members.fill(null)
    for (const dropped of ranked(trials.values(), run.metric).slice(keptTrials)) dropped.members.fill(null)
    await run.onEnded(trial, learningCurves.get(trial.trialId) ?? [])
  }

  const work = async (trial: TrialRecord, fold: number): Promise<void> => {
    const { learner, parameters, seed } = trial
    const answer = await run.pool.run({ learner, parameters, fold, seed })
    await take(trial, fold, answer)
  }

  const stop = () => run.pool.stopAll()
  run.signal.addEventListener('abort', stop)
  try {
    for (;;) {
      endReason ??= reasonToEnd()
      if (endReason !== null) break
      while (run.pool.idle() > 0) {
        // Folds of trials that are under way come before new trials.
        const next = queue.shift() ?? (startTrial() ? queue.shift() : undefined)
        if (!next) break
        const working: Promise<void> = work(next.trial, next.fold).finally(() => busy.delete(working))
        busy.add(working)
      }
      if (busy.size === 0) {
        endReason = search.endReason ?? `${trials.size} trials were run`
        break
      }
      const left = Math.max(0.01, run.deadline - run.now())
      await Promise.race([...busy, pause(Math.min(left, 1) * 1000)])
    }
    run.pool.stopAll()
    await Promise.all(busy)
    for (const trial of trials.values()) if (trial.state === 'running') await end(trial, 'stopped', 'the search ended')
    return { trials: [...trials.values()], endReason }
  } finally {
    run.signal.removeEventListener('abort', stop)
    run.pool.goOn()
  }
}

function resumeFrom(run: SearchRun, search: Search, trials: Map<number, TrialRecord>): void {
  // The search is asked the same questions again, and told what is known; the answers bring it to where it was.
  const known = new Map(run.finished.map((trial) => [JSON.stringify([trial.learner, trial.parameters]), trial]))
  for (let asked = 0; known.size > 0 && asked < run.finished.length * 3; asked++) {
    const proposal = search.ask()
    if (!proposal) break
    const key = JSON.stringify([proposal.learner, proposal.parameters])
    const trial = known.get(key)
    if (!trial) {
      search.giveUp(proposal.trialId)
      continue
    }
    known.delete(key)
    trials.set(proposal.trialId, { ...trial, trialId: proposal.trialId })
    search.tell({ trialId: proposal.trialId, loss: lossOf(run.metric, meanScore(trial)), seconds: trial.fitSeconds })
  }
  // What the search did not ask for again still counts.
  let next = -1
  for (const trial of known.values()) trials.set(next, { ...trial, trialId: next-- })
}

function newTrial(
  run: SearchRun,
  proposal: { trialId: number; learner: string; parameters: TrialRecord['parameters']; seed: number },
): TrialRecord {
  const { target, folds, frame } = run.data
  const width = target.task === 'regression' ? 1 : target.classes.length
  return {
    trialId: proposal.trialId,
    runId: newId(),
    learner: proposal.learner,
    learnerTitle: learnerByName(proposal.learner).title,
    parameters: proposal.parameters,
    seed: proposal.seed,
    startedAt: run.now(),
    state: 'running',
    foldScores: new Float64Array(folds.length).fill(Number.NaN),
    members: folds.map(() => null),
    values: new Float64Array(frame.nRows * width).fill(Number.NaN),
    fitSeconds: 0,
    predictMicrosPerRow: 0,
    sizeBytes: 0,
    message: '',
    endedAt: null,
  }
}

/** Enters a fitted fold into its trial. */
export function keepFold(data: TrainingData, trial: TrialRecord, fold: number, fitted: FittedFold): void {
  const rows = data.folds[fold]?.validation ?? new Int32Array(0)
  const width = rows.length > 0 ? fitted.values.length / rows.length : 0
  for (const [i, row] of rows.entries())
    trial.values.set(fitted.values.subarray(i * width, (i + 1) * width), row * width)
  trial.foldScores[fold] = fitted.score
  trial.members[fold] = fitted.member
  trial.fitSeconds += fitted.fitSeconds
  trial.predictMicrosPerRow += fitted.predictMicrosPerRow / data.folds.length
  trial.sizeBytes += memberBytes(fitted.member)
}

/** Size of a model in memory; its file is of the same order. */
export function memberBytes(member: PipelineMember): number {
  return member.model.kind === 'trees'
    ? ensembleBytes(member.model)
    : member.model.weights.byteLength + member.model.intercept.byteLength
}

/** Whether a trial is far behind the best finished one on the fold they share. */
function isHopeless(run: SearchRun, trial: TrialRecord, trials: Iterable<TrialRecord>): boolean {
  const [best] = ranked(trials, run.metric)
  if (!best) return false
  const own = lossOf(run.metric, trial.foldScores[0] as number)
  const other = lossOf(run.metric, best.foldScores[0] as number)
  return own > other + raceMargin * Math.max(0.05, Math.abs(other))
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
