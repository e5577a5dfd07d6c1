/**
 * How much of a pair's joint partial dependence is not the sum of two single ones (Friedman & Popescu 2008, H²): 0 for a
 * sum, 1 where neither column does anything alone. `mean` is [point of the first][point of the second]; points are
 * weighted by their rows, so that corners nobody lives in do not count. 0 where the dependence is flat.
 */
export function pairInteraction(mean: readonly (readonly number[])[], counts: readonly (readonly number[])[]): number {
  const ofFirst = counts.map((row) => row.reduce((sum, count) => sum + count, 0))
  const ofSecond = (counts[0] ?? []).map((_, b) => counts.reduce((sum, row) => sum + (row[b] as number), 0))
  const total = ofFirst.reduce((sum, count) => sum + count, 0)
  if (total === 0) return 0
  // Independent weights: then the decomposition into means and a rest is orthogonal.
  const weightAt = (a: number, b: number) => ((ofFirst[a] as number) * (ofSecond[b] as number)) / total ** 2
  const each = (visit: (a: number, b: number, value: number) => void) => {
    for (const [a, row] of mean.entries()) for (const [b, value] of row.entries()) visit(a, b, value)
  }
  let centre = 0
  each((a, b, value) => {
    centre += weightAt(a, b) * value
  })
  const alongFirst = new Float64Array(ofFirst.length)
  const alongSecond = new Float64Array(ofSecond.length)
  each((a, b, value) => {
    alongFirst[a] = (alongFirst[a] as number) + ((ofSecond[b] as number) / total) * (value - centre)
    alongSecond[b] = (alongSecond[b] as number) + ((ofFirst[a] as number) / total) * (value - centre)
  })
  let rest = 0
  let all = 0
  each((a, b, value) => {
    const from = value - centre
    rest += weightAt(a, b) * (from - (alongFirst[a] as number) - (alongSecond[b] as number)) ** 2
    all += weightAt(a, b) * from ** 2
  })
  // Less than rounding of the predictions is flat.
  return all <= 1e-24 * Math.max(1, centre ** 2) ? 0 : Math.min(1, rest / all)
}
