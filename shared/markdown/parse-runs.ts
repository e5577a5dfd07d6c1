import type { Run } from './markdown-tree.ts'

type Look = Omit<Run, 'text'>

/** Emphasis within emphasis, at most. */
const deepest = 6

/** Only these can stand in a link; a `javascript:` or `data:` address becomes plain text. */
const safeAddress = /^(?:https?:\/\/|mailto:)[^\s<>"']+$/i

const link = /!?\[((?:[^[\]\\]|\\.)*)\]\(\s*([^\s()]*)(?:\s+"[^"]*")?\s*\)/y
const bareLink = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/iy
const escaped = /\\([!-/:-@[-`{-~])/y
const ticks = /`+/y

/** The runs of one paragraph. A line's end is a space; two spaces or a backslash before it keep it. */
export function parseRuns(text: string): Run[] {
  return join(scan(text.trim(), {}, 0))
}

function scan(text: string, look: Look, depth: number): Run[] {
  const runs: Run[] = []
  // A delimiter that was not closed once is not closed further on either: without this, time would be quadratic.
  const unclosed = new Set<string>()
  let plain = ''
  let at = 0
  const flush = () => {
    if (plain !== '') runs.push({ text: plain, ...look })
    plain = ''
  }
  while (at < text.length) {
    const found =
      matchEscape(text, at) ??
      matchCode(text, at, look, unclosed) ??
      matchLink(text, at, look, depth) ??
      matchEmphasis(text, at, look, depth, unclosed) ??
      matchLineEnd(text, at)
    if (!found) {
      plain += text[at]
      at += 1
      continue
    }
    if (typeof found.content === 'string') plain += found.content
    else {
      flush()
      runs.push(...found.content)
    }
    at = found.next
  }
  flush()
  return runs
}

type Found = { readonly content: string | readonly Run[]; readonly next: number } | null

function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function matchEscape(text: string, at: number): Found {
  const found = text[at] === '\\' ? sticky(escaped, text, at) : null
  return found && { content: found[1] as string, next: at + 2 }
}

function matchCode(text: string, at: number, look: Look, unclosed: Set<string>): Found {
  const [mark = ''] = (text[at] === '`' ? sticky(ticks, text, at) : null) ?? []
  if (mark === '') return null
  const end = unclosed.has(mark) ? -1 : closingTicks(text, at + mark.length, mark.length)
  if (end < 0) {
    unclosed.add(mark)
    return { content: mark, next: at + mark.length }
  }
  const code = text.slice(at + mark.length, end).replaceAll('\n', ' ')
  // One space at both ends is there to keep backticks apart.
  const inner = /^ .*\S.* $/.test(code) ? code.slice(1, -1) : code
  return { content: [{ text: inner, ...look, code: true }], next: end + mark.length }
}

function closingTicks(text: string, from: number, length: number): number {
  for (let at = text.indexOf('`', from); at >= 0; at = text.indexOf('`', at)) {
    const [run = ''] = sticky(ticks, text, at) ?? []
    if (run.length === length) return at
    at += run.length
  }
  return -1
}

function matchLink(text: string, at: number, look: Look, depth: number): Found {
  if (text[at] === '<') {
    const bare = sticky(bareLink, text, at)
    const address = bare?.[1] ?? ''
    if (!bare || !safeAddress.test(address)) return null
    return { content: [{ text: address.replace(/^mailto:/i, ''), ...look, href: address }], next: at + bare[0].length }
  }
  if (text[at] !== '[' && !(text[at] === '!' && text[at + 1] === '[')) return null
  const found = sticky(link, text, at)
  if (!found || look.href !== undefined || depth >= deepest) return null
  const [whole, label = '', address = ''] = found
  const inner = safeAddress.test(address) ? { ...look, href: address } : look
  return { content: scan(label, inner, depth + 1), next: at + whole.length }
}

function matchEmphasis(text: string, at: number, look: Look, depth: number, unclosed: Set<string>): Found {
  const sign = text[at]
  if ((sign !== '*' && sign !== '_') || depth >= deepest) return null
  for (const mark of text[at + 1] === sign ? [sign + sign, sign] : [sign]) {
    const start = at + mark.length
    if (unclosed.has(mark) || /^\s?$/.test(text[start] ?? '') || isInWord(text, at, start, sign)) continue
    const end = closing(text, start + 1, mark)
    if (end < 0) {
      unclosed.add(mark)
      continue
    }
    const inner: Look = mark.length === 2 ? { ...look, bold: true } : { ...look, italic: true }
    return { content: scan(text.slice(start, end), inner, depth + 1), next: end + mark.length }
  }
  // What opens nothing is taken whole, so that `**` is not read again as two of `*`.
  const [signs = ''] = sticky(sign === '*' ? /\*+/y : /_+/y, text, at) ?? []
  return { content: signs, next: at + signs.length }
}

/** snake_case stays as it is. */
function isInWord(text: string, at: number, after: number, sign: string): boolean {
  return sign === '_' && /\w/.test(text[at - 1] ?? '') && /\w/.test(text[after] ?? '')
}

function closing(text: string, from: number, mark: string): number {
  const sign = mark[0] as string
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    const before = text[at - 1] as string
    const after = text[at + mark.length] ?? ''
    if (/\s/.test(before) || before === '\\') continue
    if (mark.length === 1 && (after === sign || before === sign)) continue
    if (sign === '_' && /\w/.test(after)) continue
    // Of three signs in a row the last two close, and the first belongs to what is within.
    return mark.length === 2 && after === sign ? at + 1 : at
  }
  return -1
}

function matchLineEnd(text: string, at: number): Found {
  if (text[at] === '\n') return { content: ' ', next: at + 1 }
  if (text[at] === '\\' && text[at + 1] === '\n') return { content: '\n', next: at + 2 }
  const [spaces = ''] = (text[at] === ' ' ? sticky(/ {2,}\n/y, text, at) : null) ?? []
  return spaces === '' ? null : { content: '\n', next: at + spaces.length }
}

/** Neighbours that look alike are one run. */
function join(runs: readonly Run[]): Run[] {
  const joined: Run[] = []
  for (const run of runs) {
    const last = joined.at(-1)
    if (
      last &&
      last.bold === run.bold &&
      last.italic === run.italic &&
      last.code === run.code &&
      last.href === run.href
    )
      joined[joined.length - 1] = { ...last, text: last.text + run.text }
    else joined.push(run)
  }
  return joined
}
