import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { buildCard } from '../../../core/cards/build-card.ts'
import { cardDocument } from '../../../core/cards/card-document.ts'
import { editCard } from '../../../core/cards/edit-card.ts'
import { writePdf } from '../../../core/documents/write-pdf.ts'
import { goodPerformance, goodSources } from '../../fixtures/card-sources.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-pdf-'))
afterAll(() => rmSync(folder, { recursive: true }))

const evidence = { performance: goodPerformance, explanation: goodSources.explanation }
const card = buildCard(goodSources)
const document = cardDocument(card, evidence, null)
const pdf = await writePdf(document)

const hasPdftotext = spawnSync('pdftotext', ['-v']).error === undefined

function textOf(content: Uint8Array): string {
  const path = join(folder, 'card.pdf')
  writeFileSync(path, content)
  return execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
}

describe('the PDF of a card', () => {
  test('has the same bytes every time, in this process and in one elsewhere', async () => {
    expect(Buffer.compare(await writePdf(document), pdf)).toBe(0)
    const script = `
      import { createHash } from 'node:crypto'
      const { buildCard } = await import('./core/cards/build-card.ts')
      const { cardDocument } = await import('./core/cards/card-document.ts')
      const { writePdf } = await import('./core/documents/write-pdf.ts')
      const { goodPerformance, goodSources } = await import('./tests/fixtures/card-sources.ts')
      const evidence = { performance: goodPerformance, explanation: goodSources.explanation }
      const pdf = await writePdf(cardDocument(buildCard(goodSources), evidence, null))
      process.stdout.write(createHash('sha256').update(pdf).digest('hex'))
      process.exit(0)`
    const there = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'de_DE.UTF-8' },
      encoding: 'utf8',
    })
    expect(there).toBe(createHash('sha256').update(pdf).digest('hex'))
  })

  test('carries its fonts, and neither scripts nor attached files', () => {
    const raw = Buffer.from(pdf).toString('latin1')
    expect(raw).toContain('/FontFile2')
    expect(raw).not.toMatch(/\/JavaScript|\/JS\b|\/Launch|\/EmbeddedFile/)
  })

  test.skipIf(!hasPdftotext)('says what the card says, charts included (needs pdftotext)', () => {
    const text = textOf(pdf)
    for (const words of ['Model card: titanic / 3', 'Limits and risks', '0.85 to 0.89', 'sex: female', 'Change log'])
      expect(text).toContain(words)
    // An axis of a chart.
    expect(text).toContain('false positive rate')
  })

  test.skipIf(!hasPdftotext)('writes letters that its font lacks as their numbers (needs pdftotext)', async () => {
    const by = { actor: 'bob', time: '2026-03-02T00:00:00.000Z' }
    const other = editCard(card, { notes: 'Ελλάδα, Москва, 東' }, by)
    const text = textOf(await writePdf(cardDocument(other ?? card, evidence, null)))
    expect(text).toContain('Ελλάδα, Москва, \\u{6771}')
  })
})
