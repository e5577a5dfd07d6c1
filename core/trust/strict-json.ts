/** Deeper than anything signed has a reason to be. */
const deepest = 64

const tokens = /"(?:[^"\\]+|\\.)*"|[{}[\]:,]/g

/**
 * JSON in which all readers see the same: UTF-8 without faults or a byte order mark, no key twice in one object, at most
 * 64 levels. Throws SyntaxError that says which rule was broken.
 */
export function parseStrictJson(content: Uint8Array | string): unknown {
  const text = typeof content === 'string' ? content : decode(content)
  if (text.startsWith('\ufeff')) throw new SyntaxError('it begins with a byte order mark')
  assertShallow(text)
  const value: unknown = JSON.parse(text)
  assertKeysDiffer(text)
  return value
}

function decode(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    throw new SyntaxError('it is not UTF-8')
  }
}

/** Before it is parsed: what is nested without end is refused by its brackets alone. */
function assertShallow(text: string): void {
  let depth = 0
  let isText = false
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at)
    if (isText) {
      if (letter === 0x5c) at++
      else if (letter === 0x22) isText = false
    } else if (letter === 0x22) isText = true
    else if (letter === 0x7b || letter === 0x5b) {
      if (++depth > deepest) throw new SyntaxError(`it is nested more than ${deepest} levels deep`)
    } else if (letter === 0x7d || letter === 0x5d) depth--
  }
}

/** Of a text that is known to be JSON. */
function assertKeysDiffer(text: string): void {
  const open: (Set<string> | null)[] = []
  let last = ''
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (token === ':') {
      const key = JSON.parse(last) as string
      const keys = open.at(-1)
      if (keys?.has(key)) throw new SyntaxError(`it has the key "${key}" twice in one object`)
      keys?.add(key)
    }
    last = token
  }
}
