import { histogramBytes, missingBin } from './sizes.as'

/** A feature whose bins have an order. */
const numeric: u8 = 1
/** Most categories on the side that is listed (kernels.ts). */
const mostCategories: i32 = 32

// Where a rules block holds what (kernels.ts says what it means).
const gradientAt: usize = 0
const hessianAt: usize = 8
const lambdaAt: usize = 16
const leastHessianAt: usize = 24
const leastGainAt: usize = 32
const categoryLambdaAt: usize = 40
const smoothingAt: usize = 48
const leastCategoryHessianAt: usize = 56
const leastGroupHessianAt: usize = 64
const oneVersusRestAt: usize = 72

// Where a split record holds what.
const gainAt: usize = 0
const featureAt: usize = 8
const binAt: usize = 16
const missingAt: usize = 24
const leftAt: usize = 32
const setAt: usize = 48

/** A place in a list of ordered categories: its key as f64, its bin as u32. */
const placeBytes: usize = 16
const listBytes: usize = 32 * placeBytes

function score(gradient: f64, hessian: f64, lambda: f64): f64 {
  return (gradient * gradient) / (hessian + lambda)
}

function addToSet(record: usize, bin: u32): void {
  const word = record + setAt + ((<usize>(bin >> 5)) << 2)
  store<u32>(word, load<u32>(word) | ((<u32>1) << (bin & 31)))
}

/** Whether a split of `feature` takes the place of the record's: the better one, of equal ones the lower feature. */
function isBetter(record: usize, gain: f64, feature: i32): bool {
  const known = load<f64>(record, gainAt)
  const holder = load<f64>(record, featureAt)
  return gain > known || (gain == known && (holder == -1 || holder > <f64>feature))
}

function writeSplit(record: usize, gain: f64, feature: i32, gradient: f64, hessian: f64): void {
  store<f64>(record, gain, gainAt)
  store<f64>(record, <f64>feature, featureAt)
  store<f64>(record, -1, binAt)
  store<f64>(record, 0, missingAt)
  store<f64>(record, gradient, leftAt)
  store<f64>(record, hessian, leftAt + 8)
  memory.fill(record + setAt, 0, 32)
}

/** Puts a bin into an ascending list of the lowest keys; of equal keys the new one comes last, or first. */
function insert(list: usize, size: i32, key: f64, bin: u32, first: bool): void {
  let at = list + <usize>min(size, mostCategories) * placeBytes
  if (size >= mostCategories) {
    const last = load<f64>(at - placeBytes)
    if (!(key < last || (first && key == last))) return
    at -= placeBytes
  }
  while (at > list) {
    const before = load<f64>(at - placeBytes)
    if (!(key < before || (first && key == before))) break
    v128.store(at, v128.load(at - placeBytes))
    at -= placeBytes
  }
  store<f64>(at, key)
  store<u32>(at, bin, 8)
}

function oneVersusRest(cells: usize, nBins: i32, feature: i32, rules: usize, record: usize): void {
  const gradients = load<f64>(rules, gradientAt)
  const hessians = load<f64>(rules, hessianAt)
  const lambda = load<f64>(rules, lambdaAt)
  const leastHessian = load<f64>(rules, leastHessianAt)
  const parent = score(gradients, hessians, lambda)
  let bestGain = load<f64>(rules, leastGainAt)
  let bestBin = -1
  for (let i = 0; i <= nBins; i++) {
    const bin = i == nBins ? <i32>missingBin : i
    const gradient = load<f64>(cells + ((<usize>bin) << 4))
    const hessian = load<f64>(cells + ((<usize>bin) << 4), 8)
    if (!(hessian > 0) || hessian < leastHessian || hessians - hessian < leastHessian) continue
    const gain = score(gradient, hessian, lambda) + score(gradients - gradient, hessians - hessian, lambda) - parent
    if (gain > bestGain) {
      bestGain = gain
      bestBin = bin
    }
  }
  if (bestBin < 0 || !isBetter(record, bestGain, feature)) return
  const cell = cells + ((<usize>bestBin) << 4)
  writeSplit(record, bestGain, feature, load<f64>(cell), load<f64>(cell, 8))
  addToSet(record, bestBin)
}

