/** A model that may join the ensemble: its out-of-fold predictions, all over the same rows. */
export interface Candidate {
  readonly values: Float64Array
}

export interface SelectedEnsemble {
  /** Share of each candidate, adding up to 1; 0 for those left out. */
  readonly weights: Float64Array
  readonly loss: number
}

/** Rounds without a better mean after which there will hardly be one. */
const patience = 5

/**
 * Greedy selection with replacement (Caruana et al. 2004): starting from nothing, again and again the candidate that
 * makes the mean of the chosen predictions best is added; the best mean on the way is kept. Ties go to the first.
 * `loss` is of mean predictions; less is better.
 */
export function selectEnsemble(
  candidates: readonly Candidate[],
  loss: (values: Float64Array) => number,
  rounds = 25,
): SelectedEnsemble {
  const size = candidates[0]?.values.length ?? 0
  const counts = new Float64Array(candidates.length)
  const sum = new Float64Array(size)
  const mean = new Float64Array(size)
  let best: SelectedEnsemble = { weights: new Float64Array(candidates.length), loss: Number.POSITIVE_INFINITY }
  let bestRound = 0
  for (let round = 1; round <= rounds && round - bestRound <= patience; round++) {
    let chosen = -1
    let chosenLoss = Number.POSITIVE_INFINITY
    for (const [index, { values }] of candidates.entries()) {
      for (let i = 0; i < size; i++) mean[i] = ((sum[i] as number) + (values[i] as number)) / round
      const tried = loss(mean)
      if (tried < chosenLoss) {
        chosenLoss = tried
        chosen = index
      }
    }
    if (chosen < 0) break
    counts[chosen] = (counts[chosen] as number) + 1
    const { values } = candidates[chosen] as Candidate
    for (let i = 0; i < size; i++) sum[i] = (sum[i] as number) + (values[i] as number)
    // A tiny gain is not worth another member.
    const isBetter = !Number.isFinite(best.loss) || chosenLoss < best.loss - 1e-9 * Math.abs(best.loss)
    if (!isBetter) continue
    best = { weights: counts.map((count) => count / round), loss: chosenLoss }
    bestRound = round
  }
  return best
}
