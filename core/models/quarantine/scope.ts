import type { OnnxFunction, OnnxShape, OnnxTensor } from '../../../engine/onnx/reader/onnx-model.ts'
import type { Findings } from './findings.ts'

export interface GraphContext {
  /** Version of each operator set, by domain. */
  readonly versions: ReadonlyMap<string, number>
  readonly functions: ReadonlyMap<string, OnnxFunction>
  readonly findings: Findings
  readonly inFunction: boolean
}

/** What is known of a value without running the graph. */
export interface KnownValue {
  /** `tensor(float)`; null where only running it would tell. */
  readonly type: string | null
  readonly shape: OnnxShape | null
  readonly constant: OnnxTensor | null
}

/** Values that a graph can see: its own, then those of the graphs around it. */
export interface Scope {
  readonly values: Map<string, KnownValue>
  readonly outer: Scope | null
}

export function lookUp(scope: Scope | null, name: string): KnownValue | undefined {
  for (let at = scope; at !== null; at = at.outer) {
    const found = at.values.get(name)
    if (found !== undefined) return found
  }
  return undefined
}
