/** Shell's steps: few bins are ordered by insertion, 255 still in a few thousand moves. */
const gaps = [57, 23, 10, 4, 1]

/** Puts the first `count` bins in the order of their keys, equal ones by bin; in place, without any memory of its own. */
export function orderBins(bins: Uint8Array, count: number, keys: Float64Array): void {
  for (const gap of gaps) {
    for (let at = gap; at < count; at++) {
      const bin = bins[at] as number
      const key = keys[bin] as number
      let to = at
      while (to >= gap) {
        const before = bins[to - gap] as number
        const keyBefore = keys[before] as number
        if (keyBefore < key || (keyBefore === key && before < bin)) break
        bins[to] = before
        to -= gap
      }
      bins[to] = bin
    }
  }
}
