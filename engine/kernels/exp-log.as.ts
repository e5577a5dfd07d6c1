// exp and log by the methods of FreeBSD's e_exp.c and e_log.c (Sun Microsystems 1993): within one unit in the last place.
// Only +, -, *, / and bit operations, in the order of exp-log.ts, so that both give the same bits everywhere.

const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10
const inverseLn2 = 1.4426950408889634
const P1 = 0.16666666666666602
const P2 = -0.0027777777777015593
const P3 = 6.613756321437934e-5
const P4 = -1.6533902205465252e-6
const P5 = 4.1381367970572385e-8
/** Adding it leaves the nearest integer in the low bits of the mantissa: 1.5 * 2^52. */
const shifter = 6755399441055744.0

/** exp of both lanes. Arguments are clamped to -708..709, where results are normal numbers. */
export function expPair(argument: v128): v128 {
  // pmin and pmax are one instruction each, where min and max have to mind signed zeros.
  const x = f64x2.pmax(f64x2.pmin(argument, f64x2.splat(709)), f64x2.splat(-708))
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(inverseLn2)), f64x2.splat(shifter))
  const k = f64x2.sub(shifted, f64x2.splat(shifter))
  const high = f64x2.sub(x, f64x2.mul(k, f64x2.splat(ln2High)))
  const low = f64x2.mul(k, f64x2.splat(ln2Low))
  const r = f64x2.sub(high, low)
  const t = f64x2.mul(r, r)
  let p = f64x2.add(f64x2.splat(P4), f64x2.mul(t, f64x2.splat(P5)))
  p = f64x2.add(f64x2.splat(P3), f64x2.mul(t, p))
  p = f64x2.add(f64x2.splat(P2), f64x2.mul(t, p))
  p = f64x2.add(f64x2.splat(P1), f64x2.mul(t, p))
  const c = f64x2.sub(r, f64x2.mul(t, p))
  const ratio = f64x2.div(f64x2.mul(r, c), f64x2.sub(f64x2.splat(2), c))
  const y = f64x2.sub(f64x2.splat(1), f64x2.sub(f64x2.sub(low, ratio), high))
  // 2^k from the integer that the shift left in the low bits.
  const power = i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52)
  return f64x2.mul(y, power)
}

export function exp(x: f64): f64 {
  return f64x2.extract_lane(expPair(f64x2.splat(x)), 0)
}

/** Natural logarithm of a positive normal number. */
export function log(x: f64): f64 {
  const bits = reinterpret<u64>(x)
  let exponent = <i32>(bits >> 52) - 1023
  let fraction = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000)
  if (fraction > 1.4142135623730951) {
    fraction = fraction * 0.5
    exponent = exponent + 1
  }
  const k = <f64>exponent
  const f = fraction - 1
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const r = odd + even
  const half = 0.5 * f * f
  return k * ln2High - (half - (s * (half + r) + k * ln2Low) - f)
}
