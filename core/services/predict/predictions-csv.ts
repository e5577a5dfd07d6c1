import type { Signature } from '../../../shared/domain/models.ts'
import type { OnnxPredictions } from '../../models/onnx-predictions.ts'

/**
 * The first line: `row,prediction`, and for classes one column of probabilities each. Models of other tools may give
 * several numbers a row: the others have columns under their own names.
 */
export function predictionsHeader({ classes, outputs, task }: Pick<Signature, 'classes' | 'outputs' | 'task'>): string {
  const others = task === 'regression' ? outputs.slice(1).map(({ name }) => name) : []
  return `${['row', 'prediction', ...classes.map((label) => `p_${label}`), ...others].map(quote).join(',')}\n`
}

/** A line a row; rows are numbered from `firstRow` on. Numbers are written so that reading them gives the same bits. */
export function predictionLines(predictions: OnnxPredictions, firstRow: number): string {
  const { nRows, nClasses, values, labelCodes } = predictions
  const labels = predictions.labels.map(quote)
  const width = nRows === 0 ? 0 : values.length / nRows
  let text = ''
  for (let row = 0; row < nRows; row++) {
    text += `${firstRow + row},`
    if (labelCodes === null) {
      text += `${values.subarray(row * width, (row + 1) * width).join(',')}\n`
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
