import { closeSync, openSync, writeSync } from 'node:fs'
import { randomStream } from '../engine/random.ts'

const flushCharacters = 1 << 20
const colours = ['red', 'green', 'blue', '"yel,low"', '"he said ""hi"""']

const names = [
  ...Array.from({ length: 8 }, (_, at) => `f${at}`),
  ...Array.from({ length: 3 }, (_, at) => `i${at}`),
  ...['bigid', 'flag', 'cat', 'city', 'date', 'ts', 'zip', 'late', 'withNA'],
]

/**
 * A CSV of 20 columns as real ones are: eight of decimals over four magnitudes (one with gaps), three of whole numbers,
 * an identifier beyond 2^53, booleans, quoted categories, 500 cities, dates, times, postcodes with leading zeros, numbers
 * with one text late in the file, and numbers with NA. The same rows for the same number of rows.
 */
export function writeMixedTable(path: string, nRows: number): void {
  const random = randomStream(3, nRows)
  const late = Math.floor(nRows * 0.99)
  const file = openSync(path, 'w')
  try {
    let text = `${names.join(',')}\n`
    for (let row = 0; row < nRows; row++) {
      const cells: (string | number)[] = []
      for (let at = 0; at < 8; at++) {
        const value = Math.round(random.nextNormal() * 10 ** (at % 4) * 10_000) / 10_000
        cells.push(at === 1 && random.nextFloat() < 0.05 ? '' : value)
      }
      for (let at = 0; at < 3; at++) cells.push(random.nextBelow(101_000) - 1_000)
      cells.push(String(9_007_199_254_740_993n + BigInt(random.nextBelow(1_000_000))))
      cells.push(random.nextFloat() < 0.3 ? 'true' : 'false')
      cells.push(colours[random.nextBelow(colours.length)] as string)
      cells.push(`city ${random.nextBelow(500)}`)
      cells.push(new Date(Date.UTC(2020, 0, 1 + random.nextBelow(1_500))).toISOString().slice(0, 10))
      cells.push(
        new Date((1_600_000_000 + random.nextBelow(100_000_000)) * 1000).toISOString().slice(0, 19).replace('T', ' '),
      )
      cells.push(String(random.nextBelow(100_000)).padStart(5, '0'))
      cells.push(row === late ? 'abc' : random.nextBelow(100))
      cells.push(random.nextFloat() < 0.1 ? 'NA' : Math.round(random.nextFloat() * 1000) / 1000)
      text += `${cells.join(',')}\n`
      if (text.length < flushCharacters) continue
      writeSync(file, text)
      text = ''
    }
    writeSync(file, text)
  } finally {
    closeSync(file)
  }
}
