import { isMissingText } from '../../frame/missing-texts.ts'
import type { OnnxGraph } from './onnx-model.ts'
import type { TextColumn } from './text-origins.ts'
import { knownTexts } from './text-origins.ts'

/** Texts that a model knows with white space around them only, for a column of tables whose texts have none around. */
export interface SpacedTexts extends TextColumn {
  /** What a table has ('' for no value), and the model's own spelling that it stands for. */
  readonly spellings: readonly (readonly [inTable: string, inModel: string])[]
  /** Spellings that no table reaches: the model tells them from another that a table has the same text for. */
  readonly unreachable: readonly string[]
}

/**
 * Tables are read without the white space around their texts, and with nothing for texts such as “?”. Where a model was
 * trained on texts that still had it (`' Private'`), a table's text stands for the one spelling that the model knows and
 * that would have been read as it; where the model knows two such, for the one without white space, as it is.
 */
export function spacedTexts(graph: OnnxGraph): SpacedTexts[] {
  return knownTexts(graph).flatMap(({ input, at, texts, onlyCompared }) => {
    if (!onlyCompared || ![...texts].some((text) => text !== text.trim())) return []
    const alike = new Map<string, string[]>()
    for (const text of texts) {
      const read = asRead(text)
      alike.set(read, [...(alike.get(read) ?? []), text])
    }
    const spellings: [string, string][] = []
    const unreachable: string[] = []
    for (const [read, own] of alike) {
      const spaced = own.filter((text) => text !== text.trim())
      if (own.length > 1) unreachable.push(...spaced)
      else for (const text of spaced) spellings.push([read, text])
    }
    return [{ input, at, spellings, unreachable }]
  })
}

function asRead(text: string): string {
  const trimmed = text.trim()
  return isMissingText(trimmed) ? '' : trimmed
}
