import { readFileSync } from 'node:fs'
import { valueShapes } from '../../../engine/onnx/evaluate/value-shapes.ts'
import { ForeignInterfaceError, foreignInterface } from '../../../engine/onnx/reader/foreign-interface.ts'
import type { OnnxModel } from '../../../engine/onnx/reader/onnx-model.ts'
import { readOnnx } from '../../../engine/onnx/reader/read-onnx.ts'
import { OnnxReadError } from '../../../engine/onnx/reader/wire-reader.ts'
import type { ModelGraph } from '../../../shared/domain/model-graph.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { describeGraph } from '../../models/describe-graph.ts'

/** Files that are run once to see the shapes inside; the host waits meanwhile. */
const largestRun = 2 << 20

/** What the file of a model computes. Nothing is run by a runtime, and no other file is opened. Throws MODEL_INVALID. */
export function graphOfFile(path: string, search: string): ModelGraph {
  try {
    const bytes = readFileSync(path)
    const model = readOnnx(bytes)
    return describeGraph(model, search, bytes.length > largestRun ? new Map() : shapesOf(model))
  } catch (error) {
    if (!(error instanceof OnnxReadError)) throw error
    throw new MaestroError('MODEL_INVALID', `The file is not an ONNX model: ${error.message}`)
  }
}

function shapesOf(model: OnnxModel): ReadonlyMap<string, readonly (number | string)[]> {
  try {
    return valueShapes(model, foreignInterface(model))
  } catch (error) {
    // A model that is not for tables still has a graph to look at.
    if (error instanceof ForeignInterfaceError) return new Map()
    throw error
  }
}
