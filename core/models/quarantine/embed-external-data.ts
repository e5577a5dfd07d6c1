import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from '../../../engine/onnx/reader/onnx-model.ts'
import { replaceMessages, withRawData } from '../../../engine/onnx/reader/rewrite-messages.ts'
import { ExternalDataError, readExternalData } from './external-data.ts'
import type { Findings } from './findings.ts'
import { shownName } from './findings.ts'

/**
 * Puts data of other files into the model's own, so that one file is the whole model and no runtime opens another. Gives
 * the same bytes where there is none, null where it cannot be read.
 */
export function embedExternalData(
  bytes: Uint8Array,
  model: OnnxModel,
  folder: string | null,
  findings: Findings,
): Uint8Array | null {
  const elsewhere = tensorsOf(model).filter(({ external }) => external !== null)
  if (elsewhere.length === 0) return bytes
  const replacements = new Map<Uint8Array, Uint8Array>()
  for (const tensor of elsewhere) {
    const where = `tensor ${shownName(tensor.name)}`
    try {
      if (folder === null) throw new ExternalDataError('Its data lies in another file, which was not given.')
      replacements.set(tensor.source, withRawData(tensor.source, readExternalData(folder, tensor)))
    } catch (error) {
      if (!(error instanceof ExternalDataError)) throw error
      findings.error('EXTERNAL_DATA', error.message, where)
    }
  }
  if (findings.rejected) return null
  findings.note('info', 'EXTERNAL_DATA', `${elsewhere.length} tensors were read from files beside the model.`)
  return replaceMessages(bytes, replacements)
}

function tensorsOf({ graph, functions }: OnnxModel): OnnxTensor[] {
  const all: OnnxTensor[] = []
  const addNodes = (nodes: readonly OnnxNode[]) => {
    for (const { attributes } of nodes) {
      for (const { tensor, tensors, graph: inner, graphs } of attributes) {
        if (tensor !== null) all.push(tensor)
        all.push(...tensors)
        for (const each of inner === null ? graphs : [inner, ...graphs]) addGraph(each)
      }
    }
  }
  const addGraph = (each: OnnxGraph) => {
    all.push(...each.initializers)
    addNodes(each.nodes)
  }
  if (graph !== null) addGraph(graph)
  for (const each of functions) addNodes(each.nodes)
  return all
}
