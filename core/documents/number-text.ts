/** A number in four significant digits, as in the window: the same in every locale. */
export function formatDigits(value: number): string {
  if (Number.isNaN(value)) return 'not defined'
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : 'minus infinite'
  if (Number.isInteger(value)) return formatCount(value)
  const rounded = Number(value.toPrecision(4))
  return Math.abs(rounded) >= 1e6 ? formatCount(Math.round(rounded)) : String(rounded)
}

/** A share as a percentage with one decimal. */
export function formatShare(share: number): string {
  return `${Math.round(share * 1000) / 10}%`
}

/** A whole number with commas between thousands. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A size in the largest unit that leaves at least one. */
export function formatSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

/** An ISO timestamp to the minute, in UTC. */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}
