/** Fewer rows than this tell too little about which configuration deserves all of them. */
const leastRows = 5_000
/** A trial of all rows may take this share of the budget before parts are tried first. */
const cheapShare = 0.01
const dearShare = 0.2

/**
 * Shares of the rows for successive halving, rising to 1: only 1 where a plain trial is cheap for the budget or the table
 * is small, else a quarter before, and a sixteenth before that where a trial is dear.
 */
export function chooseFractions(rows: number, secondsOfTrial: number, budgetSeconds: number): number[] {
  const share = secondsOfTrial / budgetSeconds
  const fractions = [1]
  if (share > cheapShare && rows / 4 >= leastRows) fractions.unshift(1 / 4)
  if (share > dearShare && rows / 16 >= leastRows) fractions.unshift(1 / 16)
  return fractions
}
