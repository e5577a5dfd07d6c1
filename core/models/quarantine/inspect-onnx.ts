import type { OnnxModel } from '../../../engine/onnx/reader/onnx-model.ts'
import { readOnnx } from '../../../engine/onnx/reader/read-onnx.ts'
import { OnnxReadError } from '../../../engine/onnx/reader/wire-reader.ts'
import type { GraphSummary, QuarantineFinding } from '../../../shared/domain/quarantine.ts'
import { checkModel } from './check-model.ts'
import { embedExternalData } from './embed-external-data.ts'
import type { Findings } from './findings.ts'
import { createFindings } from './findings.ts'
import { noteTexts } from './note-texts.ts'
import { disguiseOf } from './recognise-file.ts'
import { summariseGraph } from './summarise-graph.ts'

/** The largest file: what protobuf's own readers take. */
const mostBytes = 2 ** 31 - 1

export interface Inspection {
  readonly findings: readonly QuarantineFinding[]
  readonly graph: GraphSummary | null
  /** The whole model in one file, data of other files included; null where it was rejected. */
  readonly bytes: Uint8Array | null
  readonly model: OnnxModel | null
}

/**
 * Reads an ONNX file by its bytes alone and says what is wrong with it. `folder` holds the files that belong to it; null
 * where there are none. Runs nothing, and never throws for what is in the file.
 */
export function inspectOnnx(bytes: Uint8Array, folder: string | null): Inspection {
  const findings = createFindings()
  const model = readModel(bytes, findings)
  if (model === null) return { findings: findings.list, graph: null, bytes: null, model: null }
  checkModel(model, findings)
  if (!findings.rejected && model.graph !== null) noteTexts(model.graph, findings)
  const graph = summariseGraph(model)
  const whole = findings.rejected ? null : embedExternalData(bytes, model, folder, findings)
  if (findings.rejected || whole === null) return { findings: findings.list, graph, bytes: null, model: null }
  // What is run is read again: the parts that were put together are one file now.
  return { findings: findings.list, graph, bytes: whole, model: whole === bytes ? model : readOnnx(whole) }
}

function readModel(bytes: Uint8Array, findings: Findings): OnnxModel | null {
  const disguise = disguiseOf(bytes)
  if (disguise !== null) {
    findings.error('NOT_ONNX', `The file is ${disguise}.`)
    return null
  }
  if (bytes.length > mostBytes) {
    findings.error('TOO_LARGE', 'The file is larger than 2 GB, the most that the format can hold.')
    return null
  }
  try {
    return readOnnx(bytes)
  } catch (error) {
    if (!(error instanceof OnnxReadError)) throw error
    findings.error('MALFORMED', `The file is damaged, or no ONNX model: ${error.message}`)
    return null
  }
}
