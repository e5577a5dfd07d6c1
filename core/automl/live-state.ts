import type { MetricName } from '../../engine/metrics/metrics.ts'
import type { PortfolioAdvice } from '../../engine/search/advise-portfolio.ts'
import type { Search } from '../../engine/search/search.ts'
import type { JobProgress } from '../../shared/domain/jobs.ts'
import type { AutomlState, LeaderboardRow, ParityCertificate } from '../../shared/domain/training.ts'
import type { AutomlEvent, AutomlJob } from './automl-job.ts'
import type { TrainingData } from './prepare-training.ts'
import type { TrialRecord } from './trial-record.ts'
import { comparable, meanScore, ranked, scoreDeviation } from './trial-record.ts'

/** Leaderboard rows that are sent; nobody reads more while it runs. */
const shownRows = 200
/** The bar to beat is set by the first of these. */
const linearLearners: ReadonlySet<string> = new Set(['logistic-regression', 'elastic-net'])
/** Milliseconds between two states. */
const interval = 400

interface LiveInput {
  readonly job: AutomlJob
  readonly data: TrainingData
  readonly metric: MetricName
  readonly search: Pick<Search, 'expectedTrials' | 'isInPortfolio'>
  readonly advice: PortfolioAdvice
  readonly now: () => number
  readonly emit: (event: AutomlEvent) => Promise<void>
  readonly report: (progress: Partial<JobProgress>) => void
}

/** What the live view draws, made from the trials and sent a few times a second while something changes. */
export function createLiveState(input: LiveInput) {
  const { job, data, metric, now } = input
  const trials = new Map<number, TrialRecord>()
  const history: AutomlState['history'] = []
  let phase: AutomlState['phase'] = 'portfolio'
  let sentAt = Number.NEGATIVE_INFINITY
  let baseline: number | null = null
  const budget = job.specification.budgetSeconds
  const advice = shownAdvice(input.advice)

  function rowOf(trial: TrialRecord, rank = 0): LeaderboardRow {
    return {
      rank,
      trialId: trial.trialId,
      runId: trial.runId,
      learner: trial.learner,
      learnerTitle: trial.learnerTitle,
      params: { ...trial.parameters },
      score: meanScore(trial),
      scoreStd: scoreDeviation(trial),
      foldScores: Array.from(trial.foldScores).filter((score) => !Number.isNaN(score)),
      fitSeconds: trial.fitSeconds,
      predictMicrosPerRow: trial.predictMicrosPerRow,
      sizeBytes: trial.sizeBytes,
      members: 1,
    }
  }

  function state(): AutomlState {
    const order = ranked(trials.values(), metric)
    const [best] = order
    const deviation = best ? (1.96 * scoreDeviation(best)) / Math.sqrt(best.foldScores.length) : 0
    return {
      jobId: job.jobId,
      experimentId: job.experimentId,
      experimentName: job.experimentName,
      dataset: job.dataset,
      target: data.target.name,
      task: data.target.task,
      classes: [...data.target.classes],
      metric,
      budgetSeconds: budget,
      elapsedSeconds: now(),
      phase,
      trials: [...trials.values()].map((trial) => ({
        trialId: trial.trialId,
        runId: trial.runId,
        learner: trial.learner,
        learnerTitle: trial.learnerTitle,
        state: trial.state,
        params: { ...trial.parameters },
        fidelity: trial.fraction,
        score: trial.state === 'succeeded' ? meanScore(trial) : null,
        scoreStd: trial.state === 'succeeded' ? scoreDeviation(trial) : null,
        startedAt: trial.startedAt,
        seconds: trial.endedAt === null ? null : trial.endedAt - trial.startedAt,
        message: trial.message,
      })),
      expectedTrials: Math.max(trials.size, input.search.expectedTrials(now())),
      leaderboard: order.slice(0, shownRows).map((trial, at) => rowOf(trial, at + 1)),
      history,
      baseline,
      // The interval of a mean over folds; the final one is by bootstrap.
      best: best
        ? {
            trialId: best.trialId,
            runId: best.runId,
            learner: best.learner,
            score: { value: meanScore(best), low: meanScore(best) - deviation, high: meanScore(best) + deviation },
          }
        : null,
      parity: null,
      warnings: [...data.warnings],
      advice,
      endReason: null,
    }
  }

  function send(force: boolean): void {
    const at = performance.now()
    const done = [...trials.values()].filter(({ state: each }) => each === 'succeeded').length
    const [best] = ranked(trials.values(), metric)
    input.report({
      title:
        phase === 'portfolio' || phase === 'search'
          ? 'Training'
          : phase === 'ensemble'
            ? 'Choosing the winner'
            : 'Exporting',
      fraction: Math.min(
        phase === 'portfolio' || phase === 'search' ? 0.9 : phase === 'ensemble' ? 0.92 : 0.96,
        now() / budget,
      ),
      detail: `${done} trials${best ? `, best ${metric} ${meanScore(best).toPrecision(4)}` : ''}`,
      rate: { value: done / Math.max(0.1, now()), unit: 'trials' },
      secondsLeft: Math.max(0, budget - now()),
    })
    if (!force && at - sentAt < interval) return
    sentAt = at
    void input.emit({ type: 'state', state: state() })
  }

  function remember(trial: TrialRecord): void {
    const score = meanScore(trial)
    if (baseline === null && linearLearners.has(trial.learner)) baseline = score
    // Scores of a part of the rows count only until there is one of all of them. Finalists come twice: after their repeats
    // the line goes to what they reach over all folds, which is often less than the luck of the first ones.
    const [best] = comparable(ranked(trials.values(), metric))
    if (!best || trial.fraction < best.fraction) return
    history.push({ seconds: now(), trialId: trial.trialId, score, best: meanScore(best) })
  }

  return {
    rowOf,
    started(trial: TrialRecord): void {
      trials.set(trial.trialId, trial)
      send(false)
    },
    ended(trial: TrialRecord): void {
      trials.set(trial.trialId, trial)
      if (phase === 'portfolio' && !input.search.isInPortfolio) phase = 'search'
      if (trial.state === 'succeeded') remember(trial)
      send(false)
    },
    phase(next: AutomlState['phase']): void {
      phase = next
      send(true)
    },
    /** The last state: with the winner on top, the certificate, and why the search ended. */
    done(end: {
      readonly best: NonNullable<AutomlState['best']>
      readonly parity: ParityCertificate
      readonly endReason: string
      readonly ensemble: LeaderboardRow | null
    }): AutomlState {
      phase = 'done'
      const last = state()
      const leaderboard = end.ensemble
        ? [end.ensemble, ...last.leaderboard.map((row) => ({ ...row, rank: row.rank + 1 }))]
        : last.leaderboard
      if (end.ensemble)
        history.push({
          seconds: now(),
          trialId: end.ensemble.trialId,
          score: end.ensemble.score,
          best: end.ensemble.score,
        })
      return { ...last, history, leaderboard, best: end.best, parity: end.parity, endReason: end.endReason }
    },
  }
}

function shownAdvice({ configurations, features, ...advice }: PortfolioAdvice): NonNullable<AutomlState['advice']> {
  return {
    ...advice,
    features: [...features],
    configurations: configurations.map(({ learner, parameters, chance }) => ({
      learner,
      params: { ...parameters },
      chance,
    })),
  }
}

export type LiveState = ReturnType<typeof createLiveState>
