import { expect, test } from 'vitest'
import { predictionLines, predictionsHeader } from '../../../../../core/services/predict/predictions-csv.ts'

test('classes keep their spelling, numbers their bits', () => {
  const classes = ['>50K', 'a,"b"']
  expect(predictionsHeader({ task: 'binary', classes, outputs: [] })).toBe('row,prediction,p_>50K,"p_a,""b"""\n')
  const predictions = {
    nRows: 2,
    nClasses: 2,
    values: Float64Array.of(0.1 + 0.2, 1e-300, 0, 1),
    labelCodes: Int32Array.of(0, 1),
    labels: ['>50K', 'a,"b"'],
  }
  expect(predictionLines(predictions, 7)).toBe('7,>50K,0.30000000000000004,1e-300\n8,"a,""b""",0,1\n')
})

test('a regression has the number alone', () => {
  const predictions = { nRows: 2, nClasses: 0, values: Float64Array.of(-1.5, Infinity), labelCodes: null, labels: [] }
  const signature = { task: 'regression' as const, classes: [], outputs: [{ name: 'y', type: 'double' }] }
  expect(predictionsHeader(signature) + predictionLines(predictions, 0)).toBe('row,prediction\n0,-1.5\n1,Infinity\n')
})

test('a model of several numbers a row has a column for each', () => {
  const predictions = { nRows: 2, nClasses: 0, values: Float64Array.of(1, 2, 3, 4), labelCodes: null, labels: [] }
  const outputs = ['y_0', 'y_1'].map((name) => ({ name, type: 'number' }))
  const signature = { task: 'regression' as const, classes: [], outputs }
  expect(predictionsHeader(signature) + predictionLines(predictions, 0)).toBe('row,prediction,y_1\n0,1,2\n1,3,4\n')
})
