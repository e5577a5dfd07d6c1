import type { Estimate } from '../../shared/domain/values.ts'

/** Digits that count in everything that is measured. */
const digits = 4

/**
 * Four significant digits, zeros at the end kept so that numbers below each other have the same length; whole numbers
 * whole, with thousands apart; very small and very large ones as powers of ten. NaN is a dash.
 */
export function formatNumber(value: number): string {
  return format(value, { minimumSignificantDigits: digits, maximumSignificantDigits: digits })
}

/** As `formatNumber`, without zeros at the end: for what was set (0.1) or stands in a sentence, not for what was measured. */
export function formatPlain(value: number): string {
  return format(value, { maximumSignificantDigits: digits })
}

function format(value: number, options: Intl.NumberFormatOptions): string {
  if (Number.isNaN(value)) return '–'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞'
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en')
  const size = Math.abs(value)
  if (size < 1e-4 || size >= 1e9) return value.toExponential(digits - 1)
  // Digits before the point are never rounded away: 48,842.5 is 48,843, not 48,840.
  return value.toLocaleString('en', size >= 999.95 ? { maximumFractionDigits: 0 } : options)
}

/** An estimate and the ends of its interval, all with as many decimals as give the widest of them four digits. */
export function formatEstimate({ value, low, high }: Estimate): { value: string; low: string; high: string } {
  const size = Math.max(Math.abs(value), Math.abs(low), Math.abs(high))
  if (!Number.isFinite(size) || size === 0 || size < 1e-4 || size >= 1e9) {
    return { value: formatNumber(value), low: formatNumber(low), high: formatNumber(high) }
  }
  // A score of exactly 1 has the decimals of the 0.9987 beside it.
  const decimals = Math.min(
    8,
    Math.max(0, size <= 1 ? Math.max(digits, digits - 1 - exponent(size)) : digits - 1 - exponent(size)),
  )
  const write = (each: number) =>
    each.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return { value: write(value), low: write(low), high: write(high) }
}

/** The power of ten of a number's first digit. */
function exponent(size: number): number {
  return Math.floor(Math.log10(size))
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** Bytes in binary units with three digits: "1010 KiB", "1.23 MiB". */
export function formatBytes(bytes: number): string {
  let at = 0
  let value = bytes
  // What would be written as 1024 is one of the next unit.
  while (Math.round(value) >= 1024 && at < byteUnits.length - 1) {
    value /= 1024
    at += 1
  }
  const decimals = at === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(decimals)} ${byteUnits[at] ?? ''}`
}

/** A time span by its size: "250 ms", "12.3 s", "2 min 5 s", "3 h 10 min". Rounded before it is taken apart. */
export function formatSeconds(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000)
  if (milliseconds < 1000) return `${milliseconds} ms`
  if (seconds < 89.95) return `${seconds.toPrecision(3)} s`
  const whole = Math.round(seconds)
  if (whole < 90 * 60) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** How long ago, in the largest unit that fits: "3 hours ago", "yesterday"; within a minute "just now". */
export function formatRelative(time: string, now: number = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
  }
  return 'just now'
}
