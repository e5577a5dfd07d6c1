import type { MarkdownBlock, Run } from '../../shared/markdown/markdown-tree.ts'
import { chartSvg } from './chart-svg.ts'
import type { DocumentBlock, ReportDocument } from './document.ts'
import { pageStyle } from './page-style.ts'

/**
 * The document as one HTML file: no script, nothing that is fetched, charts as SVG within, and a policy that would stop a
 * browser from running or loading anything even so. The same document gives the same bytes, wherever it is written.
 */
export function writeHtml(document: ReportDocument): string {
  const { title, facts, sections, footer } = document
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<h1>${escapeText(title)}</h1>
<dl>
${facts.map(([name, value]) => `<div><dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd></div>`).join('\n')}
</dl>
${sections.map((section) => `<section>\n<h2>${escapeText(section.title)}</h2>\n${section.blocks.map(writeBlock).join('\n')}\n</section>`).join('\n')}
<footer>${escapeText(footer)}</footer>
</main>
</body>
</html>
`
}

const severities = { info: 'Note', warning: 'Warning', error: 'Problem' } as const

function writeBlock(block: DocumentBlock): string {
  switch (block.kind) {
    case 'text':
      return `<p${block.quiet ? ' class="quiet"' : ''}>${escapeText(block.text)}</p>`
    case 'markdown':
      return writeMarkdown(block.blocks)
    case 'table':
      return writeTable(block)
    case 'chart':
      return `<figure>\n<figcaption>${escapeText(block.title)}</figcaption>\n<div role="img" aria-label="${escapeText(block.alternative)}">${chartSvg(block.option, block.name, block.size)}</div>\n</figure>`
    case 'remark': {
      const source =
        block.source === null
          ? ''
          : ` <a href="${escapeText(block.source)}" rel="noopener noreferrer">${escapeText(block.source)}</a>`
      return `<p class="remark ${block.severity}"><strong>${severities[block.severity]}:</strong> ${escapeText(block.text)} ${escapeText(block.hint)}${source}</p>`
    }
  }
}

function writeTable({ caption, columns, rows }: Extract<DocumentBlock, { kind: 'table' }>): string {
  const side = (at: number) => (columns[at]?.numeric ? ' class="numeric"' : '')
  const head = columns.map(({ title }, at) => `<th scope="col"${side(at)}>${escapeText(title)}</th>`).join('')
  const body = rows.map(
    (row) => `<tr>${row.map((cell, at) => `<td${side(at)}>${escapeText(cell)}</td>`).join('')}</tr>`,
  )
  return `<div class="scroll"><table>\n<caption>${escapeText(caption)}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table></div>`
}

function writeMarkdown(blocks: readonly MarkdownBlock[]): string {
  return blocks.map(writeMarkdownBlock).join('\n')
}

function writeMarkdownBlock(block: MarkdownBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${writeRuns(block.runs)}</p>`
    case 'heading': {
      // Beneath the section's own heading.
      const level = Math.min(6, block.level + 2)
      return `<h${level}>${writeRuns(block.runs)}</h${level}>`
    }
    case 'list': {
      const name = block.ordered ? 'ol' : 'ul'
      return `<${name}>\n${block.items.map((item) => `<li>${writeItem(item)}</li>`).join('\n')}\n</${name}>`
    }
    case 'quote':
      return `<blockquote>\n${writeMarkdown(block.blocks)}\n</blockquote>`
    case 'code':
      return `<pre><code>${escapeText(block.text)}</code></pre>`
    case 'rule':
      return '<hr>'
  }
}

/** An item of one paragraph stands without a paragraph's space around it. */
function writeItem(blocks: readonly MarkdownBlock[]): string {
  const [first, ...rest] = blocks
  if (first?.kind !== 'paragraph') return writeMarkdown(blocks)
  return `${writeRuns(first.runs)}${rest.length > 0 ? `\n${writeMarkdown(rest)}` : ''}`
}

function writeRuns(runs: readonly Run[]): string {
  return runs
    .map(({ text, bold, italic, code, href }) => {
      let written = escapeText(text).replaceAll('\n', '<br>')
      if (code) written = `<code>${written}</code>`
      if (italic) written = `<em>${written}</em>`
      if (bold) written = `<strong>${written}</strong>`
      return href === undefined ? written : `<a href="${escapeText(href)}" rel="noopener noreferrer">${written}</a>`
    })
    .join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] as string)
}
