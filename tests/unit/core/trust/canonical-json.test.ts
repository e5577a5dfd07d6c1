import { describe, expect, test } from 'vitest'
import type { CanonicalValue } from '../../../../core/trust/canonical-json.ts'
import { canonicalJson } from '../../../../core/trust/canonical-json.ts'
import { fc } from '../../../fixtures/properties.ts'

/** RFC 8785, appendix B: the bits of a double and how it is written. */
const numbers: readonly (readonly [bits: string, text: string])[] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555555', '333333333.3333333'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
]

/** The definition, without anything done for speed. */
function byDefinition(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(byDefinition).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const units = (key: string) => Array.from({ length: key.length }, (_, at) => key.charCodeAt(at))
    const keys = Object.keys(value).sort((a, b) => {
      const [x, y] = [units(a), units(b)]
      const at = x.findIndex((unit, index) => unit !== y[index])
      return at < 0 ? x.length - y.length : (x[at] as number) - (y[at] ?? -1)
    })
    return `{${keys.map((key) => `${JSON.stringify(key)}:${byDefinition((value as Record<string, unknown>)[key])}`).join(',')}}`
  }
  return JSON.stringify(value)
}

describe('canonicalJson', () => {
  test('writes the example of the RFC as the RFC does', () => {
    const input = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    ) as CanonicalValue
    expect(canonicalJson(input)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })

  test('sorts keys by their UTF-16 code units, as the RFC shows', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6']
    const sorted = ['"\\r"', '"1"', '"\u0080"', '"\u00f6"', '"\u20ac"', '"\ud83d\ude00"', '"\ufb33"']
    expect(canonicalJson(Object.fromEntries(keys.map((key) => [key, 1])))).toBe(
      `{${sorted.map((key) => `${key}:1`).join(',')}}`,
    )
  })

  test.each(numbers)('writes the double %s as %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
  })

  test('means the same as what it was given, and is what the definition says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }), (value) => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(text).toBe(byDefinition(value))
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  test('does not depend on the order in which keys were set', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.integer())), (entries) => {
        const object = Object.fromEntries(entries)
        expect(canonicalJson(Object.fromEntries(Object.entries(object).reverse()))).toBe(canonicalJson(object))
      }),
      { seed: 2 },
    )
  })

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '\ud800',
    { a: '\udc00x' },
    { '\ud800': 1 },
    undefined,
    1n,
    () => 1,
  ])('refuses %s', (value) => {
    expect(() => canonicalJson(value as CanonicalValue)).toThrow(TypeError)
  })

  test('leaves out what is undefined', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}')
  })
})
