import { learnerByName } from '../../engine/learners/registry.ts'
import { truncateTrees } from '../../engine/learners/tree/truncate-trees.ts'
import type { PipelineMember } from '../../engine/pipeline/pipeline.ts'
import { meanCurve, pooledIterations } from '../../engine/search/pooled-iterations.ts'
import { isStagewise } from '../../engine/search/search-space.ts'
import type { TrainingData } from './prepare-training.ts'
import type { TrialRecord } from './trial-record.ts'
import { encodingOf, memberBytes, predictionWidth } from './trial-record.ts'
import type { FitTask, FittedFold, JudgedFold, JudgeTask } from './trial-task.ts'
import { allRows } from './trial-task.ts'

/** Trees of a forest's final model: a few hundred predict as well as a thousand, in a part of the space and time. */
const forestTrees = 300

/** The task that fits one fold of a trial (or all rows); without `secondsLimit` it gives the same bits every time. */
export function fitTask(trial: TrialRecord, fold: number, search: { readonly secondsLimit: number } | null): FitTask {
  const learner = learnerByName(trial.learner)
  return {
    kind: 'fit',
    fold,
    encoding: encodingOf(learner, trial.parameters),
    learner: trial.learner,
    parameters: trial.parameters,
    seed: trial.seed,
    fraction: trial.fraction,
    findIterations: search !== null && isStagewise(learner),
    secondsLimit: search?.secondsLimit ?? Number.POSITIVE_INFINITY,
    keptTrees: keptTreesOf(trial, fold),
  }
}

/** Trees that are kept of a forest: fewer where several make a bag. */
export function keptTreesOf(trial: TrialRecord, fold: number): number {
  return fold === allRows ? forestTrees : Math.ceil(forestTrees / trial.nFolds)
}

/** A fitted fold that has to be judged anew, since it was cut to the number of iterations that all folds share. */
export interface Rejudging {
  readonly fold: number
  readonly task: JudgeTask
}

/**
 * Chooses one number of iterations for all folds of a stagewise trial and cuts their models to it. Gives what has to be
 * judged anew.
 */
export function agreeOnIterations(trial: TrialRecord, fits: (FittedFold | null)[]): Rejudging[] {
  const learner = learnerByName(trial.learner)
  const curves = fits.map((fit) => fit?.learningCurve ?? [])
  if (!isStagewise(learner) || curves.some((curve) => curve.length === 0)) return []
  const iterations = pooledIterations(curves)
  trial.parameters = { ...trial.parameters, nTrees: iterations }
  return fits.flatMap((fit, fold): Rejudging[] => {
    if (!fit || fit.learningCurve.length === iterations) return []
    const member = withIterations(fit.member, iterations)
    fits[fold] = { ...fit, member }
    return [{ fold, task: { kind: 'judge', fold, encoding: encodingOf(learner, trial.parameters), member } }]
  })
}

function withIterations(member: PipelineMember, iterations: number): PipelineMember {
  const { model } = member
  if (model.kind !== 'trees') return member
  const treesEach = model.link === 'softmax' ? model.nOutputs : 1
  return { ...member, model: truncateTrees(model, iterations * treesEach) }
}

/** Enters the fits of all folds of the first repeat into the trial. */
export function completeTrial(data: TrainingData, trial: TrialRecord, fits: readonly (FittedFold | null)[]): void {
  trial.models = fits.flatMap((fit, fold) => (fit ? [{ fold, member: fit.member }] : []))
  trial.foldScores = Float64Array.from(fits, (fit) => fit?.score ?? Number.NaN)
  trial.fitSeconds = fits.reduce((sum, fit) => sum + (fit?.fitSeconds ?? 0), 0)
  trial.predictMicrosPerRow = fits.reduce((sum, fit) => sum + (fit?.predictMicrosPerRow ?? 0), 0)
  trial.sizeBytes = fits.reduce((sum, fit) => sum + (fit ? memberBytes(fit.member) : 0), 0)
  trial.values = new Float64Array(data.target.values.length * predictionWidth(data)).fill(Number.NaN)
  for (const [fold, fit] of fits.entries()) if (fit) placeFold(data, fold, fit, trial.values)
}

/** Adds one more repeat, whose folds are numbered from `first`. */
export function addRepeat(data: TrainingData, trial: TrialRecord, first: number, fits: readonly FittedFold[]): void {
  const repeatsBefore = trial.foldScores.length / fits.length
  trial.models = [...trial.models, ...fits.map(({ member }, at) => ({ fold: first + at, member }))]
  trial.foldScores = Float64Array.from([...trial.foldScores, ...fits.map(({ score }) => score)])
  const repeat = new Float64Array(trial.values.length).fill(Number.NaN)
  for (const [at, fit] of fits.entries()) placeFold(data, first + at, fit, repeat)
  trial.values = trial.values.map((value, at) => value + ((repeat[at] as number) - value) / (repeatsBefore + 1))
}

function placeFold(data: TrainingData, fold: number, judged: JudgedFold, values: Float64Array): void {
  const rows = data.allFolds[fold]?.validation ?? new Int32Array(0)
  const width = predictionWidth(data)
  for (const [at, row] of rows.entries()) {
    values.set(judged.values.subarray(at * width, (at + 1) * width), row * width)
  }
}

/** Mean loss on the validation rows after each iteration; empty for learners without any. */
export function learningCurveOf(fits: readonly (FittedFold | null)[]): number[] {
  return meanCurve(fits.flatMap((fit) => (fit && fit.learningCurve.length > 0 ? [fit.learningCurve] : [])))
}
