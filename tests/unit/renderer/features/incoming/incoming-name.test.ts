import { expect, test } from 'vitest'
import {
  incomingName,
  isModelFile,
  isPackageFile,
  isReplyFile,
  suggestedName,
} from '../../../../../renderer/features/incoming/incoming-name.ts'

test('what came in is called after its file, on any system', () => {
  expect(incomingName({ file: new File([], 'a.csv') })).toBe('a.csv')
  expect(incomingName({ path: '/home/ann/b.onnx' })).toBe('b.onnx')
  expect(incomingName({ path: 'C:\\data\\c.parquet' })).toBe('c.parquet')
  expect(incomingName({ text: 'a,b\n1,2' })).toBe('pasted.csv')
})

test('models are told by their ending', () => {
  expect(['a.onnx', 'A.ONNX', 'onnx.csv', 'a.onnx.csv'].map(isModelFile)).toEqual([true, true, false, false])
})

test('names lose their ending and what names may not have', () => {
  expect(suggestedName('sales.csv')).toBe('sales')
  expect(suggestedName('sales.2024.csv.gz')).toBe('sales.2024')
  expect(suggestedName('a@b.onnx')).toBe('a-b')
  expect(suggestedName(`${'x'.repeat(300)}.csv`)).toHaveLength(200)
})

test('packages and replies are told by theirs', () => {
  const names = ['a.maestro', 'A.MAESTRO', 'a-reply.json', 'maestro.csv']
  expect(names.map(isPackageFile)).toEqual([true, true, false, false])
  expect(names.map(isReplyFile)).toEqual([false, false, true, false])
})
