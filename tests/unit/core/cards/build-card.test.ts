import { describe, expect, test } from 'vitest'
import { buildCard } from '../../../../core/cards/build-card.ts'
import { editCard } from '../../../../core/cards/edit-card.ts'
import { categoryColumn, goodPerformance, goodSources } from '../../../fixtures/card-sources.ts'

describe('a card', () => {
  const card = buildCard(goodSources)

  test('says what the version is, whose it is, what it learned from and how good it is', () => {
    expect(card.identity).toMatchObject({ model: 'titanic', version: 3, digest: goodSources.version.digest })
    expect(card.texts.owner).toBe('ada')
    expect(card.texts.intendedUse).toContain('`survived` (which of two classes) from 2 columns')
    expect(card.data?.columns.map(({ name, role }) => [name, role])).toEqual([
      ['survived', 'target'],
      ['sex', 'input'],
      ['age', 'input'],
      ['cabin', 'unused'],
    ])
    expect(card.data?.columns.map(({ summary }) => summary)).toEqual([
      'no (600), yes (400)',
      'male (700), female (300)',
      '0.5 to 80, mean 32.5',
      'A (1000)',
    ])
    expect(card.performance?.metrics).toEqual(goodPerformance.metrics)
    expect(card.evidence).toEqual({ performance: `sha256:${'e'.repeat(64)}` })
    expect(card.changes).toEqual([
      { revision: 1, time: '2026-03-01T22:30:00.000Z', actor: 'ada', what: 'generated at registration' },
    ])
  })

  test('names no value that fewer than five rows share: it may point to a person', () => {
    const column = categoryColumn('name', { Smith: 5, 'Mr. Anthony Abbing': 1, Jones: 4 })
    const dataset = { ...(goodSources.dataset as NonNullable<typeof goodSources.dataset>), columns: [column] }
    expect(buildCard({ ...goodSources, dataset }).data?.columns[0]?.summary).toBe('Smith (5)')
  })

  test('takes what was said at registration as the intended use', () => {
    const { version } = goodSources
    const said = buildCard({ ...goodSources, version: { ...version, description: 'For the **museum** only.' } })
    expect(said.texts.intendedUse).toBe('For the **museum** only.')
  })

  test('leaves out numbers that JSON does not have', () => {
    const broken = { value: Number.NaN, low: Number.NaN, high: Number.NaN }
    const performance = {
      ...goodPerformance,
      metrics: [...goodPerformance.metrics, { name: 'mcc' as const, estimate: broken }],
    }
    const made = buildCard({ ...goodSources, version: { ...goodSources.version, performance } })
    expect(made.performance?.metrics.map(({ name }) => name)).toEqual(['roc_auc', 'accuracy'])
  })

  test('of a file says what is not known', () => {
    const { version } = goodSources
    const bare = buildCard({
      version: {
        ...version,
        performance: null,
        parity: null,
        dataset: null,
        source: { kind: 'file', runId: null, experimentId: null, file: 'fraud.onnx' },
      },
      pipelineDigest: null,
      dataset: null,
      explanation: null,
      importance: null,
      actor: 'ada',
    })
    expect(bare).toMatchObject({ data: null, performance: null, explanation: null, importance: null })
    expect(bare.risks.map(({ code }) => code)).toEqual(['NOT_JUDGED', 'NOT_EXPLAINED', 'NOT_TRAINED_HERE'])
    expect(bare.texts.outOfScopeUse).toContain('those that it was trained on')
  })
})

describe('an edit', () => {
  const card = buildCard(goodSources)
  const by = { actor: 'bob', time: '2026-03-02T08:00:00.000Z' }

  test('changes the texts, and the change log says which', () => {
    const edited = editCard(card, { limits: 'Not for children.', notes: 'n', owner: 'team' }, by)
    expect(edited?.texts).toEqual({ ...card.texts, limits: 'Not for children.', notes: 'n', owner: 'team' })
    expect(edited?.changes.at(-1)).toEqual({
      revision: 2,
      ...by,
      what: 'changed the owner, the limits and the notes',
    })
    expect(editCard(edited ?? card, { notes: '' }, by)?.changes.at(-1)).toMatchObject({
      revision: 3,
      what: 'changed the notes',
    })
  })

  test('that changes nothing is none', () => {
    expect(editCard(card, {}, by)).toBeNull()
    expect(editCard(card, { owner: 'ada' }, by)).toBeNull()
  })
})
