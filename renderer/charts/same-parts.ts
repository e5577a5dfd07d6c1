import type { ChartOption } from '../../shared/charts/look.ts'

/**
 * Whether two options have the same parts, down to the names of their settings: then one may be drawn over the other, and
 * nothing of the other is left. Data is not looked into, since it is always replaced as a whole.
 */
export function sameParts(one: ChartOption, other: ChartOption): boolean {
  return alike(one, other)
}

function alike(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false
    return one.every((part, at) => alike(part, other[at]))
  }
  if (!isParts(one)) return !isParts(other) && !Array.isArray(other)
  if (!isParts(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every(
    (name) =>
      name in other &&
      (name === 'data' || (name === 'type' ? one[name] === other[name] : alike(one[name], other[name]))),
  )
}

function isParts(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
