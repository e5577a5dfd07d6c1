import { expect, test } from 'vitest'
import { decodeBase64 } from '../../../../engine/kernels/decode-base64.ts'
import { fc } from '../../../fixtures/properties.ts'

test('bytes of every value and number come back from their text', () => {
  const all = Uint8Array.from({ length: 256 }, (_, value) => value)
  expect(decodeBase64(Buffer.from(all).toString('base64'))).toEqual(all)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(new Uint8Array(bytes))
    }),
  )
})
