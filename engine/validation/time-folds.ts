import type { Fold } from './fold.ts'
import { orderOf } from './ranks.ts'

export interface TimeFoldsInput {
  /** Time of each row; none is NaN. */
  readonly times: Float64Array
  /** Where each validation block begins, as a share of the rows in their order; the last one ends with them. */
  readonly starts: readonly number[]
  /** Part of each row's group; fold f is validated on part f (modulo their number) and trained on the others. Null: no groups. */
  readonly parts: Uint8Array | null
  readonly nParts: number
}

/**
 * An expanding window (Bergmeir & Benítez 2012): each fold trains on rows that are earlier than all of its validation
 * block. Rows of the same time stay together, so blocks begin where the time changes; a block that this leaves empty is
 * left out. With groups a fold is validated on new groups in a later time: both leaks are shut.
 */
export function timeFolds({ times, starts, parts, nParts }: TimeFoldsInput): Fold[] {
  const order = orderOf(times)
  const n = order.length
  const timeAt = (at: number) => times[order[at] as number] as number
  const begins = starts.map((share) => {
    let at = Math.min(n, Math.max(1, Math.round(share * n)))
    while (at < n && timeAt(at) === timeAt(at - 1)) at += 1
    return at
  })
  return begins
    .map((begin, fold) => {
      const block = order.slice(begin, begins[fold + 1] ?? n)
      const before = order.slice(0, begin)
      if (!parts) return { train: before.sort(), validation: block.sort() }
      const part = fold % nParts
      return {
        train: before.filter((row) => parts[row] !== part).sort(),
        validation: block.filter((row) => parts[row] === part).sort(),
      }
    })
    .filter(({ train, validation }) => train.length > 0 && validation.length > 0)
}
