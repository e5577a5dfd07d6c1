/** A line of two texts side by side. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Lines of each text that are compared; what is beyond stands as removed and added. */
const mostLines = 1_000

/**
 * The lines of two texts as one list: what stays, what goes, what comes, with as much staying as can (longest common
 * subsequence by dynamic programming). Removed lines stand before those that were added in their place.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = linesOf(before)
  const b = linesOf(after)
  const [m, n] = [Math.min(a.length, mostLines), Math.min(b.length, mostLines)]
  // length[i * (n + 1) + j]: of what stays in the lines from i and from j on.
  const length = new Uint16Array((m + 1) * (n + 1))
  const at = (i: number, j: number) => length[i * (n + 1) + j] as number
  for (let i = m - 1; i >= 0; i--) {
    for (let j = n - 1; j >= 0; j--) {
      length[i * (n + 1) + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < m || j < n) {
    if (i < m && j < n && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] as string })
      i += 1
      j += 1
    } else if (i < m && (j === n || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'removed', text: a[i] as string })
      i += 1
    } else {
      lines.push({ kind: 'added', text: b[j] as string })
      j += 1
    }
  }
  return [
    ...lines,
    ...a.slice(m).map((text): DiffLine => ({ kind: 'removed', text })),
    ...b.slice(n).map((text): DiffLine => ({ kind: 'added', text })),
  ]
}

/** An empty text has no lines. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n')
}
