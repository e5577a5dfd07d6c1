import type { Kernels } from '../kernels.ts'
import { viewMemory } from '../memory-views.ts'
import { plainBinning } from './binning.ts'
import { plainCategorySplits } from './category-splits.ts'
import { plainColumns } from './columns.ts'
import { exp, log } from './exp-log.ts'
import { plainFloatProduct } from './float-product.ts'
import { plainForest } from './forest.ts'
import { plainGram } from './gram.ts'
import { plainHistograms } from './histograms.ts'
import { plainLogistic } from './logistic.ts'
import { plainLosses } from './losses.ts'
import { plainMatrix } from './matrix.ts'
import { plainNetwork } from './network.ts'
import { plainPartition } from './partition.ts'
import { plainRoundedProduct } from './rounded-product.ts'
import { plainSplits } from './splits.ts'
import { plainTreeScores } from './tree-scores.ts'

/** The kernels in TypeScript: test oracle, and fallback where WebAssembly SIMD is missing. */
export function createPlainKernels(buffer: SharedArrayBuffer): Kernels {
  const views = viewMemory(buffer)
  return {
    exp,
    log,
    ...plainHistograms(views),
    ...plainPartition(views),
    ...plainSplits(views),
    ...plainCategorySplits(views),
    ...plainBinning(views),
    ...plainLosses(views),
    ...plainMatrix(views),
    ...plainFloatProduct(views),
    ...plainRoundedProduct(views),
    ...plainNetwork(views),
    ...plainTreeScores(views),
    ...plainColumns(views),
    ...plainForest(views),
    ...plainGram(views),
    ...plainLogistic(views),
  }
}
