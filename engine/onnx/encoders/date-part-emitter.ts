import { cycleTable } from '../../preprocess/cycles.ts'
import type { DatePartEncoder, Scaling } from '../../preprocess/encoder.ts'
import {
  add,
  castTo,
  choose,
  concatenateColumns,
  divide,
  floorDivide,
  isGreater,
  multiply,
  roundToFloat32,
  subtract,
} from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'
import type { InputColumn } from './input-column.ts'
import { emitScaling } from './numeric-emitter.ts'

const secondsPerDay = 86_400

export function emitDateParts(
  graph: GraphBuilder,
  encoders: readonly DatePartEncoder[],
  columns: readonly InputColumn[],
): Value {
  const parts = concatenateColumns(
    graph,
    encoders.map((encoder, index) =>
      roundToFloat32(graph, emitWave(graph, encoder, emitPart(graph, encoder, (columns[index] as InputColumn).value))),
    ),
  )
  return emitScaling(
    graph,
    encoders.map(({ scaling }) => scaling ?? unscaled),
    parts,
  )
}

/** Looks the part up on its circle; what is no value of it, as of times beyond the calendar, is missing. */
function emitWave(graph: GraphBuilder, { part, wave }: DatePartEncoder, value: Value): Value {
  if (!wave) return value
  const { first, values } = cycleTable(part, wave)
  const place = subtract(graph, value, first)
  const isInside = graph.node('And', [isGreater(graph, place, -0.5), isGreater(graph, values.length - 0.5, place)])
  const table = graph.constant('double', [values.length + 1], [...values, Number.NaN])
  return graph.node('Gather', [table, castTo(graph, choose(graph, isInside, place, values.length), 'int64')])
}

const unscaled: Scaling = { impute: null, mean: 0, inverseScale: 1 }

/** The steps of engine/preprocess/calendar.ts, one for one, so that even absurd times give the same numbers. */
function emitPart(graph: GraphBuilder, { part, origin }: DatePartEncoder, seconds: Value): Value {
  if (part === 'elapsed') return divide(graph, subtract(graph, seconds, origin), secondsPerDay)
  const whole = graph.node('Floor', [seconds])
  const days = floorDivide(graph, whole, secondsPerDay)
  switch (part) {
    case 'hour':
      return floorDivide(graph, subtract(graph, whole, multiply(graph, days, secondsPerDay)), 3_600)
    case 'weekday':
      // 1970-01-01 was a Thursday; Monday is 0.
      return remainder(graph, add(graph, remainder(graph, add(graph, days, 3), 7), 7), 7)
    case 'year':
      return civilDate(graph, days).year
    case 'month':
      return civilDate(graph, days).month
    case 'day':
      return civilDate(graph, days).day
    case 'day-of-year': {
      const firstDay = firstDayOfYear(graph, civilDate(graph, days).year)
      return add(graph, subtract(graph, days, firstDay), 1)
    }
  }
}

/** With the sign of the value, as `%` has it. */
function remainder(graph: GraphBuilder, value: Value, divisor: number): Value {
  return graph.node('Mod', [value, graph.constant('double', [], [divisor])], { fmod: { integer: 1 } })
}

/** Days from 1970-01-01 to the first of January, which is day 306 of a year that starts in March. */
function firstDayOfYear(graph: GraphBuilder, year: Value): Value {
  const shifted = subtract(graph, year, 1)
  const era = floorDivide(graph, shifted, 400)
  const yearOfEra = subtract(graph, shifted, multiply(graph, era, 400))
  const dayOfEra = add(
    graph,
    subtract(
      graph,
      add(graph, multiply(graph, yearOfEra, 365), floorDivide(graph, yearOfEra, 4)),
      floorDivide(graph, yearOfEra, 100),
    ),
    306,
  )
  return subtract(graph, add(graph, multiply(graph, era, 146_097), dayOfEra), 719_468)
}

/**
 * Gregorian year, month 1–12 and day 1–31 of a day counted from 1970-01-01, in whole numbers held in doubles; years start
 * in March so that the leap day is the last. Method: Howard Hinnant, "chrono-compatible low-level date algorithms",
 * civil_from_days.
 */
function civilDate(graph: GraphBuilder, days: Value): { year: Value; month: Value; day: Value } {
  const shifted = add(graph, days, 719_468)
  const era = floorDivide(graph, shifted, 146_097)
  const dayOfEra = subtract(graph, shifted, multiply(graph, era, 146_097))
  const leapless = subtract(
    graph,
    add(graph, subtract(graph, dayOfEra, floorDivide(graph, dayOfEra, 1_460)), floorDivide(graph, dayOfEra, 36_524)),
    floorDivide(graph, dayOfEra, 146_096),
  )
  const yearOfEra = floorDivide(graph, leapless, 365)
  const daysBeforeYear = subtract(
    graph,
    add(graph, multiply(graph, yearOfEra, 365), floorDivide(graph, yearOfEra, 4)),
    floorDivide(graph, yearOfEra, 100),
  )
  const dayOfYear = subtract(graph, dayOfEra, daysBeforeYear)
  const monthFromMarch = floorDivide(graph, add(graph, multiply(graph, dayOfYear, 5), 2), 153)
  const daysBeforeMonth = floorDivide(graph, add(graph, multiply(graph, monthFromMarch, 153), 2), 5)
  const isAfterNewYear = isGreater(graph, monthFromMarch, 9.5)
  return {
    year: add(graph, add(graph, yearOfEra, multiply(graph, era, 400)), choose(graph, isAfterNewYear, 1, 0)),
    month: add(graph, monthFromMarch, choose(graph, isAfterNewYear, -9, 3)),
    day: add(graph, subtract(graph, dayOfYear, daysBeforeMonth), 1),
  }
}
