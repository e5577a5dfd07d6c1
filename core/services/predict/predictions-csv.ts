import type { OnnxPredictions } from '../../models/onnx-sessions.ts'

/** The first line: `row,prediction`, and for classes one column of probabilities each. */
export function predictionsHeader(classes: readonly string[]): string {
  return `${['row', 'prediction', ...classes.map((label) => `p_${label}`)].map(quote).join(',')}\n`
}

/** A line a row; rows are numbered from `firstRow` on. Numbers are written so that reading them gives the same bits. */
export function predictionLines(predictions: OnnxPredictions, firstRow: number): string {
  const { nRows, nClasses, values, labelCodes } = predictions
  const labels = predictions.labels.map(quote)
  let text = ''
  for (let row = 0; row < nRows; row++) {
    text += `${firstRow + row},`
    if (labelCodes === null) {
      text += `${values[row]}\n`
      continue
    }
    text += labels[labelCodes[row] as number]
    for (let k = 0; k < nClasses; k++) text += `,${values[row * nClasses + k]}`
    text += '\n'
  }
  return text
}

/** As in RFC 4180: quotes where a reader would need them. */
function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
