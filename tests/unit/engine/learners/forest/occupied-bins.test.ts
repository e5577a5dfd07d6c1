import { expect, test } from 'vitest'
import { createBinMarks, takeMarkedBins } from '../../../../../engine/learners/forest/occupied-bins.ts'
import { fc } from '../../../../fixtures/properties.ts'

test('marked bins come ascending, once each, and leave no marks', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 255 })), (bins) => {
      const marks = createBinMarks()
      for (const bin of bins) marks[bin >> 5] = (marks[bin >> 5] as number) | (1 << bin)
      const out = new Uint8Array(256)
      const count = takeMarkedBins(marks, out)
      expect(Array.from(out.subarray(0, count))).toEqual(Array.from(new Set(bins)).sort((a, b) => a - b))
      expect(marks.every((word) => word === 0)).toBe(true)
    }),
  )
})
