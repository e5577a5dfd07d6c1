import { describe, expect, test } from 'vitest'
import type { MarkdownBlock, Run } from '../../../../shared/markdown/markdown-tree.ts'
import { parseMarkdown } from '../../../../shared/markdown/parse-markdown.ts'
import { fc } from '../../../fixtures/properties.ts'

function runsOf(blocks: readonly MarkdownBlock[]): Run[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'paragraph' || block.kind === 'heading') return [...block.runs]
    if (block.kind === 'list') return block.items.flatMap(runsOf)
    if (block.kind === 'quote') return runsOf(block.blocks)
    return block.kind === 'code' ? [{ text: block.text }] : []
  })
}
const paragraph = (text: string) => runsOf(parseMarkdown(text))

describe('within a paragraph', () => {
  test.each<[string, Run[]]>([
    ['plain', [{ text: 'plain' }]],
    ['a **b** c', [{ text: 'a ' }, { text: 'b', bold: true }, { text: ' c' }]],
    ['*i* and _j_', [{ text: 'i', italic: true }, { text: ' and ' }, { text: 'j', italic: true }]],
    [
      '**a *b* c**',
      [
        { text: 'a ', bold: true },
        { text: 'b', bold: true, italic: true },
        { text: ' c', bold: true },
      ],
    ],
    ['***both***', [{ text: 'both', bold: true, italic: true }]],
    ['snake_case_name', [{ text: 'snake_case_name' }]],
    ['2 * 3 * 4', [{ text: '2 * 3 * 4' }]],
    ['**open', [{ text: '**open' }]],
    ['`a*b*` and ``c`d``', [{ text: 'a*b*', code: true }, { text: ' and ' }, { text: 'c`d', code: true }]],
    ['\\*not\\*', [{ text: '*not*' }]],
    ['one\ntwo  \nthree\\\nfour', [{ text: 'one two\nthree\nfour' }]],
    ['[**site**](https://a.b/c?d=e "t")', [{ text: 'site', bold: true, href: 'https://a.b/c?d=e' }]],
    ['<https://a.b>', [{ text: 'https://a.b', href: 'https://a.b' }]],
    ['![picture](https://a.b/c.png)', [{ text: 'picture', href: 'https://a.b/c.png' }]],
  ])('%s', (text, runs) => {
    expect(paragraph(text)).toEqual(runs)
  })

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'JaVaScRiPt:x',
    'file:///etc/passwd',
    '//evil.test',
    'vbscript:x',
  ])('a link to %s is plain text', (address) => {
    expect(paragraph(`[click](${address})`)).toEqual(
      address.includes('(')
        ? expect.not.arrayContaining([expect.objectContaining({ href: expect.anything() })])
        : [{ text: 'click' }],
    )
  })

  test('HTML is text', () => {
    const html = '<img src=x onerror=alert(1)> <b>bold</b> <!-- c --> &amp;'
    expect(paragraph(html)).toEqual([{ text: html }])
  })
})

describe('blocks', () => {
  test('headings, rules, quotes, code', () => {
    expect(parseMarkdown('# One\ntext\n## Two ##\n---\n> quoted\n> more\n\n```js\n<a>\n*b*\n```\nend')).toEqual([
      { kind: 'heading', level: 1, runs: [{ text: 'One' }] },
      { kind: 'paragraph', runs: [{ text: 'text' }] },
      { kind: 'heading', level: 2, runs: [{ text: 'Two' }] },
      { kind: 'rule' },
      { kind: 'quote', blocks: [{ kind: 'paragraph', runs: [{ text: 'quoted more' }] }] },
      { kind: 'code', text: '<a>\n*b*' },
      { kind: 'paragraph', runs: [{ text: 'end' }] },
    ])
  })

  test('lists, with what is indented beneath their items', () => {
    const item = (text: string): MarkdownBlock => ({ kind: 'paragraph', runs: [{ text }] })
    expect(parseMarkdown('- one\n  still one\n- two\n  - inner\n\n- three\n\n1. first\n2) second\n\nafter')).toEqual([
      {
        kind: 'list',
        ordered: false,
        items: [
          [item('one still one')],
          [item('two'), { kind: 'list', ordered: false, items: [[item('inner')]] }],
          [item('three')],
        ],
      },
      { kind: 'list', ordered: true, items: [[item('first')], [item('second')]] },
      item('after'),
    ])
  })
})

describe('whatever is written', () => {
  test('no address but of the web and of mail comes out, and no text is lost but marks', () => {
    const pieces = [
      '*',
      '_',
      '**',
      '`',
      '[',
      ']',
      '(',
      ')',
      '<',
      '>',
      'javascript:x',
      'https://a.b',
      ' ',
      '\n',
      '\\',
      '- ',
      '# ',
      'w',
      '!',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
        const text = parts.join('')
        const runs = runsOf(parseMarkdown(text))
        for (const { href } of runs) if (href !== undefined) expect(href).toMatch(/^https?:\/\/|^mailto:/)
        const words = (from: string) => [...from].filter((sign) => sign === 'w').length
        expect(words(runs.map((run) => run.text).join(''))).toBe(words(text.replaceAll(/\]\([^\s()]*\)/g, '')))
      }),
      { numRuns: 2_000, seed: 7 },
    )
  })

  test.each(['*a ', '**a ', '`', '``a` ', '[', '_a', '> ', '- ', '[a](', '* '])(
    '20,000 characters of %j take no time',
    (piece) => {
      const start = performance.now()
      parseMarkdown(piece.repeat(20_000 / piece.length))
      parseMarkdown(`${piece}\n`.repeat(20_000 / (piece.length + 1)))
      expect(performance.now() - start).toBeLessThan(1_000)
    },
  )
})
