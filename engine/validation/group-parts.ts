import { randomStream, shuffledIndices } from '../random.ts'

export interface GroupPartsInput {
  /** Group of each row. */
  readonly groups: Int32Array
  /** Class code of each row, to spread rare classes; null for regressions. */
  readonly classes: Float64Array | null
  readonly parts: number
  readonly seed: number
}

/**
 * Part of each row, from 0, so that groups never part: the largest group first, each into the part that has least of
 * its classes and of rows so far, of equal ones the first. Fewer groups than parts leave parts empty.
 */
export function groupParts({ groups, classes, parts, seed }: GroupPartsInput): Uint8Array {
  const members = rowsOfGroups(groups)
  const classCounts = countClasses(classes)
  // For each part how many rows it has of each class; without classes all are of one.
  const counts = Array.from({ length: parts }, () => new Float64Array(classCounts.length))
  const rows = new Float64Array(parts)
  const partOf = new Uint8Array(groups.length)
  for (const group of largestFirst(members, seed)) {
    const own = new Map<number, number>()
    for (const row of group) {
      const code = classes?.[row] ?? 0
      own.set(code, (own.get(code) ?? 0) + 1)
    }
    let best = 0
    let least = Number.POSITIVE_INFINITY
    for (let part = 0; part < parts; part++) {
      let cost = (rows[part] as number) / groups.length
      for (const [code, count] of own) {
        cost +=
          (((counts[part] as Float64Array)[code] as number) * count) / (group.length * (classCounts[code] as number))
      }
      if (cost < least) {
        least = cost
        best = part
      }
    }
    rows[best] = (rows[best] as number) + group.length
    const chosen = counts[best] as Float64Array
    for (const [code, count] of own) chosen[code] = (chosen[code] as number) + count
    for (const row of group) partOf[row] = best
  }
  return partOf
}

/** How many groups there are. */
export function groupCount(groups: Int32Array): number {
  return new Set(groups).size
}

function rowsOfGroups(groups: Int32Array): Map<number, number[]> {
  const members = new Map<number, number[]>()
  for (const [row, group] of groups.entries()) {
    const known = members.get(group)
    if (known) known.push(row)
    else members.set(group, [row])
  }
  return members
}

/** Equal sizes in an order drawn by the seed, which does not depend on which group comes first in the table. */
function largestFirst(members: ReadonlyMap<number, readonly number[]>, seed: number): (readonly number[])[] {
  const names = [...members.keys()].sort((a, b) => a - b)
  const drawn = shuffledIndices(names.length, randomStream(seed, 0x6709))
  return Array.from(drawn, (at) => members.get(names[at] as number) as readonly number[]).sort(
    (a, b) => b.length - a.length,
  )
}

function countClasses(classes: Float64Array | null): Float64Array {
  const most = classes?.reduce((largest, code) => Math.max(largest, code), 0) ?? 0
  const counts = new Float64Array(most + 1)
  for (const code of classes ?? []) counts[code] = (counts[code] as number) + 1
  if (!classes) counts[0] = 1
  return counts
}
