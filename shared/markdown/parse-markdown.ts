import type { MarkdownBlock } from './markdown-tree.ts'
import { parseRuns } from './parse-runs.ts'

/** Lists and quotes deeper than this are read as text, so that no input makes a deep recursion. */
const deepest = 6

const fence = /^ {0,3}(`{3,}|~{3,})[^`]*$/
const heading = /^ {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$/
const rule = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/
const quote = /^ {0,3}> ?/
const marker = /^( {0,3})([-*+]|\d{1,9}[.)])(\s+|$)/

/**
 * The part of CommonMark that people write in notes: paragraphs, headings, lists, quotes, code, emphasis and links. HTML is
 * text, as everything else that is not known. The tree holds no markup, so it cannot carry any into a page.
 */
export function parseMarkdown(text: string): MarkdownBlock[] {
  return parseLines(text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n'), 0)
}

function parseLines(lines: readonly string[], depth: number): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] as string
    if (line.trim() === '') {
      at += 1
      continue
    }
    const [block, next] = parseBlock(lines, at, depth)
    blocks.push(block)
    at = next
  }
  return blocks
}

function parseBlock(lines: readonly string[], at: number, depth: number): [MarkdownBlock, number] {
  const line = lines[at] as string
  const opened = fence.exec(line)
  if (opened) return parseFence(lines, at, opened[1] as string)
  const titled = heading.exec(line)
  if (titled)
    return [{ kind: 'heading', level: (titled[1] as string).length, runs: parseRuns(titled[2] ?? '') }, at + 1]
  if (rule.test(line)) return [{ kind: 'rule' }, at + 1]
  if (depth < deepest && quote.test(line)) return parseQuote(lines, at, depth)
  if (depth < deepest && marker.test(line)) return parseList(lines, at, depth)
  return parseParagraph(lines, at, depth)
}

function parseFence(lines: readonly string[], start: number, opening: string): [MarkdownBlock, number] {
  let at = start + 1
  const closing = new RegExp(`^ {0,3}${opening[0] === '~' ? '~' : '`'}{${opening.length},}\\s*$`)
  const kept: string[] = []
  while (at < lines.length && !closing.test(lines[at] as string)) {
    kept.push(lines[at] as string)
    at += 1
  }
  return [{ kind: 'code', text: kept.join('\n') }, at + 1]
}

function parseQuote(lines: readonly string[], start: number, depth: number): [MarkdownBlock, number] {
  let at = start
  const inner: string[] = []
  while (at < lines.length && quote.test(lines[at] as string)) {
    inner.push((lines[at] as string).replace(quote, ''))
    at += 1
  }
  return [{ kind: 'quote', blocks: parseLines(inner, depth + 1) }, at]
}

/** Items of one list: same kind of marker; what is indented beneath a marker belongs to its item. */
function parseList(lines: readonly string[], start: number, depth: number): [MarkdownBlock, number] {
  const ordered = /\d/.test((marker.exec(lines[start] as string) as RegExpExecArray)[2] as string)
  const items: MarkdownBlock[][] = []
  let at = start
  for (;;) {
    const found = marker.exec(lines[at] ?? '')
    if (!found || rule.test(lines[at] as string) || /\d/.test(found[2] as string) !== ordered) break
    const indent = found[0].length
    const inner = [(lines[at] as string).slice(indent)]
    at += 1
    while (at < lines.length && belongs(lines, at, indent)) {
      inner.push((lines[at] as string).slice(Math.min(indent, leading(lines[at] as string))))
      at += 1
    }
    items.push(parseLines(inner, depth + 1))
    // Blank lines between items do not end the list.
    let next = at
    while (next < lines.length && (lines[next] as string).trim() === '') next += 1
    if (next > at && marker.test(lines[next] ?? '')) at = next
  }
  return [{ kind: 'list', ordered, items }, at]
}

function belongs(lines: readonly string[], at: number, indent: number): boolean {
  const line = lines[at] as string
  if (line.trim() !== '') return leading(line) >= Math.min(indent, 2) || !startsBlock(line, lines[at - 1] as string)
  // A blank line belongs where something indented follows it.
  const next = lines[at + 1] ?? ''
  return next.trim() !== '' && leading(next) >= Math.min(indent, 2)
}

/** Whether a line that is not indented begins something else than the paragraph before it. */
function startsBlock(line: string, before: string): boolean {
  return before.trim() === '' || [fence, heading, rule, quote, marker].some((pattern) => pattern.test(line))
}

function leading(line: string): number {
  return line.length - line.trimStart().length
}

function parseParagraph(lines: readonly string[], start: number, depth: number): [MarkdownBlock, number] {
  const kept = [lines[start] as string]
  let at = start + 1
  while (at < lines.length && (lines[at] as string).trim() !== '') {
    const line = lines[at] as string
    if ([fence, heading, rule].some((pattern) => pattern.test(line))) break
    if (depth < deepest && (quote.test(line) || marker.test(line))) break
    kept.push(line)
    at += 1
  }
  return [{ kind: 'paragraph', runs: parseRuns(kept.map((line) => line.trimStart()).join('\n')) }, at]
}
