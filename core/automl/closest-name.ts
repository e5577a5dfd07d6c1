/** The name that was probably meant: the same but for case, one that holds the other, or one a few letters off. */
export function closestName(wanted: string, names: readonly string[]): string | null {
  const lower = wanted.trim().toLowerCase()
  const same = names.find((name) => name.trim().toLowerCase() === lower)
  if (same !== undefined) return same
  const near = names
    .map((name) => ({ name, distance: editDistance(lower, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(Math.min(name.length, lower.length) / 3)))
    .sort((a, b) => a.distance - b.distance)[0]
  if (near) return near.name
  const holds = (name: string) =>
    lower.length > 2 && (name.includes(lower) || (name.length > 2 && lower.includes(name)))
  return names.find((name) => holds(name.toLowerCase())) ?? null
}

/** Letters to insert, drop or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
