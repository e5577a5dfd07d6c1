import type { EncodedLevels } from '../../../engine/frame/column-file.ts'
import { encodeLevels } from '../../../engine/frame/column-file.ts'

/**
 * Gives whole numbers back their texts. A column of whole numbers in which a text turns up late need then be read again
 * only where the text is.
 */
export interface NumberSpeller {
  /** Codes of the texts; -1 for NaN. In shared memory. */
  codesOf(values: Float64Array): Int32Array
  encoded(): EncodedLevels
}

export function createNumberSpeller(): NumberSpeller {
  const codeOf = new Map<number, number>()
  return {
    codesOf(values) {
      const codes = new Int32Array(new SharedArrayBuffer(values.length * 4))
      for (let row = 0; row < values.length; row++) {
        const value = values[row] as number
        let code = Number.isNaN(value) ? -1 : codeOf.get(value)
        if (code === undefined) {
          code = codeOf.size
          codeOf.set(value, code)
        }
        codes[row] = code
      }
      return codes
    },
    encoded: () => encodeLevels(Array.from(codeOf.keys(), String)),
  }
}
