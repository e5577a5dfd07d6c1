import type { OnnxGraph } from '../../../engine/onnx/reader/onnx-model.ts'
import { spacedTexts } from '../../../engine/onnx/reader/spaced-texts.ts'
import type { Findings } from './findings.ts'
import { shownName } from './findings.ts'

/** Texts that are named in one finding. */
const mostNamed = 3

/**
 * Says where a model knows texts with white space around, which tables are read without: what is taken for them, and
 * which of them no table reaches.
 */
export function noteTexts(graph: OnnxGraph, findings: Findings): void {
  for (const { input, at, spellings, unreachable } of spacedTexts(graph)) {
    const where = at === null ? shownName(input) : columnName(input, at, graph)
    if (spellings.length > 0) {
      const [[inTable = '', inModel = ''] = []] = spellings
      const taken = inTable === '' ? 'A missing value' : `A table’s ${quoted(inTable)}`
      findings.note(
        'info',
        'TEXTS',
        `${counted(spellings.length, 'text that it knows has', 'texts that it knows have')} spaces around, which tables are read without. ${taken} is taken for ${quoted(inModel)}${spellings.length > 1 ? ', and so on' : ''}.`,
        where,
      )
    }
    if (unreachable.length > 0) {
      const named = unreachable.slice(0, mostNamed).map(quoted).join(', ')
      findings.note(
        'warning',
        'TEXTS',
        `It tells texts apart by the spaces around them, which tables are read without: no table reaches ${named}${unreachable.length > mostNamed ? ', …' : ''}.`,
        where,
      )
    }
  }
}

function columnName(input: string, at: number, graph: OnnxGraph): string {
  const type = graph.inputs.find(({ name }) => name === input)?.type
  const single = type?.kind !== 'tensor' || type.shape === null || type.shape.length < 2 || type.shape[1] === 1
  return single ? shownName(input) : `${shownName(input)}, column ${at + 1}`
}

function quoted(text: string): string {
  return `“${shownName(text)}”`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
