import type { AutomlSpecification } from '../../shared/domain/training.ts'
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
