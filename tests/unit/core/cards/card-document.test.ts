import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { buildCard } from '../../../../core/cards/build-card.ts'
import { cardDocument } from '../../../../core/cards/card-document.ts'
import { editCard } from '../../../../core/cards/edit-card.ts'
import { writeHtml } from '../../../../core/documents/write-html.ts'
import { goodPerformance, goodSources } from '../../../fixtures/card-sources.ts'

const evidence = { performance: goodPerformance, explanation: goodSources.explanation }
const made = buildCard(goodSources)
const hostile = '<script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror=alert(3)> **bold** "q" \'s\''
const edited = editCard(
  made,
  { owner: hostile, notes: hostile, limits: hostile, intendedUse: hostile },
  { actor: '<b>bob</b>', time: '2026-03-02T00:00:00.000Z' },
)

describe('the page of a card', () => {
  const html = writeHtml(cardDocument(made, evidence, made.identity.digest))

  test('says all that the card says', () => {
    const words = [
      'Model card: titanic / 3',
      'What it is for',
      'What it is not for',
      'Limits and risks',
      'Nothing in the numbers stands out',
      'On 1,000 rows that it had not seen (5-fold cross-validation)',
      '0.85 to 0.89',
      'sex: female',
      'sex and age explain all of this score.',
      'titanic.csv',
      'learning_rate',
      '0 labels differ',
      'Nobody has decided on this version yet.',
      'generated at registration',
      '2026-03-01 22:30 UTC',
      goodSources.version.digest,
    ]
    for (const word of words) expect(html).toContain(word)
    expect(html.match(/<svg/g)).toHaveLength(6)
  })

  test('needs nothing and runs nothing', () => {
    expect(html).not.toMatch(/<script|<link|<iframe|<object|<img| on\w+=|url\((?!#)|@import|src=/i)
    const addresses = [...html.matchAll(/https?:\/\/[^"'<\s]+/g)].map(([address]) => address)
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink']))
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`)
  })

  test('every identifier is there once', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('what people wrote is text, whatever it looks like', () => {
    const written = writeHtml(cardDocument(edited ?? made, evidence, null))
    expect(written).not.toMatch(/<script|<img|<b>|href="javascript|onerror="/i)
    expect(written).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(written).toContain('<strong>bold</strong>')
    expect(written).toContain('&lt;b&gt;bob&lt;/b&gt;')
  })

  test('has the same bytes every time, and in another time zone and language', () => {
    expect(writeHtml(cardDocument(made, evidence, made.identity.digest))).toBe(html)
    const digest = createHash('sha256').update(html).digest('hex')
    for (const environment of [
      { TZ: 'Pacific/Kiritimati', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
      { TZ: 'America/St_Johns', LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' },
    ]) {
      const script = `
        import { createHash } from 'node:crypto'
        const { buildCard } = await import('./core/cards/build-card.ts')
        const { cardDocument } = await import('./core/cards/card-document.ts')
        const { writeHtml } = await import('./core/documents/write-html.ts')
        const { goodPerformance, goodSources } = await import('./tests/fixtures/card-sources.ts')
        const card = buildCard(goodSources)
        const evidence = { performance: goodPerformance, explanation: goodSources.explanation }
        const html = writeHtml(cardDocument(card, evidence, card.identity.digest))
        process.stdout.write(createHash('sha256').update(html).digest('hex'))
        process.exit(0)`
      const there = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, ...environment },
        encoding: 'utf8',
      })
      expect(there).toBe(digest)
    }
    // Two processes are started, which takes long where the machine is busy.
  }, 60_000)
})
