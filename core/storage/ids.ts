import { randomBytes } from 'node:crypto'

/** A new id: 48 bits of time in milliseconds, then 80 random bits, as 32 hexadecimal digits; ids sort by age. */
export function newId(now: number = Date.now()): string {
  return now.toString(16).padStart(12, '0') + randomBytes(10).toString('hex')
}
