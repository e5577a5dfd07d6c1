import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pdfmake from 'pdfmake'
import type { MarkdownBlock, Run } from '../../shared/markdown/markdown-tree.ts'
import { chartSvg } from './chart-svg.ts'
import type { DocumentBlock, ReportDocument } from './document.ts'

const fonts = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts/Roboto')
pdfmake.setFonts({
  Roboto: {
    normal: join(fonts, 'Roboto-Regular.ttf'),
    bold: join(fonts, 'Roboto-Medium.ttf'),
    italics: join(fonts, 'Roboto-Italic.ttf'),
    bolditalics: join(fonts, 'Roboto-MediumItalic.ttf'),
  },
})
// A report shows text that other people wrote: it may neither fetch nor read a file, save for our fonts.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => path.startsWith(fonts))

/** Points between the margins of an A4 page. */
const pageWidth = 515
const grey = '#565e66'
const accents = { info: '#7a828a', warning: '#a86100', error: '#b02525' } as const
const severities = { info: 'Note', warning: 'Warning', error: 'Problem' } as const

/** The document as a PDF with its fonts embedded. The same document gives the same bytes. */
export async function writePdf(document: ReportDocument): Promise<Uint8Array> {
  const { title, facts, sections, footer, time } = document
  const made = new Date(time)
  const definition = {
    // Left to itself the writer would put the present moment here, and name the file after it.
    info: { title: drawable(title), creator: 'Maestro', producer: 'Maestro', creationDate: made, modDate: made },
    language: 'en',
    pageSize: 'A4',
    pageMargins: [40, 44, 40, 48],
    defaultStyle: { fontSize: 9.5, lineHeight: 1.2 },
    footer: (page: number, pages: number) => ({
      columns: [
        { text: drawable(title), color: grey, fontSize: 8 },
        { text: `${page} / ${pages}`, alignment: 'right', color: grey, fontSize: 8 },
      ],
      margin: [40, 16, 40, 0],
    }),
    content: [
      { text: drawable(title), fontSize: 20, bold: true, margin: [0, 0, 0, 10] },
      ...(facts.length === 0 ? [] : [factTable(facts)]),
      ...sections.flatMap(drawSection),
      { text: drawable(footer), color: grey, fontSize: 8, margin: [0, 20, 0, 0] },
    ],
  }
  return pdfmake.createPdf(definition).getBuffer()
}

function factTable(facts: ReportDocument['facts']): object {
  return {
    table: {
      widths: [110, '*'],
      body: facts.map(([name, value]) => [{ text: drawable(name), color: grey }, { text: breakable(value) }]),
    },
    layout: 'noBorders',
  }
}

type Chart = Extract<DocumentBlock, { kind: 'chart' }>

/** Pixels up to which two charts fit beside each other. */
const halfWidth = 450

interface Pair {
  readonly kind: 'pair'
  readonly charts: readonly [Chart, Chart]
}

/** Small charts that follow each other, two by two. */
function pairCharts(blocks: readonly DocumentBlock[]): (DocumentBlock | Pair)[] {
  const parts: (DocumentBlock | Pair)[] = []
  for (const block of blocks) {
    const last = parts.at(-1)
    if (block.kind === 'chart' && last?.kind === 'chart' && Math.max(block.size.width, last.size.width) <= halfWidth)
      parts[parts.length - 1] = { kind: 'pair', charts: [last, block] }
    else parts.push(block)
  }
  return parts
}

function drawSection({ title, blocks }: ReportDocument['sections'][number]): object[] {
  const heading = { text: drawable(title), fontSize: 13, bold: true, margin: [0, 16, 0, 6] }
  const [first, ...rest] = pairCharts(blocks).map((part) => (part.kind === 'pair' ? drawPair(part) : drawBlock(part)))
  // A heading does not stand alone at the foot of a page; a table may be longer than one.
  return blocks[0]?.kind === 'table' || first === undefined
    ? [heading, ...(first ? [first] : []), ...rest]
    : [{ stack: [heading, first], unbreakable: true }, ...rest]
}

function drawPair({ charts: [left, right] }: Pair): object {
  const width = (pageWidth - 15) / 2
  return { columns: [drawChart(left, width), drawChart(right, width)], columnGap: 15, unbreakable: true }
}

function drawChart({ title, option, name, size }: Chart, width: number): object {
  return {
    stack: [
      { text: drawable(title), bold: true, margin: [0, 6, 0, 2] },
      { svg: withoutTextOutline(chartSvg(option, name, size)), width, height: (width * size.height) / size.width },
    ],
    unbreakable: true,
  }
}

