import { isMissingText } from '../../../engine/frame/missing-texts.ts'

/** What a cell says that is read as a number or a time. `undefined`: something else, so the column is of texts. */
export type CellValue = number | undefined

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const infinity = /^([+-]?)inf(inity)?$/i
/** No number that anybody means is longer, and no text that means "no value". */
const longestNumber = 400

/**
 * A trimmed cell as a number; NaN where it means "no value". Numbers with leading zeros are codes, and whole numbers
 * that a double cannot hold are identifiers: both are texts.
 */
export function readNumber(bytes: Uint8Array, from: number, to: number): CellValue {
  if (from === to) return Number.NaN
  if (to - from > longestNumber) return undefined
  return numberOfText(asciiText(bytes, from, to))
}

/** As `readNumber`, of a text. */
export function numberOfText(text: string): CellValue {
  if (plainNumber.test(text)) {
    const isWhole = /^[+-]?\d+$/.test(text)
    if (/^[+-]?0\d/.test(text)) return undefined
    const value = Number(text)
    if (isWhole && Math.abs(value) > Number.MAX_SAFE_INTEGER) return undefined
    return value
  }
  if (isMissingText(text)) return Number.NaN
  const sign = infinity.exec(text)
  return sign ? (sign[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : undefined
}

/** A trimmed cell as seconds since 1970 where it is an ISO 8601 date or time; without an offset it is taken as UTC. */
export function readIsoTime(bytes: Uint8Array, from: number, to: number): CellValue {
  const size = to - from
  if (size < 10 || size > 40) return size <= 5 && isMissingText(asciiText(bytes, from, to)) ? Number.NaN : undefined
  if (bytes[from + 4] !== 45 || bytes[from + 7] !== 45) return undefined
  const day = daysOf(digits(bytes, from, 4), digits(bytes, from + 5, 2), digits(bytes, from + 8, 2))
  if (day === undefined) return undefined
  if (size === 10) return day * 86_400
  const separator = bytes[from + 10]
  if (separator !== 84 && separator !== 32 && separator !== 116) return undefined
  const seconds = readTimeOfDay(bytes, from + 11, to)
  return seconds === undefined ? undefined : day * 86_400 + seconds
}

/** hh:mm[:ss[.fraction]] and then Z, ±hh, ±hhmm or ±hh:mm, or nothing. */
function readTimeOfDay(bytes: Uint8Array, from: number, to: number): number | undefined {
  const hours = digits(bytes, from, 2)
  const minutes = digits(bytes, from + 3, 2)
  if (to - from < 5 || bytes[from + 2] !== 58 || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
    return undefined
  let at = from + 5
  let seconds = hours * 3600 + minutes * 60
  if (at < to && bytes[at] === 58) {
    const whole = digits(bytes, at + 1, 2)
    if (at + 3 > to || whole < 0 || whole > 59) return undefined
    seconds += whole
    at += 3
    if (at < to && (bytes[at] === 46 || bytes[at] === 44)) {
      const start = ++at
      let fraction = 0
      while (at < to && (bytes[at] as number) >= 48 && (bytes[at] as number) <= 57)
        fraction = fraction * 10 + (bytes[at++] as number) - 48
      if (at === start || at - start > 15) return undefined
      seconds += fraction / 10 ** (at - start)
    }
  }
  if (at === to) return seconds
  const offset = readOffset(bytes, at, to)
  return offset === undefined ? undefined : seconds - offset
}

function readOffset(bytes: Uint8Array, at: number, to: number): number | undefined {
  const sign = bytes[at]
  if ((sign === 90 || sign === 122) && to - at === 1) return 0
  if (sign !== 43 && sign !== 45) return undefined
  const hours = digits(bytes, at + 1, 2)
  const size = to - at
  const minutes =
    size === 3
      ? 0
      : size === 5
        ? digits(bytes, at + 3, 2)
        : size === 6 && bytes[at + 3] === 58
          ? digits(bytes, at + 4, 2)
          : -1
  if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return undefined
  return (sign === 45 ? -1 : 1) * (hours * 3600 + minutes * 60)
}

/** The number that so many digits say, or -1. */
function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0
  for (let at = from; at < from + count; at++) {
    const digit = (bytes[at] as number) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days since 1970-01-01 in the Gregorian calendar; undefined where there is no such day. */
export function daysOf(year: number, month: number, day: number): number | undefined {
  if (year < 0 || month < 1 || month > 12 || day < 1) return undefined
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (day > (daysInMonth[month - 1] as number) + (month === 2 && isLeap ? 1 : 0)) return undefined
  // Years from March on, so that the leap day is the last of its year.
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const ofEra = y - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

/** Numbers, times and texts that mean "no value" are ASCII; other bytes give characters that are none of them. */
function asciiText(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] as number)
  return text
}
