/** Losses of a trial, one a fold; NaN until the fold is done. */
export type FoldLosses = ArrayLike<number>

/**
 * Decides early which trials cannot matter: those that are behind on the same folds by more than the usual noise between
 * two trials (F-races, Birattari et al. 2002, with the noise pooled over trials). Folds differ far more than trials do
 * on one fold, so only paired differences are looked at.
 */
export interface Race {
  /** Remembers how two finished trials differ from fold to fold. */
  learn(trial: FoldLosses, reference: FoldLosses): void
  /** Whether the trial is behind its reference by more than noise explains. */
  isHopeless(trial: FoldLosses, reference: FoldLosses): boolean
  /** What the mean loss will probably be: the reference's, and the difference so far. */
  estimate(trial: FoldLosses, reference: FoldLosses): number
}

/** Standard errors behind the reference; 1.5 gives up one in fifteen trials that are as good. */
const margin = 1.5
/** Differences known before any trial is given up. */
const leastKnown = 3
const remembered = 20

export function createRace(): Race {
  const deviations: number[] = []
  return {
    learn(trial, reference) {
      const differences = pairedDifferences(trial, reference)
      if (differences.length < 2) return
      const mean = meanOf(differences)
      const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (differences.length - 1)
      deviations.push(Math.sqrt(variance))
      if (deviations.length > remembered) deviations.shift()
    },
    isHopeless(trial, reference) {
      const differences = pairedDifferences(trial, reference)
      if (deviations.length < leastKnown || differences.length === 0) return false
      const sorted = [...deviations].sort((a, b) => a - b)
      const noise = sorted[sorted.length >> 1] as number
      return meanOf(differences) > (margin * noise) / Math.sqrt(differences.length)
    },
    estimate(trial, reference) {
      const all = Array.from(reference).filter((loss) => !Number.isNaN(loss))
      return meanOf(all) + meanOf(pairedDifferences(trial, reference))
    },
  }
}

function pairedDifferences(trial: FoldLosses, reference: FoldLosses): number[] {
  const differences: number[] = []
  for (let fold = 0; fold < Math.min(trial.length, reference.length); fold++) {
    const difference = (trial[fold] as number) - (reference[fold] as number)
    if (Number.isFinite(difference)) differences.push(difference)
  }
  return differences
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