function drawBlock(block: DocumentBlock): object {
  switch (block.kind) {
    case 'text':
      return {
        text: drawable(block.text),
        margin: [0, 2, 0, 4],
        ...(block.quiet ? { color: grey, fontSize: 8.5 } : {}),
      }
    case 'markdown':
      return { stack: block.blocks.map(drawMarkdown) }
    case 'table':
      return drawTable(block)
    case 'chart':
      return drawChart(block, Math.min(block.size.width * 0.75, pageWidth))
    case 'remark':
      return {
        text: [
          { text: `${severities[block.severity]}: `, bold: true, color: accents[block.severity] },
          drawable(`${block.text} ${block.hint}`),
          ...(block.source === null
            ? []
            : [' ', { text: drawable(block.source), link: block.source, color: '#005a8f' }]),
        ],
        margin: [0, 2, 0, 4],
      }
  }
}

function drawTable({ caption, columns, rows }: Extract<DocumentBlock, { kind: 'table' }>): object {
  const side = (at: number) => (columns[at]?.numeric ? 'right' : 'left')
  return {
    margin: [0, 4, 0, 8],
    stack: [
      { text: drawable(caption), color: grey, fontSize: 8.5, margin: [0, 0, 0, 2] },
      {
        table: {
          headerRows: 1,
          dontBreakRows: true,
          widths: columns.map(({ numeric }) => (numeric ? 'auto' : '*')),
          body: [
            columns.map((column, at) => ({ text: drawable(column.title), bold: true, alignment: side(at) })),
            ...rows.map((row) => row.map((cell, at) => ({ text: breakable(cell), alignment: side(at) }))),
          ],
        },
        layout: 'lightHorizontalLines',
        fontSize: 8.5,
      },
    ],
  }
}

function drawMarkdown(block: MarkdownBlock): object {
  switch (block.kind) {
    case 'paragraph':
      return { text: drawRuns(block.runs), margin: [0, 2, 0, 4] }
    case 'heading':
      return { text: drawRuns(block.runs), bold: true, fontSize: 11, margin: [0, 6, 0, 2] }
    case 'list': {
      const items = block.items.map((item) => ({ stack: item.map(drawMarkdown) }))
      return { ...(block.ordered ? { ol: items } : { ul: items }), margin: [0, 2, 0, 4] }
    }
    case 'quote':
      return { stack: block.blocks.map(drawMarkdown), color: grey, margin: [12, 2, 0, 4] }
    case 'code':
      return { text: breakable(block.text), fontSize: 8.5, background: '#f1f3f5', preserveLeadingSpaces: true }
    case 'rule':
      return { canvas: [{ type: 'line', x1: 0, y1: 4, x2: pageWidth, y2: 4, lineWidth: 0.5, lineColor: '#ced4da' }] }
  }
}

function drawRuns(runs: readonly Run[]): object[] {
  return runs.map(({ text, bold, italic, code, href }) => ({
    text: breakable(text),
    ...(bold ? { bold } : {}),
    ...(italic ? { italics: true } : {}),
    ...(code ? { background: '#f1f3f5' } : {}),
    ...(href === undefined ? {} : { link: href, color: '#005a8f' }),
  }))
}

/** The embedded font has Latin, Greek and Cyrillic letters; a letter of another script becomes its number, not a blank. */
function drawable(text: string): string {
  return text
    .replaceAll('≥', '>=')
    .replaceAll('≤', '<=')
    .replaceAll('→', '->')
    .replaceAll(
      /[^\n\u0020-\u024f\u0370-\u03ff\u0400-\u04ff\u2010-\u2027\u2030-\u203a\u20ac\u2122\u2212]/gu,
      (sign) => `\\u{${(sign.codePointAt(0) as number).toString(16)}}`,
    )
}

/** A word longer than a cell, such as a digest, may be broken. */
function breakable(text: string): string {
  return drawable(text).replaceAll(/\S{32}(?=\S)/g, '$&\u200b')
}

/** ECharts outlines labels in white beneath the letters (paint-order); the PDF writer would draw the outline over them. */
function withoutTextOutline(svg: string): string {
  return svg
    .replaceAll(/<text [^>]*paint-order="stroke"[^>]*>/g, (tag) => tag.replaceAll(/ stroke(-\w+)*="[^"]*"/g, ''))
    .replaceAll('font-family:sans-serif', 'font-family:Roboto')
}
