import type { FitInput } from './learner.ts'

/**
 * Weights of all rows of the matrix with which the classes of the training rows count alike: their own weights times what
 * their class lacks. The sum over the training rows stays what it was.
 */
export function balancedWeights(
  { rows, labels, weights }: Pick<FitInput, 'rows' | 'labels' | 'weights'>,
  nClasses: number,
): Float64Array {
  const ofClass = new Float64Array(nClasses)
  for (const row of rows) {
    const code = labels[row] as number
    ofClass[code] = (ofClass[code] as number) + (weights?.[row] ?? 1)
  }
  const present = ofClass.filter((sum) => sum > 0).length
  const total = ofClass.reduce((sum, weight) => sum + weight, 0)
  return labels.map((label, row) => {
    const own = ofClass[label] as number
    // A class that no training row has: its validation rows keep their weights.
    return own > 0 ? ((weights?.[row] ?? 1) * total) / (present * own) : (weights?.[row] ?? 1)
  })
}
