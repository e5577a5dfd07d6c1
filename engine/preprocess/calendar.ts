import type { DatePartEncoder } from './encoder.ts'

/**
 * A part of a date-time in UTC from seconds since 1970-01-01, by integer arithmetic on days (Hinnant,
 * "chrono-compatible low-level date algorithms"), the same steps as in the exported graph. Missing and infinite give NaN.
 */
export function calendarPart(part: Exclude<DatePartEncoder['part'], 'elapsed'>, seconds: number): number {
  if (!Number.isFinite(seconds)) return Number.NaN
  const whole = Math.floor(seconds)
  const days = Math.floor(whole / 86_400)
  if (part === 'hour') return Math.floor((whole - days * 86_400) / 3_600)
  // 1970-01-01 was a Thursday; Monday is 0.
  if (part === 'weekday') return (((days + 3) % 7) + 7) % 7
  const date = civilFromDays(days)
  if (part === 'year') return date.year
  if (part === 'month') return date.month
  if (part === 'day') return date.day
  return days - daysFromCivil(date.year, 1, 1) + 1
}

function civilFromDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
