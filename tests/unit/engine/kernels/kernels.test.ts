import { describe, expect, test } from 'vitest'
import { createKernelMemory, type KernelSpace, openKernelSpace } from '../../../../engine/kernels/kernel-space.ts'
import {
  categoryRules,
  factorOrder,
  forestBlock,
  histogramBytes,
  type Kernels,
  lossBlock,
  productScratchBytes,
  roundingShift,
  roundingUnit,
  sortScratchBytes,
  splitFlags,
  treeNode,
} from '../../../../engine/kernels/kernels.ts'
import { type RandomStream, randomStream } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'

const first = 65_536
const size = first + 1_000_000

/** Runs the same on both implementations; all of both memories but the scratch must then agree, bit for bit. */
const spaces = (['wasm', 'plain'] as const).map((kind) => openKernelSpace(createKernelMemory(size), kind))

function expectTwins(
  fill: (space: KernelSpace, random: RandomStream) => void,
  run: (kernels: Kernels) => unknown,
  scratch: { readonly from: number; readonly bytes: number } = { from: first, bytes: 0 },
): void {
  const seed = runs++
  const [wasm, plain] = spaces.map((space) => {
    space.bytes.fill(0, first)
    fill(space, randomStream(seed))
    const result = run(space.kernels)
    space.bytes.fill(0, scratch.from, scratch.from + scratch.bytes)
    return { result, bytes: Buffer.from(new Uint8Array(space.bytes.subarray(first, size))) }
  })
  expect(wasm?.result).toEqual(plain?.result)
  expect(wasm?.bytes.equals(plain?.bytes as Buffer)).toBe(true)
}
let runs = 1

const counts = fc.integer({ min: 0, max: 257 })
const widths = fc.integer({ min: 1, max: 9 })
const bins = first
const pairs = first + 20_000
const rows = first + 40_000
const out = first + 100_000

function fillBins({ bytes, float32 }: KernelSpace, random: RandomStream, nBytes: number): void {
  for (let i = 0; i < nBytes; i++) bytes[bins + i] = random.nextBelow(12) === 0 ? 255 : random.nextBelow(40)
  for (let i = 0; i < 600; i++) float32[pairs / 4 + i] = random.nextNormal()
}

