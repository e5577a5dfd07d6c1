import { missingBin } from '../../kernels/kernels.ts'

/** Bins of the rows' values, one byte each: how many thresholds lie below; 255 for missing. */
export function binNumbers(column: Float32Array, rows: Int32Array, thresholds: Float64Array, out: Uint8Array): void {
  // Padded to a power of two, so that the search has no ends to mind.
  const borders = new Float64Array(256).fill(Number.POSITIVE_INFINITY)
  borders.set(thresholds)
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i] as number] as number
    let bin = 0
    for (let step = 128; step > 0; step >>= 1) {
      bin += value > (borders[bin + step - 1] as number) ? step : 0
    }
    out[i] = Number.isNaN(value) ? missingBin : bin
  }
}
