/**
 * exp and log of our own, so that no bit of a model depends on the Math functions of a JavaScript engine. Methods:
 * FreeBSD's e_exp.c and e_log.c (Sun Microsystems 1993), within one unit in the last place. Twin of exp-log.as.ts.
 */
const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10
const inverseLn2 = Math.LOG2E
const p1 = 0.16666666666666602
const p2 = -0.0027777777777015593
const p3 = 6.613756321437934e-5
const p4 = -1.6533902205465252e-6
const p5 = 4.1381367970572385e-8
/** Adding it rounds to the nearest integer: 1.5 * 2^52. */
const shifter = 6755399441055744

/** 2^k at k + 1023. */
const powersOfTwo = Float64Array.from({ length: 2047 }, (_, index) => (index === 0 ? 0 : 2 ** (index - 1023)))
const scratch = new Float64Array(1)
const scratchWords = new Uint32Array(scratch.buffer)

/** exp(x) with x clamped to -708..709, where results are normal numbers. */
export function exp(argument: number): number {
  if (Number.isNaN(argument)) return argument
  const x = argument > 709 ? 709 : argument < -708 ? -708 : argument
  const k = x * inverseLn2 + shifter - shifter
  const high = x - k * ln2High
  const low = k * ln2Low
  const r = high - low
  const t = r * r
  const c = r - t * (p1 + t * (p2 + t * (p3 + t * (p4 + t * p5))))
  const y = 1 - (low - (r * c) / (2 - c) - high)
  return y * (powersOfTwo[k + 1023] as number)
}

/** Natural logarithm of a positive normal number. */
export function log(x: number): number {
  scratch[0] = x
  const highWord = scratchWords[1] as number
  let exponent = (highWord >>> 20) - 1023
  scratchWords[1] = (highWord & 0x000fffff) | 0x3ff00000
  let fraction = scratch[0]
  if (fraction > Math.SQRT2) {
    fraction *= 0.5
    exponent++
  }
  const f = fraction - 1
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const r = odd + even
  const half = 0.5 * f * f
  return exponent * ln2High - (half - (s * (half + r) + exponent * ln2Low) - f)
}
