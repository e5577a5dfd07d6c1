/** A smooth function to minimise: gives the value at `point` and writes the gradient. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number

export interface LbfgsOptions {
  /** Default 200. */
  readonly iterations?: number
  /** Ends when no entry of the gradient is larger. Default 1e-6. */
  readonly tolerance?: number
  /** What is known of the curvature, as an earlier call on a similar objective left it; this call goes on with it. Default: nothing. */
  readonly pairs?: CurvaturePair[]
  /** What each entry's absolute value costs besides: then the method is OWL-QN. */
  readonly l1?: Float64Array
  /** Ends early with what it has. */
  readonly shouldStop?: () => boolean
  readonly onIteration?: (iteration: number, value: number) => void
}

const memory = 10

/** A step, and what it changed in the gradient. */
export interface CurvaturePair {
  readonly s: Float64Array
  readonly y: Float64Array
  /** 1 over their product. */
  readonly rho: number
}

/**
 * Limited-memory BFGS with a backtracking line search (Nocedal & Wright 2006, algorithms 7.4 and 7.5). Changes `point`
 * in place and gives the iterations done. With `l1`, OWL-QN (Andrew & Gao 2007): gradients know of the penalty's
 * direction, steps stay within the orthant they started in, so that entries become exactly 0. All sums run in a fixed order, so the bits depend on the input only.
 */
export function minimise(objective: Objective, point: Float64Array, options: LbfgsOptions = {}): number {
  const n = point.length
  const most = options.iterations ?? 200
  const tolerance = options.tolerance ?? 1e-6
  let gradient = new Float64Array(n)
  let value = objective(point, gradient) + absolutes(point, options.l1)
  const pairs = options.pairs ?? []
  for (let iteration = 0; iteration < most; iteration++) {
    const descent = options.l1 ? pseudoGradient(point, gradient, options.l1) : gradient
    if (largest(descent) <= tolerance || options.shouldStop?.()) return iteration
    const direction = searchDirection(descent, pairs)
    if (options.l1) keepDescending(direction, descent)
    let slope = dot(direction, descent)
    if (slope >= 0) {
      // The memory has gone bad: start again from steepest descent.
      pairs.length = 0
      for (let j = 0; j < n; j++) direction[j] = -(descent[j] as number)
      slope = -dot(descent, descent)
    }
    const before = Float64Array.from(point)
    const next = new Float64Array(n)
    let length = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(descent, descent))) : 1
    let found = false
    for (let attempt = 0; attempt < 30; attempt++) {
      for (let j = 0; j < n; j++) point[j] = (before[j] as number) + length * (direction[j] as number)
      if (options.l1) stayInOrthant(point, before, descent, options.l1)
      const tried = objective(point, next) + absolutes(point, options.l1)
      const expected = options.l1 ? slopeTo(point, before, descent) : length * slope
      if (tried <= value + 1e-4 * expected) {
        remember(pairs, point, before, next, gradient)
        const gained = value - tried
        value = tried
        found = gained > 1e-12 * Math.max(1, Math.abs(value))
        break
      }
      length /= 2
    }
    options.onIteration?.(iteration, value)
    if (!found) return iteration + 1
    gradient = next
  }
  return most
}

function absolutes(point: Float64Array, l1: Float64Array | undefined): number {
  let sum = 0
  if (l1) for (let j = 0; j < point.length; j++) sum += (l1[j] as number) * Math.abs(point[j] as number)
  return sum
}

/** The direction of steepest ascent, penalty included: 0 where an entry at 0 does better to stay. */
function pseudoGradient(point: Float64Array, gradient: Float64Array, l1: Float64Array): Float64Array {
  return gradient.map((slope, j) => {
    const cost = l1[j] as number
    const at = point[j] as number
    if (at !== 0) return slope + Math.sign(at) * cost
    return slope + cost < 0 ? slope + cost : slope - cost > 0 ? slope - cost : 0
  })
}

/** Entries in which the quasi-Newton direction would climb are left out. */
function keepDescending(direction: Float64Array, descent: Float64Array): void {
  for (let j = 0; j < direction.length; j++) {
    if ((direction[j] as number) * (descent[j] as number) >= 0) direction[j] = 0
  }
}

/** Penalised entries that have changed their sign stop at 0. */
function stayInOrthant(point: Float64Array, before: Float64Array, descent: Float64Array, l1: Float64Array): void {
  for (let j = 0; j < point.length; j++) {
    if (l1[j] === 0) continue
    const sign = Math.sign(before[j] as number) || -Math.sign(descent[j] as number)
    if ((point[j] as number) * sign <= 0) point[j] = 0
  }
}

function slopeTo(point: Float64Array, before: Float64Array, descent: Float64Array): number {
  let sum = 0
  for (let j = 0; j < point.length; j++) sum += (descent[j] as number) * ((point[j] as number) - (before[j] as number))
  return sum
}

function remember(
  pairs: CurvaturePair[],
  point: Float64Array,
  before: Float64Array,
  gradient: Float64Array,
  gradientBefore: Float64Array,
): void {
  const s = point.map((value, j) => value - (before[j] as number))
  const y = gradient.map((value, j) => value - (gradientBefore[j] as number))
  const curvature = dot(s, y)
  if (curvature <= 1e-14) return
  pairs.push({ s, y, rho: 1 / curvature })
  if (pairs.length > memory) pairs.shift()
}

function searchDirection(gradient: Float64Array, pairs: readonly CurvaturePair[]): Float64Array {
  const q = Float64Array.from(gradient)
  const alphas: number[] = []
  for (let at = pairs.length - 1; at >= 0; at--) {
    const { s, y, rho } = pairs[at] as CurvaturePair
    const alpha = rho * dot(s, q)
    alphas[at] = alpha
    for (let j = 0; j < q.length; j++) q[j] = (q[j] as number) - alpha * (y[j] as number)
  }
  const last = pairs.at(-1)
  const scale = last ? dot(last.s, last.y) / dot(last.y, last.y) : 1
  for (let j = 0; j < q.length; j++) q[j] = (q[j] as number) * scale
  for (const [at, { s, y, rho }] of pairs.entries()) {
    const beta = rho * dot(y, q)
    for (let j = 0; j < q.length; j++) q[j] = (q[j] as number) + ((alphas[at] as number) - beta) * (s[j] as number)
  }
  for (let j = 0; j < q.length; j++) q[j] = -(q[j] as number)
  return q
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number)
  return sum
}

function largest(values: Float64Array): number {
  let most = 0
  for (const value of values) most = Math.max(most, Math.abs(value))
  return most
}
