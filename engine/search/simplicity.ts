/**
 * How easily a person follows a learner's models, from the easiest on: a tree or a weighted sum can be read as it is,
 * sums over columns in a table a column; many trees, neighbours and networks only by explanations of single rows.
 */
const classes: readonly (readonly string[])[] = [
  ['decision-tree', 'logistic-regression', 'elastic-net'],
  ['naive-bayes'],
  ['gradient-boosting'],
  ['random-forest', 'extra-trees'],
]

/** 0 for the easiest; learners that nobody has placed come last. */
export function difficultyOf(learner: string): number {
  const at = classes.findIndex((names) => names.includes(learner))
  return at < 0 ? classes.length : at
}
