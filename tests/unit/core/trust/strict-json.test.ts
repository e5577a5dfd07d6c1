import { expect, test } from 'vitest'
import { parseStrictJson } from '../../../../core/trust/strict-json.ts'
import { fc } from '../../../fixtures/properties.ts'

test('reads what is JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(parseStrictJson(text)).toEqual(JSON.parse(text))
      expect(parseStrictJson(Buffer.from(text.toWellFormed()))).toEqual(JSON.parse(text.toWellFormed()))
    }),
    { numRuns: 250, seed: 1 },
  )
})

test.each([
  ['{"a":1,"a":1}', /twice/],
  ['{"b":{"a":1,"c":2,"\\u0061":3}}', /twice/],
  ['[{"a":[{"x":1}],"b":"a\\":","a":2}]', /twice/],
  [`${'['.repeat(100_000)}`, /deep/],
  [`${'['.repeat(65)}${']'.repeat(65)}`, /deep/],
  ['\ufeff{}', /byte order mark/],
  ['{', /JSON/],
  ['', /JSON/],
])('refuses %.40s', (text, why) => {
  expect(() => parseStrictJson(text)).toThrow(why)
  expect(() => parseStrictJson(Buffer.from(text))).toThrow(why)
})

test('the same key in two objects, or in a text, is no fault', () => {
  const text = '{"a":{"a":{"a":"{\\"a\\":1,\\"a\\":1}"}},"b":[{"a":1},{"a":2}],"c":"[[[["}'
  expect(parseStrictJson(text)).toEqual(JSON.parse(text))
})

test('refuses what is not UTF-8', () => {
  expect(() => parseStrictJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(/UTF-8/)
})
