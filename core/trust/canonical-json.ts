/** What RFC 8785 can write: JSON's values, without NaN, infinities and lone surrogates. */
export type CanonicalValue =
  | null
  | boolean
  | number
  | string
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue | undefined }

/**
 * The one text of a value by RFC 8785 (JSON Canonicalization Scheme): no white space, keys in the order of their UTF-16
 * code units, numbers and strings as ECMAScript writes them. Keys whose value is undefined are left out, as in JSON.
 * Throws TypeError for what has no such text: NaN, infinities, lone surrogates, functions, bigints, symbols, undefined.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === 'string') return canonicalString(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be written as canonical JSON.`)
    return String(value)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object') throw new TypeError(`A ${typeof value} cannot be written as canonical JSON.`)
  return Array.isArray(value)
    ? `[${value.map((item: CanonicalValue) => canonicalJson(item)).join(',')}]`
    : canonicalObject(value as { readonly [key: string]: CanonicalValue | undefined })
}

/** Letters that stand for themselves, which is nearly all that is written. */
const plain = /^[ !#-[\]-~]*$/

function canonicalString(text: string): string {
  if (plain.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new TypeError('Text with half a surrogate pair cannot be written as canonical JSON.')
  // ECMAScript escapes exactly what section 3.2.2.2 asks for.
  return JSON.stringify(text)
}

function canonicalObject(value: { readonly [key: string]: CanonicalValue | undefined }): string {
  const parts: string[] = []
  // Without a comparison function, sort() goes by UTF-16 code units.
  for (const key of Object.keys(value).sort()) {
    const item = value[key]
    if (item !== undefined) parts.push(`${canonicalString(key)}:${canonicalJson(item)}`)
  }
  return `{${parts.join(',')}}`
}
