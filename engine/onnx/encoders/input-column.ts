import type { Value } from '../graph-builder.ts'

/** A raw column in the graph, [N, 1]: texts, or doubles. */
export interface InputColumn {
  readonly name: string
  readonly value: Value
  readonly isText: boolean
}
