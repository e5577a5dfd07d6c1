import { expect, test } from 'vitest'
import { calendarPart } from '../../../../engine/preprocess/calendar.ts'
import { fc } from '../../../fixtures/properties.ts'

test('parts of a date-time are those of the calendar, for every second from the year 1 to 9999', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (seconds) => {
      const date = new Date(seconds * 1000)
      expect(calendarPart('year', seconds)).toBe(date.getUTCFullYear())
      expect(calendarPart('month', seconds)).toBe(date.getUTCMonth() + 1)
      expect(calendarPart('day', seconds)).toBe(date.getUTCDate())
      expect(calendarPart('hour', seconds)).toBe(date.getUTCHours())
      expect(calendarPart('weekday', seconds)).toBe((date.getUTCDay() + 6) % 7)
      const start = Date.UTC(2000, 0, 1) - Date.UTC(2000, 0, 1) + new Date(seconds * 1000).setUTCMonth(0, 1)
      expect(calendarPart('day-of-year', seconds)).toBe(Math.round((date.getTime() - start) / 86_400_000) + 1)
    }),
    { numRuns: 2_000 },
  )
})

test('a missing or infinite time has no parts', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) expect(calendarPart('year', value)).toBeNaN()
})
