import type { AutomlSpecification } from '../../shared/domain/training.ts'
import { learnableQuantiles } from '../../shared/domain/training.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { usageError } from '../usage-error.ts'

/** Flags for what matters in a model. */
export const choiceOptions: readonly OptionDefinition[] = [
  {
    name: 'prefer',
    value: 'WHAT',
    choices: ['accuracy', 'simple', 'fast'],
    summary: 'best score (default); or one model that is easy to follow, or quick, within a standard error of it',
  },
  {
    name: 'threshold',
    value: 'RULE',
    summary: 'two classes: where "yes" begins: 0.5 (default), a number, f1, f2, balanced, or cost:FALSE_ALARM:MISS',
  },
  {
    name: 'objective',
    value: 'WHAT',
    summary:
      'numbers: what is minimised: squared errors (default), absolute, huber, poisson, or quantile:0.9; others than squared by boosting alone',
  },
  {
    name: 'monotone',
    value: 'COLUMN:+,COLUMN:-',
    summary: 'the prediction may only rise (+) or only fall (-) with these columns; by boosting alone',
  },
  {
    name: 'class-weights',
    value: 'HOW',
    choices: ['none', 'balanced'],
    summary: 'balanced: every class counts alike in training, however rare it is',
  },
  { name: 'uncalibrated', summary: 'leave probabilities as the models give them, even where correcting them helps' },
]

/** `--prefer` in the contract's words. */
export function preferenceOf(given: string | undefined): AutomlSpecification['preference'] | undefined {
  return given === 'simple' || given === 'fast' ? given : given === undefined ? undefined : 'score'
}

/** `0.3`, `f1`, `f2`, `balanced`, `cost:1:10`. Throws INPUT_INVALID with what to write. */
export function thresholdOf(given: string | undefined): AutomlSpecification['threshold'] | undefined {
  if (given === undefined) return undefined
  if (given === 'f1' || given === 'f2' || given === 'balanced') return given
  const [name, falsePositive, falseNegative, more] = given.split(':')
  if (name === 'cost' && more === undefined && Number(falsePositive) > 0 && Number(falseNegative) > 0) {
    return { falsePositive: Number(falsePositive), falseNegative: Number(falseNegative) }
  }
  const threshold = Number(given)
  if (given.trim() !== '' && threshold > 0 && threshold < 1) return threshold
  throw usageError(
    `--threshold cannot be "${given}".`,
    'Write a number between 0 and 1, f1, f2, balanced, or cost:1:10 where a miss costs ten times a false alarm.',
  )
}

/** `absolute`, `quantile:0.9`. Throws INPUT_INVALID with what to write. */
export function objectiveOf(given: string | undefined): AutomlSpecification['objective'] | undefined {
  if (given === undefined) return undefined
  const [name, share, more] = given.split(':')
  const quantile = learnableQuantiles.find((each) => each === Number(share))
  if (name === 'quantile' && quantile !== undefined && more === undefined) return { quantile }
  const known = ['squared', 'absolute', 'huber', 'poisson'] as const
  const found = known.find((each) => each === given)
  if (found) return found
  throw usageError(
    `--objective cannot be "${given}".`,
    `Write ${known.join(', ')}, or quantile:Q with Q one of ${learnableQuantiles.join(', ')}.`,
  )
}

/** `age:+`, `price:-`, each a column and its direction. Throws INPUT_INVALID with what to write. */
export function monotoneOf(given: readonly string[] | undefined): AutomlSpecification['monotone'] | undefined {
  if (given === undefined) return undefined
  return Object.fromEntries(
    given.map((text) => {
      // A column's own name may have a colon.
      const at = text.lastIndexOf(':')
      const direction = { '+': 'rising', '-': 'falling' }[text.slice(at + 1)] as 'rising' | 'falling' | undefined
      if (at > 0 && direction) return [text.slice(0, at), direction]
      throw usageError(`--monotone cannot be "${text}".`, 'Write age:+ to rise with age, price:- to fall with price.')
    }),
  )
}
