import { gradientBoosting } from '../../engine/learners/gbdt/gradient-boosting.ts'
import type { Learner, Parameters } from '../../engine/learners/learner.ts'
import type { AutomlSpecification } from '../../shared/domain/training.ts'
import type { TaskName } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'

/** What is asked of every model, beyond a good score. */
export type Demands = Pick<AutomlSpecification, 'objective' | 'monotone' | 'classWeights'> & {
  readonly learners: readonly string[]
}

/** Whether a learner can do what is asked: only boosting minimises other losses, and keeps columns monotone. */
export function canMeet({ name }: Pick<Learner, 'name'>, { objective, monotone }: Demands): boolean {
  return (objective === 'squared' && Object.keys(monotone).length === 0) || name === gradientBoosting.name
}

/** Hyperparameters that every trial has, for what is asked. */
export function demandedParameters({ objective, monotone, classWeights }: Demands): Parameters {
  const directions = Object.entries(monotone).map(([column, way]) => [column, way === 'rising' ? 1 : -1])
  return {
    ...(typeof objective === 'object' ? { objective: 'quantile', quantile: objective.quantile } : {}),
    ...(typeof objective === 'string' && objective !== 'squared' ? { objective } : {}),
    ...(directions.length > 0 ? { monotone: JSON.stringify(Object.fromEntries(directions)) } : {}),
    ...(classWeights === 'balanced' ? { classWeights } : {}),
  }
}

/**
 * Throws TASK_MISMATCH, INPUT_INVALID or COLUMN_UNKNOWN for what no model can keep. `columns` are those that models may
 * use, where they are known.
 */
export function assertDemands(
  demands: Demands,
  task: TaskName,
  columns: readonly { readonly name: string; readonly type: string }[],
): void {
  const { objective, monotone, classWeights, learners } = demands
  if (objective !== 'squared' && task !== 'regression')
    throw new MaestroError(
      'TASK_MISMATCH',
      `An objective is for numbers; this target is ${task}.`,
      'Leave the objective out.',
    )
  if (classWeights === 'balanced' && task === 'regression')
    throw new MaestroError('TASK_MISMATCH', 'A number has no classes to balance.', 'Leave the class weights out.')
  const names = Object.keys(monotone)
  const isAbsolute = objective === 'absolute' || typeof objective === 'object'
  if (names.length > 0 && (task === 'multiclass' || isAbsolute))
    throw new MaestroError(
      'TASK_MISMATCH',
      `Monotone columns cannot be kept with ${isAbsolute ? 'an absolute or quantile objective' : 'more than two classes'}.`,
      'Leave one of them out.',
    )
  for (const name of names) {
    const column = columns.find((each) => each.name === name)
    if (column?.type === 'number') continue
    throw new MaestroError(
      'COLUMN_UNKNOWN',
      column
        ? `${name} is no column of numbers (${column.type}), so the prediction cannot rise or fall with it.`
        : `${name} is not among the columns that models may use.`,
      'Name columns of numbers.',
      { column: name },
    )
  }
  const unable = learners.filter((name) => !canMeet({ name }, demands))
  if (unable.length > 0)
    throw new MaestroError(
      'INPUT_INVALID',
      `${unable.join(', ')} cannot keep to this: only ${gradientBoosting.name} has other objectives and monotone columns.`,
      `Leave the learners out, or name ${gradientBoosting.name} alone.`,
    )
}

/** Throws TARGET_UNUSABLE where the objective cannot be learned from such numbers. */
export function assertCountable({ objective }: Demands, target: string, values: Float64Array): void {
  if (objective !== 'poisson' || values.every((value) => value >= 0)) return
  throw new MaestroError(
    'TARGET_UNUSABLE',
    `${target} has negative values; the Poisson objective is for counts and amounts from 0 on.`,
    'Choose another objective.',
  )
}
