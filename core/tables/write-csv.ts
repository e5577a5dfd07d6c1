import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import type { Column, Frame } from '../../engine/frame/frame.ts'
import { spellNumber } from './profile-column.ts'

const flushCharacters = 1 << 20

/** Writes a table as CSV (RFC 4180, UTF-8, missing values empty); the file appears only when it is whole. */
export function writeCsv(frame: Frame, out: string): { rows: number; bytes: number } {
  const temporary = `${out}.${process.pid}.part`
  const file = openSync(temporary, 'w')
  let bytes = 0
  try {
    let text = `${frame.columns.map(({ name }) => quoted(name)).join(',')}\n`
    for (let row = 0; row < frame.nRows; row++) {
      // A blank line would be passed over by readers.
      text += `${frame.columns.map((column) => cellText(column, row)).join(',') || '""'}\n`
      if (text.length < flushCharacters) continue
      bytes += writeSync(file, text)
      text = ''
    }
    bytes += writeSync(file, text)
    fsyncSync(file)
  } catch (error) {
    closeSync(file)
    rmSync(temporary, { force: true })
    throw error
  }
  closeSync(file)
  renameSync(temporary, out)
  return { rows: frame.nRows, bytes }
}

function cellText(column: Column, row: number): string {
  if (column.storage === 'codes') return quoted(column.levels[column.codes[row] as number] ?? '')
  const value = column.values[row] as number
  return Number.isNaN(value) ? '' : quoted(spellNumber(column, value))
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