describe('the SIMD kernels and their TypeScript twins give the same bits', () => {
  test('histograms, cleared, filled and subtracted', () => {
    fc.assert(
      fc.property(counts, widths, (count, nFeatures) => {
        const stride = Math.ceil(nFeatures / 4) * 4
        expectTwins(
          (space, random) => fillBins(space, random, count * stride),
          (kernels) => {
            kernels.clearHistograms(out, nFeatures)
            kernels.addToHistograms(bins, stride, nFeatures, pairs, 8, count, out)
            const other = out + 20 * histogramBytes
            kernels.addToHistograms(bins, stride, nFeatures, pairs, 8, count >> 1, other)
            kernels.subtractHistogram(out, other, nFeatures * histogramBytes)
          },
        )
      }),
      { numRuns: 30 },
    )
  })

  test('matrix products in float64', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 11 }), widths, fc.integer({ min: 1, max: 3 }), (m, k, blocks) => {
        const right = first + 50_000
        const to = first + 100_000
        expectTwins(
          (space, random) => {
            for (let i = 0; i < 2_000; i++) space.float64[first / 8 + i] = random.nextNormal()
            for (let i = 0; i < 2_000; i++) space.float64[right / 8 + i] = random.nextNormal()
          },
          (kernels) => kernels.multiplyDoubles(first, right, to, m, k, 4 * blocks),
        )
      }),
      { numRuns: 30 },
    )
  })

  test('matrix products in float32, also with a factor transposed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 21 }),
        fc.integer({ min: 1, max: 19 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(...Object.values(factorOrder)),
        (rowsOrBlocks, k, blocks, order) => {
          const m = order === factorOrder.leftTransposed ? 4 * (rowsOrBlocks % 6) : rowsOrBlocks
          const n = 4 * blocks
          const [right, to, scratch] = [first + 50_000, first + 100_000, first + 500_000]
          expectTwins(
            (space, random) => {
              for (let i = 0; i < m * k; i++) space.float32[first / 4 + i] = random.nextNormal()
              for (let i = 0; i < k * n; i++) space.float32[right / 4 + i] = random.nextNormal()
            },
            (kernels) => kernels.multiplyFloats(first, right, to, m, k, n, order, scratch),
            { from: scratch, bytes: productScratchBytes(m, k, n) },
          )
        },
      ),
      { numRuns: 80 },
    )
  })

  test('matrix products by whole numbers, near those in float32', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 70 }),
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(...Object.values(factorOrder)),
        fc.constantFrom(1, 1e-20, 1e-33, 1e20, 0),
        (rowsOrBlocks, anyK, blocks, order, unit) => {
          const isLeftTransposed = order === factorOrder.leftTransposed
          const m = isLeftTransposed ? 4 * (rowsOrBlocks % 16) : rowsOrBlocks
          const k = isLeftTransposed ? anyK : 4 * Math.ceil(anyK / 4)
          const n = 8 * blocks
          const [right, to, scratch] = [first + 100_000, first + 200_000, first + 500_000]
          expectTwins(
            (space, random) => {
              for (let i = 0; i < m * k; i++) space.float32[first / 4 + i] = unit * random.nextNormal()
              for (let i = 0; i < k * n; i++) space.float32[right / 4 + i] = random.nextNormal()
            },
            (kernels) => kernels.multiplyRounded(first, right, to, m, k, n, order, scratch),
            { from: scratch, bytes: productScratchBytes(m, k, n) },
          )
          const { float32, kernels } = spaces[0] as KernelSpace
          const rounded = float32.slice(to / 4, to / 4 + m * n)
          kernels.multiplyFloats(first, right, to, m, k, n, order, scratch)
          // Each factor is off by half a step at the most: largest value / 2,896 · ½.
          const most = unit < 1e-30 ? unit * 20 * k : (unit * 5 * 5 * k) / 2_000
          for (const [at, value] of rounded.entries())
            expect(Math.abs(value - (float32[to / 4 + at] as number))).toBeLessThanOrEqual(most)
        },
      ),
      { numRuns: 80 },
    )
  })

  test('a layer of a neural network forwards and backwards, and a step of Adam', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(0, 2 ** 30, 2 ** 32 - 2 ** 28),
        fc.boolean(),
        (nRows, blocks, border, residual) => {
          const width = 4 * blocks
          const at = (index: number): number => first + 8_000 * index
          expectTwins(
            ({ float32, uint32 }, random) => {
              for (let i = 0; i < 8 * 2_000; i++) float32[first / 4 + i] = random.nextNormal()
              // Moments that are about to vanish, and squares that cannot be negative.
              for (let i = 0; i < 2_000; i++) float32[at(6) / 4 + i] = random.nextNormal() * 10 ** -random.nextBelow(32)
              for (let i = 0; i < 2_000; i++) float32[at(7) / 4 + i] = random.nextFloat() * 10 ** -random.nextBelow(32)
              for (let i = 0; i < 8; i++) float32[at(5) / 4 + i] = 0
              for (let i = 0; i < 9; i++) uint32[at(9) / 4 + i] = random.nextBelow(20)
            },
            (kernels) => {
              const [sums, bias, inputs, factors, out] = [at(0), at(1), at(2), at(3), at(4)]
              kernels.gatherRows(sums, 4 * width, at(9), nRows, at(10))
              const from = residual ? inputs : 0
              kernels.rectify(sums, bias, from, factors, out, nRows, width, 1.25, border, 0xdeadbeef)
              kernels.addBias(inputs, bias, nRows, width)
              kernels.scaleAndSum(inputs, residual ? factors : 0, sums, bias, nRows, width)
              kernels.addFloats(sums, nRows * width, inputs)
              kernels.adamStep(out, at(5), at(6), at(7), nRows * width, 0.01, 1.7, 0.999)
            },
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  test('columns added, multiplied and shifted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 }), (count, nColumns) => {
        const [list, scales, values, sums] = [first, first + 1_000, first + 2_000, first + 4_000] as const
        expectTwins(
          (space, random) => {
            for (let j = 0; j < nColumns; j++) space.uint32[list / 4 + j] = out + 400 * j
            for (let i = 0; i < 1_000; i++) space.float32[out / 4 + i] = random.nextNormal()
            for (let i = 0; i < 400; i++) space.float64[scales / 8 + i] = random.nextNormal()
          },
          (kernels) => {
            kernels.addColumns(list, 12, nColumns, count, scales, values)
            kernels.dotColumns(list, 12, nColumns, values, count, sums)
            kernels.shiftColumn(out, count, 0.3, sums + 400)
          },
        )
      }),
      { numRuns: 60 },
    )
  })

  test('the products of columns with columns', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 20 }), (blocks, pairsOfRows) => {
        const nColumns = 3 * blocks
        expectTwins(
          (space, random) => {
            for (let i = 0; i < 2_000; i++) space.float64[first / 8 + i] = random.nextNormal()
          },
          (kernels) => kernels.addGram(first, first + 8_000, 320, nColumns, 2 * pairsOfRows, out),
        )
      }),
      { numRuns: 30 },
    )
  })

  test('the logistic loss and its derivatives, with and without weights, over several products', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_100 }), fc.boolean(), (count, weighted) => {
        const [labels, weights] = [first + 10_000, weighted ? first + 20_000 : 0] as const
        expectTwins(
          (space, random) => {
            for (let i = 0; i < count; i++) {
              space.float64[first / 8 + i] = 20 * random.nextNormal()
              space.float64[labels / 8 + i] = random.nextBelow(2)
              if (weighted) space.float64[weights / 8 + i] = random.nextFloat()
            }
          },
          (kernels) => {
            const loss = kernels.deriveLogistic(first, labels, weights, count, out)
            for (const { bytes } of spaces) bytes.fill(0, out, out + 32)
            return loss
          },
        )
      }),
      { numRuns: 30 },
    )
  })

  test('partition, from binned rows to records to children', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), widths, (count, nFeatures) => {
        const stride = Math.ceil(nFeatures / 4) * 4
        const record = Math.ceil((stride + 12) / 8) * 8
        const table = rows
        const to = out + 200 * record
        expectTwins(
          (space, random) => {
            fillBins(space, random, count * stride)
            for (let bin = 0; bin < 256; bin++) space.bytes[table + bin] = random.nextBelow(2)
            for (let i = 0; i < count; i++) space.uint32[(rows + 512) / 4 + i] = random.nextBelow(count)
            for (let i = 0; i < nFeatures; i++) space.int32[(rows + 8192) / 4 + i] = random.nextBelow(nFeatures)
          },
          (kernels) => {
            const last = nFeatures - 1
            const end = out + (count - 1) * record
            const nLeft = kernels.scatterRoot(bins, stride, pairs, 5, count, record, last, table, out, end)
            const inner = kernels.scatterRecords(out, record, count, 0, table, to, to + (count - 1) * record)
            const extracted = out + 450 * record
            kernels.extractRecords(bins, stride, pairs, rows + 512, count, rows + 8192, nFeatures, extracted, record)
            return [nLeft, inner]
          },
        )
      }),
      { numRuns: 30 },
    )
  })

  test('split search', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 250 }), widths, fc.constantFrom(0, 0.5, 3), (count, nFeatures, lambda) => {
        const stride = Math.ceil(nFeatures / 4) * 4
        let gradient = 0
        let hessian = 0
        expectTwins(
          (space, random) => {
            fillBins(space, random, count * stride)
            gradient = 0
            hessian = 0
            for (let i = 0; i < count; i++) {
              const at = pairs / 4 + 2 * i
              // Multiples of 2^-10 add up exactly, as the rounding of gradients makes them do.
              space.float32[at] = random.nextBelow(4096) / 1024 - 2
              space.float32[at + 1] = (1 + random.nextBelow(1024)) / 1024
              gradient += space.float32[at]
              hessian += space.float32[at + 1] as number
            }
            for (let f = 0; f < nFeatures; f++) {
              space.int32[rows / 4 + f] = 40
              space.bytes[rows + 512 + f] = f % 4 === 3 ? 0 : splitFlags.numeric | splitFlags.hasMissing
            }
          },
          (kernels) => {
            kernels.addToHistograms(bins, stride, nFeatures, pairs, 8, count, out)
            const found = out + 20 * histogramBytes
            kernels.findNumericSplit(out, nFeatures, rows, rows + 512, gradient, hessian, lambda, 0.5, 1e-9, found)
          },
        )
      }),
      { numRuns: 40 },
    )
  })

  test('split search among categories, on top of a numeric split', () => {
    const rules = first + 60_000
    // Behind what is compared: what stands in the scratch is nobody's business.
    const scratch = size
    const limits = fc.record({
      lambda: fc.constantFrom(0, 0.5),
      smoothing: fc.constantFrom(0, 10),
      oneVersusRestLevels: fc.constantFrom(0, 4, 300),
      leastGroupHessian: fc.constantFrom(0, 4),
    })
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 250 }), widths, limits, (count, nFeatures, chosen) => {
        const stride = Math.ceil(nFeatures / 4) * 4
        const { lambda } = chosen
        const sums = { gradient: 0, hessian: 0 }
        const given = { ...chosen, categoryLambda: 2, leastCategoryHessian: 0.5, leastHessian: 0.5, leastGain: 1e-9 }
        expectTwins(
          (space, random) => {
            fillBins(space, random, count * stride)
            Object.assign(sums, { gradient: 0, hessian: 0 })
            for (let i = 0; i < count; i++) {
              const at = pairs / 4 + 2 * i
              // Few different ones, so that categories are equally good.
              space.float32[at] = random.nextBelow(5) / 2 - 1
              space.float32[at + 1] = (1 + random.nextBelow(2)) / 4
              sums.gradient += space.float32[at]
              sums.hessian += space.float32[at + 1] as number
            }
            for (let f = 0; f < nFeatures; f++) {
              space.int32[rows / 4 + f] = 40
              space.bytes[rows + 512 + f] = f % 3 === 2 ? splitFlags.numeric : 0
            }
            for (const [name, value] of Object.entries({ ...given, ...sums })) {
              space.float64[(rules + categoryRules[name as keyof typeof given]) / 8] = value
            }
          },
          (kernels) => {
            kernels.addToHistograms(bins, stride, nFeatures, pairs, 8, count, out)
            const found = out + 20 * histogramBytes
            const { gradient, hessian } = sums
            kernels.findNumericSplit(out, nFeatures, rows, rows + 512, gradient, hessian, lambda, 0.5, 1e-9, found)
            kernels.findCategorySplit(out, nFeatures, rows, rows + 512, rules, scratch, found)
          },
        )
      }),
      { numRuns: 60 },
    )
  })

  test('sorting and binning of floats, signed zeros, infinities and subnormals among them', () => {
    const floats = fc.array(fc.float({ noNaN: true }), { maxLength: 300 })
    fc.assert(
      fc.property(floats, fc.boolean(), (values, long) => {
        const copies = long ? 20 : 1
        const all = Float32Array.from({ length: values.length * copies }, (_, i) => values[i % values.length] as number)
        const scratch = first + 4 * all.length
        expect(scratch + 4 * all.length + sortScratchBytes).toBeLessThan(out)
        for (const { float32, kernels } of spaces) {
          float32.set(all, first / 4)
          kernels.sortFloats(first, all.length, scratch)
          expect(Array.from(float32.subarray(first / 4, first / 4 + all.length))).toEqual(Array.from(all.toSorted()))
        }
        expectTwins(
          ({ float32, float64 }) => {
            float32.set(all, first / 4)
            float32[first / 4 + all.length] = Number.NaN
            const thresholds = Float64Array.from(new Set(values)).toSorted().subarray(0, 254)
            float64.fill(Number.POSITIVE_INFINITY, out / 8, out / 8 + 256)
            float64.set(thresholds, out / 8)
          },
          (kernels) => kernels.binColumn(first, all.length + 1, out, out + 4096, 3),
        )
      }),
      { numRuns: 40 },
    )
  })

  test('losses, gradients and score updates of all three kinds, with and without weights', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 101 }),
        fc.boolean(),
        fc.integer({ min: 2, max: 5 }),
        (count, weighted, classes) => {
          const scores = first + 1024
          const labels = first + 20_000
          const weights = first + 30_000
          const ids = first + 32_000
          const marks = first + 34_000
          const values = first + 36_000
          expectTwins(
            (space, random) => {
              space.float64.set([-0.75, 3], values / 8)
              for (let i = 0; i < count * classes; i++) space.float64[scores / 8 + i] = 30 * random.nextNormal()
              for (let i = 0; i < count; i++) {
                space.float32[labels / 4 + i] = random.nextBelow(classes)
                space.float32[weights / 4 + i] = random.nextFloat()
                space.uint32[ids / 4 + 2 * i] = (i * 7) % count
              }
              const { float64, uint32 } = space
              uint32.set([scores, labels, weighted ? weights : 0, out, count, classes], first / 4)
              float64[(first + lossBlock.roundGradient) / 8] = roundingShift(count)
              float64[(first + lossBlock.roundHessian) / 8] = roundingShift(count)
              float64[(first + lossBlock.leastHessian) / 8] = roundingUnit(count)
              float64[(first + lossBlock.hessianFactor) / 8] = 1.5
            },
            (kernels) => {
              const sums = [kernels.softmaxLoss(first, 0, count), kernels.logisticLoss(first, 0, count)]
              kernels.softmaxGradients(first, 0, count)
              kernels.logisticUpdateRange(first, 0, count, 0.25)
              kernels.markLeaf(marks, ids, 8, count >> 1, 1)
              kernels.logisticUpdateMarked(first, marks, values, count >> 2, count)
              kernels.addRange(scores, 0, count, 0.125)
              kernels.addMarked(scores, marks, values, 0, count)
              return sums
            },
          )
          expectTwins(
            (space, random) => {
              for (let i = 0; i < count; i++) {
                space.float64[scores / 8 + i] = random.nextNormal()
                space.float64[labels / 8 + i] = random.nextNormal()
                space.float32[weights / 4 + i] = random.nextFloat()
                space.uint32[ids / 4 + 2 * i] = i
              }
              space.float64.set([0.1, -2], values / 8)
              space.uint32.set([scores, labels, weighted ? weights : 0, out, count, 1], first / 4)
              space.float64[(first + lossBlock.roundGradient) / 8] = roundingShift(4 * count)
            },
            (kernels) => {
              kernels.squaredUpdateRange(first, 0, count, 0.5)
              kernels.markLeaf(marks, ids, 8, count >> 1, 1)
              kernels.squaredUpdateMarked(first, marks, values, count >> 2, count)
              return kernels.squaredLoss(first, 0, count)
            },
          )
        },
      ),
      { numRuns: 40 },
    )
  })

  test('a forest’s nodes: summed, cut at the best place and at random, and parted', () => {
    fc.assert(
      fc.property(
        fc.record({
          count: fc.integer({ min: 1, max: 300 }),
          highest: fc.constantFrom(2, 60, 255),
          missing: fc.boolean(),
          fewest: fc.constantFrom(1, 1, 3),
          cut: fc.integer({ min: 0, max: 60 }),
          missingLeft: fc.integer({ min: 0, max: 1 }),
        }),
        ({ count, highest, missing, fewest, cut, missingLeft }) => {
          const [table, cells, taken] = [first + 256, first + 1_024, first + 8_000] as const
          const [ids, heldIds] = [first + 10_000, first + 12_000] as const
          const [weights, heldWeights] = [first + 16_000, first + 20_000] as const
          const [targets, heldTargets] = [first + 24_000, first + 28_000] as const
          expectTwins(
            (space, random) => {
              const { bytes, uint32, float64 } = space
              const addresses = { ids, weights, targets, heldIds, heldWeights, heldTargets, cells, taken }
              for (const [name, address] of Object.entries(addresses)) {
                uint32[(first + forestBlock[name as keyof typeof addresses]) / 4] = address
              }
              float64[(first + forestBlock.score) / 8] = -1
              for (let i = 0; i < count; i++) {
                bytes[out + i] = missing && random.nextBelow(4) === 0 ? 255 : random.nextBelow(highest)
                uint32[ids / 4 + i] = (7 * i) % count
                float64[weights / 8 + i] = 1 + random.nextBelow(3)
                float64[targets / 8 + i] = random.nextNormal()
              }
              for (let bin = 0; bin < 256; bin++) bytes[table + bin] = random.nextBelow(2)
            },
            (kernels) => {
              const from = Math.floor(count / 3)
              const results = [
                kernels.sumNode(first, from, count),
                kernels.findValueCut(first, out, from, count, fewest),
                kernels.takeBins(first, out, from, count),
                kernels.tryCut(first, from, count, cut, missingLeft, fewest),
                kernels.partRows(first, out, from, count, cut, missingLeft, 0),
              ]
              return [...results, kernels.partRows(first, out, from, count, 0, 0, table)]
            },
          )
        },
      ),
      { numRuns: 100 },
    )
  })

  test('walking a tree', () => {
    expectTwins(
      (space, random) => {
        fillBins(space, random, 400)
        for (let node = 0; node < 7; node++) {
          const at = out + node * treeNode.bytes
          space.int32[(at + treeNode.feature) / 4] = node < 3 ? random.nextBelow(4) : -1
          space.int32[(at + treeNode.left) / 4] = 2 * node + 1
          space.int32[(at + treeNode.right) / 4] = 2 * node + 2
          space.float64[(at + treeNode.value) / 8] = random.nextNormal()
          for (let bin = 0; bin < 256; bin++) space.bytes[at + treeNode.table + bin] = random.nextBelow(2)
        }
      },
      (kernels) => kernels.addTree(out, bins, 4, 100, rows),
    )
  })
})

