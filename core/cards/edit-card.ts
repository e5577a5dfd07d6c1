import type { CardTexts, ModelCard } from '../../shared/domain/model-card.ts'

const names: Readonly<Record<keyof CardTexts, string>> = {
  owner: 'the owner',
  intendedUse: 'the intended use',
  outOfScopeUse: 'the out-of-scope use',
  limits: 'the limits',
  notes: 'the notes',
}

/** The texts that are to be others; what is not given stays. */
export type CardChange = { readonly [Key in keyof CardTexts]?: string | undefined }

/** The card with other texts and a line in its change log; null where nothing is different. */
export function editCard(
  card: ModelCard,
  change: CardChange,
  by: { readonly actor: string; readonly time: string },
): ModelCard | null {
  const keys = Object.keys(names) as (keyof CardTexts)[]
  const edited = keys.filter((key) => change[key] !== undefined && change[key] !== card.texts[key])
  const texts = { ...card.texts, ...Object.fromEntries(edited.map((key) => [key, change[key]])) }
  if (edited.length === 0) return null
  const revision = (card.changes.at(-1)?.revision ?? 0) + 1
  const words = edited.map((key) => names[key])
  const what = `changed ${[words.slice(0, -1).join(', '), words.at(-1)].filter((part) => part !== '').join(' and ')}`
  return { ...card, texts, changes: [...card.changes, { revision, time: by.time, actor: by.actor, what }] }
}
