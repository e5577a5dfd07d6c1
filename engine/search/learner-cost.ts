import type { RandomStream } from '../random.ts'

/** What a learner's trials have cost and gained: from it follows which learner to spend the next seconds on. */
export interface LearnerCost {
  /** Seconds of all trials. */
  spent: number
  /** Seconds spent when the best loss, and the one before it, were found. */
  spentAtBest: number
  spentAtSecond: number
  bestLoss: number
  secondLoss: number
  lastSeconds: number
  /** Real over guessed seconds. */
  correction: number
  guessed: number
}

export function createLearnerCost(): LearnerCost {
  return {
    spent: 0,
    spentAtBest: 0,
    spentAtSecond: 0,
    bestLoss: Number.POSITIVE_INFINITY,
    secondLoss: Number.POSITIVE_INFINITY,
    lastSeconds: 0,
    correction: 1,
    guessed: 0,
  }
}

export function recordCost(
  cost: LearnerCost,
  trial: { readonly loss: number | null; readonly seconds: number; readonly pruned: boolean; readonly level: number },
  guessedSeconds: number,
  top: number,
): void {
  cost.spent += trial.seconds
  cost.lastSeconds = trial.seconds
  if (!trial.pruned && trial.loss !== null) {
    cost.guessed += guessedSeconds
    // Recent trials tell more than old ones, since the parameters move.
    const ratio = trial.seconds / Math.max(1e-6, guessedSeconds)
    cost.correction = cost.correction === 1 ? ratio : Math.exp(0.7 * Math.log(cost.correction) + 0.3 * Math.log(ratio))
  }
  if (trial.loss === null || trial.pruned || trial.level < top || trial.loss >= cost.bestLoss) return
  cost.secondLoss = cost.bestLoss
  cost.spentAtSecond = cost.spentAtBest
  cost.bestLoss = trial.loss
  cost.spentAtBest = cost.spent
}

/**
 * Draws a learner with a chance of one over the time it is expected to need for the next improvement (FLAML, equation of
 * section 4.2): as long as the last improvements took, and for learners that lag behind, as long as it takes to catch up
 * at their pace.
 */
export function chooseLearner(
  names: readonly string[],
  costs: ReadonlyMap<string, LearnerCost>,
  random: RandomStream,
): string {
  const all = names.map((name) => costs.get(name) as LearnerCost)
  const best = Math.min(...all.map(({ bestLoss }) => bestLoss))
  const chances = all.map((cost) => 1 / Math.max(1e-3, secondsToImprove(cost, best)))
  const total = chances.reduce((sum, chance) => sum + chance, 0)
  let drawn = random.nextFloat() * total
  for (const [index, name] of names.entries()) {
    drawn -= chances[index] as number
    if (drawn < 0) return name
  }
  return names.at(-1) as string
}

/** Expected seconds until the learner improves on the best loss of all. */
export function secondsToImprove(cost: LearnerCost, best: number): number {
  const own = Math.max(cost.spent - cost.spentAtBest, cost.spentAtBest - cost.spentAtSecond, cost.lastSeconds)
  if (!Number.isFinite(cost.bestLoss)) return Math.max(own, cost.spent)
  const gap = cost.bestLoss - best
  if (gap <= 0) return own
  const gained = Number.isFinite(cost.secondLoss) ? cost.secondLoss - cost.bestLoss : 0
  if (gained <= 0) return Math.max(own, 2 * cost.spent)
  return Math.max(own, (gap * (cost.spent - cost.spentAtSecond)) / gained)
}