describe('exp and log', () => {
  const [{ kernels: wasm }, { kernels: plain }] = spaces as [KernelSpace, KernelSpace]

  /** One unit in the last place of a double is 2^-52 of its value at most; the methods promise less than one. */
  const tolerance = 2 ** -52

  test('exp agrees with its twin bit for bit and with Math.exp to a unit in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: -708, max: 709, noNaN: true }), (x) => {
        expect(wasm.exp(x)).toBe(plain.exp(x))
        expect(Math.abs(plain.exp(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(tolerance)
      }),
      { numRuns: 1000 },
    )
    expect([plain.exp(0), wasm.exp(0)]).toEqual([1, 1])
    for (const kernels of [wasm, plain]) {
      expect(kernels.exp(-1e9)).toBeLessThan(1e-300)
      expect(kernels.exp(1e9)).toBe(kernels.exp(709))
      expect(kernels.exp(Number.NaN)).toBeNaN()
    }
  })

  test('log agrees with its twin bit for bit and with Math.log to a unit in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        expect(wasm.log(x)).toBe(plain.log(x))
        expect(Math.abs(plain.log(x) - Math.log(x))).toBeLessThanOrEqual(
          tolerance * Math.max(Math.abs(Math.log(x)), 1e-300),
        )
      }),
      { numRuns: 1000 },
    )
    expect([plain.log(1), wasm.log(1)]).toEqual([0, 0])
  })
})

test('gradients rounded by the shift add up exactly, in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 200 }), (values) => {
      const shift = roundingShift(values.length)
      const rounded = values.map((value) => Math.fround(value + shift - shift))
      const forth = rounded.reduce((sum, value) => sum + value, 0)
      const back = rounded.reduceRight((sum, value) => sum + value, 0)
      expect(back).toBe(forth)
      for (const [i, value] of values.entries()) {
        expect(Math.abs((rounded[i] as number) - value)).toBeLessThanOrEqual(
          2 ** -24 * Math.abs(value) + roundingUnit(values.length),
        )
      }
    }),
  )
})
