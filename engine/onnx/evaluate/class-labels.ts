import type { NodeAttributes } from '../reader/tensor-values.ts'
import type { GraphTensor } from './graph-tensor.ts'
import { elementTypes, numbers, texts } from './graph-tensor.ts'

/** The labels that a classifier names, and a tensor of those chosen for each row. */
export interface ClassLabels {
  readonly count: number
  readonly chosen: (codes: Float64Array) => GraphTensor
}

/** Labels are texts or whole numbers; linear classifiers spell the attribute differently. */
export function classLabelsOf(attributes: NodeAttributes): ClassLabels {
  const ofTexts = attributes.texts('classlabels_strings')
  if (ofTexts.length > 0) {
    return {
      count: ofTexts.length,
      chosen: (codes) =>
        texts(
          [codes.length],
          Array.from(codes, (code) => ofTexts[code] ?? ''),
        ),
    }
  }
  const given = attributes.integers('classlabels_int64s')
  const labels = given.length > 0 ? given : attributes.integers('classlabels_ints')
  return {
    count: labels.length,
    // A code beyond the list is the label itself: classifiers without labels answer 0 and 1.
    chosen: (codes) =>
      numbers(
        elementTypes.int64,
        [codes.length],
        codes.map((code) => labels[code] ?? code),
      ),
  }
}
