import type { Task } from '../frame/frame.ts'
import { randomStream, shuffledIndices } from '../random.ts'

export interface Fold {
  /** Row indices, rising. */
  readonly train: Int32Array
  readonly validation: Int32Array
}

export interface FoldsInput {
  /** Class codes or numbers of the rows to be split; rows are 0..n-1 of it. */
  readonly labels: Float64Array
  readonly task: Task
  readonly folds: number
  readonly seed: number
  /** Rows of one group never part; null: no groups. */
  readonly groups?: Int32Array | null
  /** Time of each row: then each fold is validated on rows later than all it trains on; null: no order. */
  readonly times?: Float64Array | null
}

/**
 * Cross-validation folds. Classes are spread evenly (regressions by quantile of the label); a class with fewer rows than
 * folds is spread as far as it goes. Groups stay together, the largest first into the smallest fold. With times, an
 * expanding window (Bergmeir & Benítez 2012): fold f trains on what comes before its validation block.
 */
export function makeFolds(input: FoldsInput): Fold[] {
  const n = input.labels.length
  if (input.times) return timeFolds(input.times, Math.min(input.folds, Math.max(1, n - 1)))
  const foldOf = input.groups ? foldsByGroup(input.groups, input.folds, input.seed) : foldsByStratum(input)
  return Array.from({ length: input.folds }, (_, fold) => splitAt(foldOf, fold)).filter(
    ({ train, validation }) => train.length > 0 && validation.length > 0,
  )
}

/** One stratified split: the share of rows held out for validation. */
export function makeHoldout(input: Omit<FoldsInput, 'folds'>, share: number): Fold {
  const folds = Math.max(2, Math.round(1 / share))
  if (input.times) {
    const order = orderByTime(input.times)
    const cut = Math.floor(order.length * (1 - share))
    return { train: order.slice(0, cut).sort(), validation: order.slice(cut).sort() }
  }
  return makeFolds({ ...input, folds })[0] as Fold
}

function splitAt(foldOf: Uint8Array, fold: number): Fold {
  const train: number[] = []
  const validation: number[] = []
  for (const [row, own] of foldOf.entries()) (own === fold ? validation : train).push(row)
  return { train: Int32Array.from(train), validation: Int32Array.from(validation) }
}

function foldsByStratum({ labels, task, folds, seed }: FoldsInput): Uint8Array {
  const n = labels.length
  const order = Array.from(shuffledIndices(n, randomStream(seed, 0xf01d)))
  // Within a stratum in random order, then dealt out one by one: every fold gets its share of each.
  const position = new Int32Array(n)
  for (const [at, row] of order.entries()) position[row] = at
  const stratum = task === 'regression' ? quantileStrata(labels, folds) : Int32Array.from(labels)
  order.sort(
    (a, b) => (stratum[a] as number) - (stratum[b] as number) || (position[a] as number) - (position[b] as number),
  )
  const foldOf = new Uint8Array(n)
  for (const [at, row] of order.entries()) foldOf[row] = at % folds
  return foldOf
}

/** Strata of `folds` neighbouring labels each would be enough; ten of them keep the draw random. */
function quantileStrata(labels: Float64Array, folds: number): Int32Array {
  const order = Array.from(labels.keys()).sort((a, b) => (labels[a] as number) - (labels[b] as number) || a - b)
  const strata = new Int32Array(labels.length)
  const size = folds * 10
  for (const [at, row] of order.entries()) strata[row] = Math.floor(at / size)
  return strata
}

function foldsByGroup(groups: Int32Array, folds: number, seed: number): Uint8Array {
  const sizes = new Map<number, number>()
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  const names = [...sizes.keys()].sort((a, b) => a - b)
  const drawn = shuffledIndices(names.length, randomStream(seed, 0x6709))
  const order = Array.from(drawn, (at) => names[at] as number).sort(
    (a, b) => (sizes.get(b) as number) - (sizes.get(a) as number),
  )
  const rowsIn = new Float64Array(folds)
  const foldOfGroup = new Map<number, number>()
  for (const group of order) {
    let smallest = 0
    for (let fold = 1; fold < folds; fold++)
      if ((rowsIn[fold] as number) < (rowsIn[smallest] as number)) smallest = fold
    foldOfGroup.set(group, smallest)
    rowsIn[smallest] = (rowsIn[smallest] as number) + (sizes.get(group) as number)
  }
  return Uint8Array.from(groups, (group) => foldOfGroup.get(group) as number)
}

function timeFolds(times: Float64Array, folds: number): Fold[] {
  const order = orderByTime(times)
  const block = Math.floor(order.length / (folds + 1))
  return Array.from({ length: folds }, (_, fold) => {
    const start = order.length - (folds - fold) * block
    return { train: order.slice(0, start).sort(), validation: order.slice(start, start + block).sort() }
  }).filter(({ train, validation }) => train.length > 0 && validation.length > 0)
}

function orderByTime(times: Float64Array): Int32Array {
  const rows = Int32Array.from({ length: times.length }, (_, row) => row)
  return rows.sort((a, b) => (times[a] as number) - (times[b] as number) || a - b)
}
