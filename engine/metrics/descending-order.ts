/** Below this a comparison sort is quicker than counting digits. */
const fewRows = 2_000
/** Eleven bits a digit: six passes over 64 bits, with counters that stay in the first cache. */
const digitBits = 11
const digits = 1 << digitBits

/** Order of the rows by descending score; equal scores (0 and -0 too) keep their row order. */
export function descendingOrder(scores: Float64Array): Uint32Array {
  return scores.length < fewRows ? orderByComparing(scores) : orderByDigits(scores)
}

function orderByComparing(scores: Float64Array): Uint32Array {
  const order = new Uint32Array(scores.length)
  for (let i = 0; i < order.length; i++) order[i] = i
  return order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
}

interface Keys {
  low: Uint32Array
  high: Uint32Array
  order: Uint32Array
}

/** Radix sort from the least digit up, which keeps equal keys in order (Knuth, volume 3, 5.2.5). */
function orderByDigits(scores: Float64Array): Uint32Array {
  const n = scores.length
  let from = descendingKeys(scores)
  let to: Keys = { low: new Uint32Array(n), high: new Uint32Array(n), order: new Uint32Array(n) }
  for (const word of ['low', 'high'] as const) {
    for (let shift = 0; shift < 32; shift += digitBits) {
      if (!scatter(from, to, from[word], shift)) continue
      const held = from
      from = to
      to = held
    }
  }
  return from.order
}

/** Keys of 64 bits, as two words, that rise as the scores fall. */
function descendingKeys(scores: Float64Array): Keys {
  const n = scores.length
  const keys: Keys = { low: new Uint32Array(n), high: new Uint32Array(n), order: new Uint32Array(n) }
  // Adding 0 makes 0 of -0, which ties with it.
  const words = new Uint32Array(scores.map((score) => score + 0).buffer)
  for (let i = 0; i < n; i++) {
    const low = words[2 * i] as number
    const high = words[2 * i + 1] as number
    keys.order[i] = i
    // The bits of negative numbers rise as they fall; those of positive ones are turned around.
    keys.low[i] = high >>> 31 === 1 ? low : ~low
    keys.high[i] = high >>> 31 === 1 ? high : ~high & 0x7fffffff
  }
  return keys
}

/** Moves everything into the order of one digit; false where all have the same, and nothing was moved. */
function scatter(from: Keys, to: Keys, keys: Uint32Array, shift: number): boolean {
  const n = keys.length
  const starts = new Uint32Array(digits)
  for (let i = 0; i < n; i++) {
    const digit = ((keys[i] as number) >>> shift) & (digits - 1)
    starts[digit] = (starts[digit] as number) + 1
  }
  let before = 0
  for (let digit = 0; digit < digits; digit++) {
    const count = starts[digit] as number
    if (count === n) return false
    starts[digit] = before
    before += count
  }
  const { low, high, order } = from
  for (let i = 0; i < n; i++) {
    const digit = ((keys[i] as number) >>> shift) & (digits - 1)
    const place = starts[digit] as number
    starts[digit] = place + 1
    to.low[place] = low[i] as number
    to.high[place] = high[i] as number
    to.order[place] = order[i] as number
  }
  return true
}
