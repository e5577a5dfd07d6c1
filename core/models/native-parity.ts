import type { NativeParity } from '../../shared/domain/native-parity.ts'

/** Beyond what float32 and another order of summing make of the same model. */
const tolerance = 1e-4
const listedRows = 10

/** Answers of one side. Rows side by side with those of the other; NaN is an answer too. */
export interface AnsweredRows {
  /** A label a row; null where the side gives none. */
  readonly labels: readonly string[] | null
  /** Rows × width; null where the side gives none. */
  readonly numbers: { readonly values: Float64Array; readonly width: number; readonly names: readonly string[] } | null
}

/**
 * Compares an export with the tool that it came from, row by row, on what both say: labels by their spelling, numbers to
 * 1e-4 · max(1, |x|). `unanswered` are rows that the tool refused.
 */
export function compareWithNative(
  file: string,
  nRows: number,
  native: AnsweredRows,
  onnx: AnsweredRows,
  unanswered: ReadonlySet<number> = new Set(),
): NativeParity {
  const rows = Array.from({ length: nRows }, (_, row) => row).filter((row) => !unanswered.has(row))
  const otherLabels =
    native.labels && onnx.labels ? rows.filter((row) => native.labels?.[row] !== onnx.labels?.[row]) : null
  const compared =
    native.numbers && onnx.numbers && native.numbers.width === onnx.numbers.width
      ? compareNumbers(rows, native.numbers.values, onnx.numbers)
      : null
  const differing = new Set([...(otherLabels ?? []), ...(compared?.rows ?? []), ...(compared?.oneSided ?? [])]).size
  return {
    file,
    rows: rows.length,
    unanswered: unanswered.size,
    tolerance,
    labels: otherLabels && { differing: otherLabels.length, firstRows: otherLabels.slice(0, listedRows) },
    numbers: compared?.summary ?? null,
    differing,
    passed: differing === 0 && (otherLabels !== null || compared !== null),
    reading: readParity(rows.length, differing, otherLabels?.length ?? 0),
  }
}

function compareNumbers(
  rows: readonly number[],
  native: Float64Array,
  { values, width, names }: NonNullable<AnsweredRows['numbers']>,
): {
  readonly rows: readonly number[]
  /** Rows in which one of the two is NaN or infinite. */
  readonly oneSided: readonly number[]
  readonly summary: NonNullable<NativeParity['numbers']>
} {
  const differing: number[] = []
  const oneSided: number[] = []
  let worst = { size: -1, row: rows[0] ?? 0, at: (rows[0] ?? 0) * width }
  let onlyOneFinite = 0
  for (const row of rows) {
    let differs = false
    let isOneSided = false
    for (let at = row * width; at < (row + 1) * width; at++) {
      const [own, other] = [native[at] as number, values[at] as number]
      if (Object.is(own, other) || own === other) continue
      const difference = Math.abs(own - other)
      if (!Number.isFinite(difference)) {
        onlyOneFinite += 1
        isOneSided = true
        continue
      }
      if (difference > tolerance * Math.max(1, Math.abs(own))) differs = true
      if (difference > worst.size) worst = { size: difference, row, at }
    }
    if (differs) differing.push(row)
    if (isOneSided) oneSided.push(row)
  }
  return {
    rows: differing,
    oneSided,
    summary: {
      differing: differing.length,
      maxAbsDiff: Math.max(0, worst.size),
      worstRow: worst.row,
      worst: {
        column: names[worst.at % width] ?? '',
        native: finiteOrNull(native[worst.at]),
        onnx: finiteOrNull(values[worst.at]),
      },
      onlyOneFinite,
    },
  }
}

/** NaN and infinities do not travel as JSON. */
function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}

function readParity(rows: number, differing: number, labels: number): string {
  if (differing === 0) return `This export does what the model did: all ${rows} rows agree.`
  const flipped = labels === 0 ? '' : `, ${labels} of them in the class that is predicted`
  return `This export does not do what the model did: ${differing} of ${rows} rows differ${flipped}.`
}