function bestCut(cells: usize, nBins: i32, feature: i32, rules: usize, scratch: usize, record: usize): void {
  const gradients = load<f64>(rules, gradientAt)
  const hessians = load<f64>(rules, hessianAt)
  const leastHessian = load<f64>(rules, leastHessianAt)
  const smoothing = load<f64>(rules, smoothingAt)
  const leastCategoryHessian = load<f64>(rules, leastCategoryHessianAt)
  const leastGroupHessian = load<f64>(rules, leastGroupHessianAt)
  let size = 0
  for (let i = 0; i <= nBins; i++) {
    const bin = i == nBins ? <u32>missingBin : <u32>i
    const hessian = load<f64>(cells + ((<usize>bin) << 4), 8)
    if (!(hessian > 0) || hessian < leastCategoryHessian) continue
    const key = load<f64>(cells + ((<usize>bin) << 4)) / (hessian + smoothing)
    insert(scratch, size, key, bin, false)
    insert(scratch + listBytes, size, -key, bin, true)
    size++
  }
  const most = min((size + 1) >> 1, mostCategories)
  const lambda = load<f64>(rules, lambdaAt) + load<f64>(rules, categoryLambdaAt)
  const parent = score(gradients, hessians, load<f64>(rules, lambdaAt))
  let bestGain = load<f64>(rules, leastGainAt)
  let bestList: usize = 0
  let bestCount = 0
  let bestGradient = 0.0
  let bestHessian = 0.0
  for (let list = scratch; list <= scratch + listBytes; list += listBytes) {
    let gradient = 0.0
    let hessian = 0.0
    let group = 0.0
    for (let i = 0; i < most; i++) {
      const cell = cells + ((<usize>load<u32>(list + <usize>i * placeBytes, 8)) << 4)
      const own = load<f64>(cell, 8)
      gradient += load<f64>(cell)
      hessian += own
      group += own
      if (hessian < leastHessian || group < leastGroupHessian) continue
      const rest = hessians - hessian
      if (rest < leastHessian || rest < leastGroupHessian) break
      group = 0
      const gain = score(gradient, hessian, lambda) + score(gradients - gradient, rest, lambda) - parent
      if (gain > bestGain) {
        bestGain = gain
        bestList = list
        bestCount = i + 1
        bestGradient = gradient
        bestHessian = hessian
      }
    }
  }
  if (bestCount == 0 || !isBetter(record, bestGain, feature)) return
  writeSplit(record, bestGain, feature, bestGradient, bestHessian)
  for (let i = 0; i < bestCount; i++) addToSet(record, load<u32>(bestList + <usize>i * placeBytes, 8))
}

export function findCategorySplit(
  cells: usize,
  nFeatures: i32,
  binCounts: usize,
  flags: usize,
  rules: usize,
  scratch: usize,
  record: usize,
): void {
  for (let f = 0; f < nFeatures; f++) {
    if (load<u8>(flags + <usize>f) & numeric) continue
    const first = cells + <usize>f * histogramBytes
    const nBins = load<i32>(binCounts + ((<usize>f) << 2))
    let present = load<f64>(first + ((<usize>missingBin) << 4), 8) > 0 ? 1 : 0
    for (let bin = 0; bin < nBins; bin++) present += <i32>(load<f64>(first + ((<usize>bin) << 4), 8) > 0)
    if (present < 2) continue
    if (<f64>present <= load<f64>(rules, oneVersusRestAt)) oneVersusRest(first, nBins, f, rules, record)
    else bestCut(first, nBins, f, rules, scratch, record)
  }
}
