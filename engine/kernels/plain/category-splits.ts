import {
  categoryRules,
  histogramBytes,
  type Kernels,
  missingBin,
  mostCategories,
  splitFlags,
  splitRecord,
} from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

interface Found {
  readonly gain: number
  readonly bins: readonly number[]
  readonly gradient: number
  readonly hessian: number
}

/** A feature's histogram, and the numbers of a rules block. */
interface Searched {
  readonly gradientOf: (bin: number) => number
  readonly hessianOf: (bin: number) => number
  readonly rule: (name: Exclude<keyof typeof categoryRules, 'bytes'>) => number
}

/** Twin of category-split.as.ts. */
export function plainCategorySplits({
  bytes,
  int32,
  uint32,
  float64,
}: MemoryViews): Pick<Kernels, 'findCategorySplit'> {
  function store(record: number, feature: number, { gain, bins, gradient, hessian }: Found): void {
    const real = record >>> 3
    const known = float64[real] as number
    const holder = float64[real + 1] as number
    if (gain < known || (gain === known && holder !== -1 && holder < feature)) return
    float64.set([gain, feature, -1, 0, gradient, hessian], real)
    const set = (record + splitRecord.set) >>> 2
    uint32.fill(0, set, set + 8)
    for (const bin of bins) uint32[set + (bin >>> 5)] = (uint32[set + (bin >>> 5)] as number) | (1 << (bin & 31))
  }

  return {
    findCategorySplit(cells, nFeatures, binCounts, flags, rules, _scratch, record) {
      for (let f = 0; f < nFeatures; f++) {
        if ((bytes[flags + f] as number) & splitFlags.numeric) continue
        const first = (cells + f * histogramBytes) >>> 3
        const searched: Searched = {
          gradientOf: (bin) => float64[first + 2 * bin] as number,
          hessianOf: (bin) => float64[first + 2 * bin + 1] as number,
          rule: (name) => float64[(rules + categoryRules[name]) >>> 3] as number,
        }
        const nBins = int32[(binCounts >>> 2) + f] as number
        const bins = [...Array.from({ length: nBins }, (_, bin) => bin), missingBin]
        const present = bins.filter((bin) => searched.hessianOf(bin) > 0)
        if (present.length < 2) continue
        const isFew = present.length <= searched.rule('oneVersusRestLevels')
        const found = isFew ? oneVersusRest(searched, present) : bestCut(searched, present)
        if (found) store(record, f, found)
      }
    },
  }
}

function oneVersusRest({ gradientOf, hessianOf, rule }: Searched, present: readonly number[]): Found | null {
  const lambda = rule('lambda')
  const parent = score(rule('gradient'), rule('hessian'), lambda)
  let best: Found | null = null
  for (const bin of present) {
    const gradient = gradientOf(bin)
    const hessian = hessianOf(bin)
    const rest = rule('hessian') - hessian
    if (hessian < rule('leastHessian') || rest < rule('leastHessian')) continue
    const gain = score(gradient, hessian, lambda) + score(rule('gradient') - gradient, rest, lambda) - parent
    if (gain > (best?.gain ?? rule('leastGain'))) best = { gain, bins: [bin], gradient, hessian }
  }
  return best
}

function bestCut({ gradientOf, hessianOf, rule }: Searched, present: readonly number[]): Found | null {
  const ranks = new Map<number, number>()
  for (const bin of present) {
    if (hessianOf(bin) < rule('leastCategoryHessian')) continue
    ranks.set(bin, gradientOf(bin) / (hessianOf(bin) + rule('smoothing')))
  }
  const ascending = [...ranks]
    .sort(([a, rankOfA], [b, rankOfB]) => (rankOfA < rankOfB ? -1 : rankOfA > rankOfB ? 1 : a - b))
    .map(([bin]) => bin)
  const most = Math.min((ranks.size + 1) >> 1, mostCategories)
  const lambda = rule('lambda') + rule('categoryLambda')
  const parent = score(rule('gradient'), rule('hessian'), rule('lambda'))
  let best: Found | null = null
  for (const order of [ascending, ascending.toReversed()]) {
    let gradient = 0
    let hessian = 0
    let group = 0
    for (const [i, bin] of order.slice(0, most).entries()) {
      gradient += gradientOf(bin)
      hessian += hessianOf(bin)
      group += hessianOf(bin)
      if (hessian < rule('leastHessian') || group < rule('leastGroupHessian')) continue
      const rest = rule('hessian') - hessian
      if (rest < rule('leastHessian') || rest < rule('leastGroupHessian')) break
      group = 0
      const gain = score(gradient, hessian, lambda) + score(rule('gradient') - gradient, rest, lambda) - parent
      if (gain > (best?.gain ?? rule('leastGain'))) best = { gain, bins: order.slice(0, i + 1), gradient, hessian }
    }
  }
  return best
}

function score(gradient: number, hessian: number, lambda: number): number {
  return (gradient * gradient) / (hessian + lambda)
}
