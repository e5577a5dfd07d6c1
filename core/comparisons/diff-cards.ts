import type { ModelCard } from '../../shared/domain/model-card.ts'
import type { VersionDiff } from '../../shared/domain/version-diff.ts'
import { diffLines } from '../documents/diff-lines.ts'

/** What two cards say differently in words. Their numbers stand in the other parts of a diff. */
export function diffCards(a: ModelCard | null, b: ModelCard | null): VersionDiff['card'] {
  const [ofA, ofB] = [sayings(a), sayings(b)]
  return [...new Set([...ofA.keys(), ...ofB.keys()])].flatMap((path) => {
    const [before, after] = [ofA.get(path) ?? null, ofB.get(path) ?? null]
    if (before === after) return []
    return [{ path, a: before, b: after, lines: diffLines(before ?? '', after ?? '') }]
  })
}

/** Texts by the path at which they stand in the card; lists as one line each. */
function sayings(card: ModelCard | null): Map<string, string> {
  if (card === null) return new Map()
  const { texts, risks, data, explanation, importance } = card
  const said: [string, string][] = [
    ...Object.entries(texts).map(([key, text]): [string, string] => [`texts.${key}`, text]),
    ['risks', risks.map(({ severity, message }) => `${severity}: ${message}`).join('\n')],
    ['data', data ? `${data.name} / ${data.version}: ${data.rows} rows` : ''],
    ['data.warnings', (data?.warnings ?? []).map(({ severity, message }) => `${severity}: ${message}`).join('\n')],
    ['explanation.reading', explanation?.reading ?? ''],
    ['importance.reading', importance?.reading ?? ''],
  ]
  return new Map(said.filter(([, text]) => text !== ''))
}
