import type { ColumnType } from '../../../engine/frame/frame.ts'
import { isMissingText } from '../../../engine/frame/missing-texts.ts'
import { numberOfText, readIsoTime } from './cell-values.ts'
import type { ColumnMode } from './layout.ts'
import type { SampleRecord } from './split-sample.ts'

/**
 * How to read each column at first, from the first rows; a column that turns out otherwise is read again as texts. What
 * the user wants as texts is read so from the start, so that it stays as it is written.
 */
export function guessModes(
  names: readonly string[],
  sample: readonly SampleRecord[],
  types: Readonly<Record<string, ColumnType>>,
  decimalComma: boolean,
): ColumnMode[] {
  return names.map((name, column) => {
    const wanted = types[name]
    if (wanted === 'category' || wanted === 'text' || wanted === 'id' || wanted === 'boolean') return 'text'
    const cells = sample.flatMap(({ cells: all }) => {
      const cell = all[column]
      return cell === undefined || isMissingText(cell) ? [] : [cell]
    })
    if (cells.length > 0 && wanted !== 'number' && cells.every(isIsoTime)) return 'datetime'
    // A point between thousands would be taken for a decimal point.
    if (decimalComma) return 'text'
    return cells.every((cell) => numberOfText(cell) !== undefined) ? 'number' : 'text'
  })
}

function isIsoTime(text: string): boolean {
  const bytes = new TextEncoder().encode(text)
  return readIsoTime(bytes, 0, bytes.length) !== undefined
}
