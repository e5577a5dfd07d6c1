import { daysOf, readIsoTime } from './delimited/cell-values.ts'

/** How a column writes its dates; seconds since 1970, undefined where a text is no date. */
export interface DateForm {
  readonly read: (text: string) => number | undefined
  /** Which comes first where both orders fit every date; null where only one does. */
  readonly ambiguous: 'day first' | 'month first' | null
}

type Order = 'day-month' | 'month-day'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const timeOfDay = String.raw`(?:[T,\s]\s*(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*([AaPp][Mm])?\s*(Z)?)?`
const numeric = new RegExp(String.raw`^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})${timeOfDay}$`)
const yearFirst = new RegExp(String.raw`^(\d{4})([/.-])(\d{1,2})\2(\d{1,2})${timeOfDay}$`)
const dayAndName = new RegExp(String.raw`^(\d{1,2})[\s-]([A-Za-z]{3,9})\.?,?[\s-](\d{4}|\d{2})${timeOfDay}$`)
const nameAndDay = new RegExp(String.raw`^([A-Za-z]{3,9})\.?\s(\d{1,2}),?\s(\d{4})${timeOfDay}$`)

/** The way that fits every text of a column, or null. */
export function findDateForm(texts: readonly string[]): DateForm | null {
  if (texts.length === 0) return null
  // Most columns of texts are told by their first.
  if (
    readDate(texts[0] as string, 'day-month') === undefined &&
    readDate(texts[0] as string, 'month-day') === undefined
  )
    return null
  const fits = (order: Order) => texts.every((text) => readDate(text, order) !== undefined)
  const monthFirst = fits('month-day')
  const dayFirst = fits('day-month')
  if (!monthFirst && !dayFirst) return null
  // Points are written between day, month and year; between slashes the month comes first more often.
  const order: Order =
    dayFirst && (!monthFirst || texts.some((text) => /^\d{1,2}\.\d/.test(text))) ? 'day-month' : 'month-day'
  const differs = texts.some((text) => readDate(text, 'day-month') !== readDate(text, 'month-day'))
  const hasPoints = texts.some((text) => /^\d{1,2}\.\d/.test(text))
  return {
    read: (text) => readDate(text, order),
    ambiguous:
      monthFirst && dayFirst && differs && !hasPoints ? (order === 'day-month' ? 'day first' : 'month first') : null,
  }
}

function readDate(text: string, order: Order): number | undefined {
  const iso = numberOfIso(text)
  if (iso !== undefined) return iso
  const plain = numeric.exec(text)
  if (plain) {
    const [, first, , second, year] = plain
    const [day, month] = order === 'day-month' ? [first, second] : [second, first]
    return seconds(fullYear(year as string), Number(month), Number(day), plain.slice(5))
  }
  const year = yearFirst.exec(text)
  if (year) return seconds(Number(year[1]), Number(year[3]), Number(year[4]), year.slice(5))
  const named = dayAndName.exec(text)
  if (named) return seconds(fullYear(named[3] as string), monthOf(named[2] as string), Number(named[1]), named.slice(4))
  const american = nameAndDay.exec(text)
  if (american)
    return seconds(Number(american[3]), monthOf(american[1] as string), Number(american[2]), american.slice(4))
  return undefined
}

function numberOfIso(text: string): number | undefined {
  if (text.length < 10 || text.length > 40) return undefined
  const bytes = Uint8Array.from(text, (character) => Math.min(255, character.charCodeAt(0)))
  return readIsoTime(bytes, 0, bytes.length)
}

/** Two digits are a year of this century up to 68, as POSIX has it. */
function fullYear(text: string): number {
  const year = Number(text)
  return text.length === 2 ? year + (year <= 68 ? 2000 : 1900) : year
}

function monthOf(name: string): number {
  return months.indexOf(name.slice(0, 3).toLowerCase()) + 1
}

function seconds(
  year: number,
  month: number,
  day: number,
  [hours, minutes, whole, fraction, half]: readonly (string | undefined)[],
): number | undefined {
  const days = daysOf(year, month, day)
  if (days === undefined) return undefined
  if (hours === undefined) return days * 86_400
  let hour = Number(hours)
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined
    hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  }
  const minute = Number(minutes)
  const second = Number(whole ?? 0)
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return days * 86_400 + hour * 3600 + minute * 60 + second + Number(fraction ?? 0)
}
