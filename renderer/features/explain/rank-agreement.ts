/** Rank correlation (Spearman) of the sizes of two lists, 1 for the same order; equal sizes share their rank. NaN for fewer than two. */
export function rankAgreement(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)]
  const n = x.length
  if (n < 2) return Number.NaN
  const mean = (n - 1) / 2
  let [product, squaresX, squaresY] = [0, 0, 0]
  for (const [i, rank] of x.entries()) {
    const [dx, dy] = [rank - mean, (y[i] ?? 0) - mean]
    product += dx * dy
    squaresX += dx * dx
    squaresY += dy * dy
  }
  if (squaresX === 0 || squaresY === 0) return squaresX === squaresY ? 1 : 0
  return product / Math.sqrt(squaresX * squaresY)
}

function ranks(values: readonly number[]): number[] {
  const sizes = values.map(Math.abs)
  return sizes.map((size) => {
    const below = sizes.filter((other) => other < size).length
    const equal = sizes.filter((other) => other === size).length
    return below + (equal - 1) / 2
  })
}
