/**
 * The number of iterations at which the mean of several folds' validation losses is least. One number for all folds is
 * chosen on all rows, as a hyperparameter is; stopping each fold at its own best would make its own validation rows look
 * better than new ones. Only iterations that every fold has run are considered. Ties go to the fewest.
 */
export function pooledIterations(curves: readonly (readonly number[])[]): number {
  const common = Math.min(...curves.map((curve) => curve.length))
  let best = 1
  let least = Number.POSITIVE_INFINITY
  for (let at = 0; at < common; at++) {
    const total = curves.reduce((sum, curve) => sum + (curve[at] as number), 0)
    if (total < least) {
      least = total
      best = at + 1
    }
  }
  return best
}

/** Mean of the curves over the iterations that all have. */
export function meanCurve(curves: readonly (readonly number[])[]): number[] {
  const common = curves.length === 0 ? 0 : Math.min(...curves.map((curve) => curve.length))
  return Array.from(
    { length: common },
    (_, at) => curves.reduce((sum, curve) => sum + (curve[at] as number), 0) / curves.length,
  )
}
