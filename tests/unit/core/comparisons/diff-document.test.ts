import { describe, expect, test } from 'vitest'
import { buildCard } from '../../../../core/cards/build-card.ts'
import { editCard } from '../../../../core/cards/edit-card.ts'
import { diffCards } from '../../../../core/comparisons/diff-cards.ts'
import { diffDocument } from '../../../../core/comparisons/diff-document.ts'
import { writeHtml } from '../../../../core/documents/write-html.ts'
import type { VersionDiff } from '../../../../shared/domain/version-diff.ts'
import { goodSources } from '../../../fixtures/card-sources.ts'

const card = buildCard(goodSources)
const edited = editCard(
  card,
  { limits: 'Not for children.\n<b>Ever.</b>' },
  { actor: 'bob', time: '2026-03-02T00:00:00.000Z' },
)
const head = { label: 'titanic / 3', digest: card.identity.digest, task: 'binary', learner: 'forest' } as const
const nothing: VersionDiff = {
  a: head,
  b: { ...head, label: 'titanic / 4' },
  parameters: [],
  schema: [],
  dataset: { label: 'titanic / 1', rows: 1000, trainedOn: 'b' },
  metrics: [],
  judged: [],
  slices: [],
  flipCount: 0,
  flips: [],
  shap: [],
  data: [],
  graph: [],
  card: [],
}

describe('two cards', () => {
  test('differ by the lines that differ, not by their change logs', () => {
    expect(diffCards(card, edited)).toEqual([
      {
        path: 'texts.limits',
        a: null,
        b: 'Not for children.\n<b>Ever.</b>',
        lines: [
          { kind: 'added', text: 'Not for children.' },
          { kind: 'added', text: '<b>Ever.</b>' },
        ],
      },
    ])
    expect(diffCards(card, card)).toEqual([])
  })

  test('one that is not there differs in everything', () => {
    expect(diffCards(null, card).map(({ path }) => path)).toContain('texts.intendedUse')
    expect(diffCards(null, null)).toEqual([])
  })
})

describe('the page of a diff', () => {
  const full: VersionDiff = {
    ...nothing,
    parameters: [{ key: 'depth', a: '3', b: '4' }],
    metrics: [{ name: 'roc_auc', a: 0.8, b: 0.9, ciLow: 0.05, ciHigh: 0.15 }],
    slices: [
      { column: 'sex', value: 'male', rows: 577, metric: 'roc_auc', a: 0.7, b: 0.65, ciLow: -0.1, ciHigh: 0.01 },
    ],
    flipCount: 212,
    flips: [{ row: 17, a: 'no', b: 'yes', truth: 'yes', change: 0.4 }],
    shap: [{ feature: 'sex', a: 0.6, b: 0.5 }],
    card: diffCards(card, edited),
  }
  const html = writeHtml(diffDocument(full, '2026-03-02T00:00:00.000Z'))

  test('says what differs and how sure it is', () => {
    for (const words of [
      'titanic / 4 against titanic / 3',
      'B learned from these rows, which flatters it.',
      '0.05 to 0.15',
      'sex: male',
      '212 of 1,000 rows (21.2%)',
      '+ Not for children.',
    ])
      expect(html).toContain(words)
    expect([...html.matchAll(/>(sure|not sure)</g)].map(([, word]) => word)).toEqual(['sure', 'not sure'])
    expect(html.match(/<svg/g)).toHaveLength(1)
  })

  test('needs nothing, runs nothing, and is the same every time', () => {
    expect(html).not.toMatch(/<script|<link|<img|<b>| on\w+=|src=/i)
    expect(writeHtml(diffDocument(full, '2026-03-02T00:00:00.000Z'))).toBe(html)
  })

  test('of what does not differ says so', () => {
    const same = writeHtml(diffDocument({ ...nothing, shap: [{ feature: 'sex', a: 0.5, b: 0.5 }] }, ''))
    expect(same).toContain('Nothing that was compared differs.')
    expect(same.match(/<h2>/g)).toHaveLength(1)
  })
})
