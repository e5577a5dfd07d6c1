import { scramble } from '../../random.ts'
import type { Kernels } from '../kernels.ts'
import type { MemoryViews } from '../memory-views.ts'

type NetworkKernels = Pick<Kernels, 'gatherRows' | 'rectify' | 'addBias' | 'scaleAndSum' | 'addFloats' | 'adamStep'>

const { fround } = Math
const firstDecay = fround(0.9)
const firstShare = fround(0.1)
const secondDecay = fround(0.999)
const secondShare = fround(0.001)
const epsilon = fround(1e-8)
/** Moments below this are taken for zero: near the least float32, sums of them would be slow, and never reach zero. */
const leastMoment = fround(1e-30)

/** Twin of network.as.ts. */
export function plainNetwork({ uint32, float32 }: MemoryViews): NetworkKernels {
  const at = (address: number): number => float32[address >>> 2] as number
  return {
    gatherRows(from, rowBytes, places, count, out) {
      for (let i = 0; i < count; i++) {
        const row = from + (uint32[(places >>> 2) + i] as number) * rowBytes
        float32.copyWithin((out + i * rowBytes) >>> 2, row >>> 2, (row + rowBytes) >>> 2)
      }
    },
    rectify(sums, bias, residual, factors, out, nRows, width, kept, border, seed) {
      const factor = fround(kept)
      const count = nRows * width
      for (let i = 0; i < count; i++) {
        const sum = fround(at(sums + 4 * i) + at(bias + 4 * (i % width)))
        const takesPart = border === 0 || scramble(i ^ seed) >= border
        const own = sum > 0 && takesPart ? factor : 0
        float32[(factors >>> 2) + i] = own
        const value = fround(own * sum)
        float32[(out >>> 2) + i] = residual === 0 ? value : value + at(residual + 4 * i)
      }
    },
    addBias(values, bias, nRows, width) {
      for (let i = 0; i < nRows * width; i++) {
        float32[(values >>> 2) + i] = at(values + 4 * i) + at(bias + 4 * (i % width))
      }
    },
    scaleAndSum(values, factors, out, sums, nRows, width) {
      float32.fill(0, sums >>> 2, (sums >>> 2) + width)
      for (let i = 0; i < nRows * width; i++) {
        const value = at(values + 4 * i) * (factors === 0 ? 1 : at(factors + 4 * i))
        float32[(out >>> 2) + i] = value
        const column = sums + 4 * (i % width)
        float32[column >>> 2] = at(column) + fround(value)
      }
    },
    addFloats(values, count, out) {
      for (let i = 0; i < count; i++) float32[(out >>> 2) + i] = at(out + 4 * i) + at(values + 4 * i)
    },
    adamStep(parameters, gradients, first, second, count, rate, scale, shrink) {
      const [rounded, factor, share] = [fround(rate), fround(scale), fround(shrink)]
      for (let i = 0; i < count; i++) {
        const gradient = at(gradients + 4 * i)
        const m = withoutTraces(fround(fround(firstDecay * at(first + 4 * i)) + fround(firstShare * gradient)))
        const square = fround(fround(secondShare * gradient) * gradient)
        const v = withoutTraces(fround(fround(secondDecay * at(second + 4 * i)) + square))
        float32[(first >>> 2) + i] = m
        float32[(second >>> 2) + i] = v
        const size = fround(fround(fround(Math.sqrt(v)) * factor) + epsilon)
        const step = fround(fround(rounded * m) / size)
        float32[(parameters >>> 2) + i] = fround(at(parameters + 4 * i) * share) - step
      }
    },
  }
}

function withoutTraces(moment: number): number {
  return Math.abs(moment) < leastMoment ? 0 : moment
}
