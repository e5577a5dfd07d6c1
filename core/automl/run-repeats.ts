import type { MetricName } from '../../engine/metrics/metrics.ts'
import { addRepeat, fitTask } from './fit-folds.ts'
import type { TrainingData } from './prepare-training.ts'
import type { TrialPool } from './trial-pool.ts'
import type { TrialRecord } from './trial-record.ts'
import { comparable, ranked } from './trial-record.ts'
import type { FittedFold } from './trial-task.ts'

export interface RepeatRun {
  readonly data: TrainingData
  readonly pool: TrialPool
  readonly metric: MetricName
  readonly now: () => number
  readonly deadline: number
  /** Judgements of a trial on all folds of a repeat that may be made at most. */
  readonly mostJudgements: number
  readonly signal: AbortSignal
}

const mostFinalists = 10
const leastFinalists = 3

/**
 * Judges the best trials on more splits of the rows, as many as the time allows: on a small table the best of a hundred
 * trials on one split is partly the luckiest. A repeat counts only when all finalists have done it, so that they stay
 * comparable. Gives the finalists; none where nothing was repeated.
 */
export async function repeatFinalists(run: RepeatRun, trials: readonly TrialRecord[]): Promise<TrialRecord[]> {
  const { data, pool } = run
  const nFolds = data.folds.length
  const repeats = data.allFolds.length / nFolds
  let finalists = chooseFinalists(comparable(ranked(trials, run.metric)))
  const secondsOf = (trial: TrialRecord) => trial.fitSeconds / pool.size
  let done = 0
  for (let repeat = 1; repeat < repeats; repeat++) {
    const left = run.deadline - run.now()
    const wanted = () => finalists.reduce((sum, trial) => sum + secondsOf(trial), 0)
    // Fewer finalists rather than no repeat; later on the field stays as it is.
    while (repeat === 1 && finalists.length > leastFinalists && wanted() > left) finalists = finalists.slice(0, -1)
    if (wanted() > left || repeat * finalists.length > run.mostJudgements || run.signal.aborted) break
    const fits = await fitRepeat(run, finalists, repeat * nFolds)
    if (!fits) break
    for (const [at, trial] of finalists.entries()) {
      addRepeat(data, trial, repeat * nFolds, fits[at] as FittedFold[])
    }
    done += 1
  }
  return done > 0 ? finalists : []
}

/** The best ones, with the best of each learner among them: an ensemble lives on different models. */
function chooseFinalists(order: readonly TrialRecord[]): TrialRecord[] {
  const firsts = order.filter((trial, at) => order.findIndex(({ learner }) => learner === trial.learner) === at)
  const others = order.filter((trial) => !firsts.includes(trial)).slice(0, Math.max(0, mostFinalists - firsts.length))
  return order.filter((trial) => firsts.includes(trial) || others.includes(trial))
}

/** Fits of all finalists on the folds from `first`; null when it was stopped or any of them failed. */
async function fitRepeat(
  run: RepeatRun,
  finalists: readonly TrialRecord[],
  first: number,
): Promise<FittedFold[][] | null> {
  const { pool, data } = run
  const nFolds = data.folds.length
  const fits = finalists.map(() => new Array<FittedFold | null>(nFolds).fill(null))
  const tasks = finalists.flatMap((trial, at) => Array.from({ length: nFolds }, (_, fold) => ({ trial, at, fold })))
  const unfit = new Set<number>()
  const stop = () => pool.stopAll()
  run.signal.addEventListener('abort', stop)
  const timer = setTimeout(stop, Math.max(0, 1000 * (run.deadline - run.now())))
  const work = async (): Promise<void> => {
    for (let next = tasks.shift(); next && unfit.size === 0; next = tasks.shift()) {
      const answer = await pool.run(fitTask(next.trial, first + next.fold, null))
      if (answer.kind === 'fitted') (fits[next.at] as FittedFold[])[next.fold] = answer.fitted
      else unfit.add(next.at)
    }
  }
  await Promise.all(Array.from({ length: pool.size }, work))
  clearTimeout(timer)
  run.signal.removeEventListener('abort', stop)
  pool.goOn()
  return unfit.size > 0 ? null : (fits as FittedFold[][])
}
