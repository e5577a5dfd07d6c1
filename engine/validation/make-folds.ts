import type { Task } from '../frame/frame.ts'
import { randomStream, shuffledIndices } from '../random.ts'
import type { Fold } from './fold.ts'
import { groupCount, groupParts } from './group-parts.ts'
import { ranksOf } from './ranks.ts'
import { timeFolds } from './time-folds.ts'

export interface FoldsInput {
  /** Class codes or numbers of the rows to be split; rows are 0..n-1 of it. */
  readonly labels: Float64Array
  readonly task: Task
  /** At most 255. */
  readonly folds: number
  readonly seed: number
  /** Rows of one group never part; null: no groups. */
  readonly groups?: Int32Array | null
  /** Time of each row: then each fold is validated on rows later than all it trains on; null: no order. None is NaN. */
  readonly times?: Float64Array | null
}

/** Of a hold-out in time with groups, one group in three is validated, and the others are trained on. */
const holdoutGroupParts = 3

/**
 * Cross-validation folds. Classes are spread evenly (regressions by quantile of the label); a class with fewer rows than
 * folds is spread as far as it goes. Groups stay together and spread the classes as well as they can. With times, an
 * expanding window; with both, new groups in a later time (time-folds.ts). None where the rows cannot be split: one
 * group, one time.
 */
export function makeFolds(input: FoldsInput): Fold[] {
  const { labels, times, groups } = input
  const n = labels.length
  const folds = Math.min(input.folds, Math.max(1, n - 1))
  if (times) {
    // The first block is only trained on.
    const starts = Array.from({ length: folds }, (_, fold) => (fold + 1) / (folds + 1))
    return timeFolds({ times, starts, ...partsInTime(input, folds) })
  }
  const foldOf = groups
    ? groupParts({ ...withClasses(input), groups, parts: folds })
    : foldsByStratum({ ...input, folds })
  return Array.from({ length: folds }, (_, fold) => splitAt(foldOf, fold)).filter(
    ({ train, validation }) => train.length > 0 && validation.length > 0,
  )
}

/** One split: the share of rows held out for validation, the latest ones with times. Null where the rows cannot be split. */
export function makeHoldout(input: Omit<FoldsInput, 'folds'>, share: number): Fold | null {
  const folds = Math.max(2, Math.round(1 / share))
  const { times } = input
  if (times) {
    const [fold] = timeFolds({ times, starts: [1 - share], ...partsInTime({ ...input, folds }, holdoutGroupParts) })
    return fold ?? null
  }
  const foldOf = input.groups
    ? groupParts({ ...withClasses(input), groups: input.groups, parts: folds })
    : foldsByStratum({ ...input, folds })
  const fold = splitAt(foldOf, 0)
  return fold.train.length > 0 && fold.validation.length > 0 ? fold : null
}

function partsInTime(input: FoldsInput, wanted: number): { parts: Uint8Array | null; nParts: number } {
  if (!input.groups) return { parts: null, nParts: 1 }
  const nParts = Math.min(wanted, groupCount(input.groups))
  return { parts: groupParts({ ...withClasses(input), groups: input.groups, parts: nParts }), nParts }
}

function withClasses({ labels, task, seed }: Pick<FoldsInput, 'labels' | 'task' | 'seed'>) {
  return { classes: task === 'regression' ? null : labels, seed }
}

function splitAt(foldOf: Uint8Array, fold: number): Fold {
  let held = 0
  for (const own of foldOf) if (own === fold) held += 1
  const train = new Int32Array(foldOf.length - held)
  const validation = new Int32Array(held)
  let inTrain = 0
  let inValidation = 0
  for (let row = 0; row < foldOf.length; row++) {
    if (foldOf[row] === fold) validation[inValidation++] = row
    else train[inTrain++] = row
  }
  return { train, validation }
}

/** Within a stratum in random order, dealt out one by one: every fold gets its share of each. */
function foldsByStratum({ labels, task, folds, seed }: FoldsInput): Uint8Array {
  const stratum = task === 'regression' ? quantileStrata(labels, folds) : Int32Array.from(labels)
  const strata = stratum.reduce((most, each) => Math.max(most, each), 0) + 1
  // Strata one after another: where each begins, dealing goes on from the one before.
  const next = new Int32Array(strata + 1)
  for (const each of stratum) next[each + 1] = (next[each + 1] as number) + 1
  for (let each = 1; each <= strata; each++) next[each] = (next[each] as number) + (next[each - 1] as number)
  const foldOf = new Uint8Array(labels.length)
  for (const row of shuffledIndices(labels.length, randomStream(seed, 0xf01d))) {
    const own = stratum[row] as number
    foldOf[row] = (next[own] as number) % folds
    next[own] = (next[own] as number) + 1
  }
  return foldOf
}

/** Strata of `folds` neighbouring labels each would be enough; ten of them keep the draw random. */
function quantileStrata(labels: Float64Array, folds: number): Int32Array {
  const size = folds * 10
  return ranksOf(labels).map((rank) => Math.floor(rank / size))
}
