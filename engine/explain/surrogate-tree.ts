import type { Column } from '../frame/frame.ts'
import { gradientBoosting } from '../learners/gbdt/gradient-boosting.ts'
import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { predictPipelineColumns } from '../pipeline/predict-pipeline.ts'
import type { FeatureMatrix } from '../preprocess/feature-matrix.ts'
import { randomStream, shuffledIndices } from '../random.ts'
import { shownValue } from './shown-output.ts'

/** A node of the tree in words of the raw columns. `value` is the pipeline's mean prediction there, `rows` how many it is of. */
export type SurrogateNode =
  | { readonly kind: 'leaf'; readonly value: number; readonly rows: number }
  | {
      readonly kind: 'split'
      readonly value: number
      readonly rows: number
      /** Index of the pipeline's input. */
      readonly input: number
      readonly name: string
      /** Numbers up to the threshold (date-times in seconds), or these levels, go left. */
      readonly rule:
        | { readonly kind: 'threshold'; readonly threshold: number }
        | { readonly kind: 'levels'; readonly levels: readonly string[] }
      readonly missingLeft: boolean
      readonly left: SurrogateNode
      readonly right: SurrogateNode
    }

/** How far the tree may stand for the pipeline, measured on rows that it was not grown on. */
export interface Fidelity {
  readonly rows: number
  /** Share of the predictions' variance that the tree explains; below 0 it is worse than their mean. Null where they do not vary. */
  readonly r2: number | null
  readonly meanAbsoluteError: number
  /** Binary tasks: share of rows that both decide alike, at the pipeline's threshold; else null. */
  readonly agreement: number | null
}

export interface SurrogateTree {
  readonly root: SurrogateNode
  readonly fidelity: Fidelity
}

export interface SurrogateTreeRequest {
  readonly pipeline: Pipeline
  readonly columns: readonly Column[]
  /** Seven tenths of them grow the tree, the others measure it; at least ten. */
  readonly rows: Int32Array
  /** Which class's probability is imitated, for multiclass tasks; others have but one curve. Default 0. */
  readonly output?: number
  /** Default 8: what can be read at a glance. */
  readonly maxLeaves?: number
  /** Fewest rows in a leaf. Default a hundredth of those that grow the tree, and at least 5. */
  readonly minRowsInLeaf?: number
  readonly seed: number
}

const heldOut = 0.3

/**
 * One small regression tree on the raw columns that imitates the pipeline's predictions (a global surrogate; Craven &
 * Shavlik 1996), with its fidelity. The less that is, the less the tree says about the pipeline. Throws RangeError for
 * fewer than ten rows.
 */
export function surrogateTree(request: SurrogateTreeRequest): SurrogateTree {
  const { pipeline, columns, rows } = request
  if (rows.length < 10) throw new RangeError(`A tree of ${rows.length} rows would say nothing; there have to be ten.`)
  const predictions = predictPipelineColumns(pipeline, columns, rows)
  const wanted = Float64Array.from(rows, (_, i) => shownValue(pipeline, predictions, i, request.output ?? 0))
  const order = shuffledIndices(rows.length, randomStream(request.seed, rows.length))
  const nHeldOut = Math.round(heldOut * rows.length)
  const growing = order.slice(nHeldOut).sort()
  const offsets = columns.map((column) => (column.storage === 'codes' ? 0 : offsetOf(column.type, column.values, rows)))
  const { model } = gradientBoosting.fit(
    {
      task: 'regression',
      nClasses: 0,
      matrix: rawFeatures(columns, rows, offsets),
      labels: wanted,
      weights: null,
      rows: growing,
      validationRows: null,
      seed: request.seed,
      shouldStop: () => false,
    },
    {
      nTrees: 1,
      learningRate: 1,
      maxLeaves: request.maxLeaves ?? 8,
      minRowsInLeaf: request.minRowsInLeaf ?? Math.max(5, Math.floor(growing.length / 100)),
    },
  )
  const root = describeNode(model as TreeEnsemble, columns, offsets)
  const measured = order.subarray(0, nHeldOut)
  return { root, fidelity: fidelityOf(root, pipeline, columns, rows, wanted, measured) }
}

/** What keeps times exact enough in float32; numbers stay as they are, so that thresholds are those of the table. */
function offsetOf(type: Column['type'], values: Float64Array, rows: Int32Array): number {
  if (type !== 'datetime') return 0
  let least = Number.POSITIVE_INFINITY
  for (const row of rows) if ((values[row] as number) < least) least = values[row] as number
  return Number.isFinite(least) ? least : 0
}

/** One feature a column: numbers, or codes. */
function rawFeatures(columns: readonly Column[], rows: Int32Array, offsets: readonly number[]): FeatureMatrix {
  return {
    nRows: rows.length,
    features: columns.map((column, input) => ({
      name: column.name,
      input,
      kind: column.storage === 'codes' ? 'codes' : 'numeric',
      cardinality: column.storage === 'codes' ? Math.max(1, column.levels.length) : 0,
    })),
    columns: columns.map((column, input) =>
      Float32Array.from(rows, (row) => {
        if (column.storage === 'float64') return (column.values[row] as number) - (offsets[input] as number)
        const code = column.codes[row] as number
        return code < 0 ? Number.NaN : code
      }),
    ),
  }
}

function describeNode(
  model: TreeEnsemble,
  columns: readonly Column[],
  offsets: readonly number[],
  node = model.roots[0] as number,
): SurrogateNode {
  const rows = model.cover[node] as number
  const input = model.feature[node] as number
  if (input < 0) {
    const value = (model.base[0] as number) + (model.leafValues[model.leafAt[node] as number] as number)
    return { kind: 'leaf', value, rows }
  }
  const left = describeNode(model, columns, offsets, model.left[node])
  const right = describeNode(model, columns, offsets, model.right[node])
  const column = columns[input] as Column
  const set = model.categorySets[model.categorySet[node] as number]
  return {
    kind: 'split',
    value: (left.value * left.rows + right.value * right.rows) / (left.rows + right.rows),
    rows,
    input,
    name: column.name,
    rule:
      column.storage === 'codes' && set
        ? { kind: 'levels', levels: column.levels.filter((_, code) => ((set[code >>> 5] ?? 0) >>> (code & 31)) & 1) }
        : { kind: 'threshold', threshold: (model.threshold[node] as number) + (offsets[input] as number) },
    missingLeft: model.missingLeft[node] === 1,
    left,
    right,
  }
}

/** What the tree as it is described says about a row. */
function valueAt(root: SurrogateNode, columns: readonly Column[], row: number): number {
  let node = root
  while (node.kind === 'split') node = goesLeft(node, columns[node.input] as Column, row) ? node.left : node.right
  return node.value
}

function goesLeft(
  { rule, missingLeft }: Extract<SurrogateNode, { kind: 'split' }>,
  column: Column,
  row: number,
): boolean {
  if (column.storage === 'codes') {
    const code = column.codes[row] as number
    return code < 0 ? missingLeft : rule.kind === 'levels' && rule.levels.includes(column.levels[code] as string)
  }
  const value = column.values[row] as number
  return Number.isNaN(value) ? missingLeft : rule.kind === 'threshold' && value <= rule.threshold
}

function fidelityOf(
  root: SurrogateNode,
  pipeline: Pipeline,
  columns: readonly Column[],
  rows: Int32Array,
  wanted: Float64Array,
  measured: Int32Array,
): Fidelity {
  let mean = 0
  let varies = false
  for (const i of measured) {
    mean += (wanted[i] as number) / measured.length
    varies ||= wanted[i] !== wanted[measured[0] as number]
  }
  let squares = 0
  let total = 0
  let absolute = 0
  let alike = 0
  for (const i of measured) {
    const value = wanted[i] as number
    const own = valueAt(root, columns, rows[i] as number)
    squares += (own - value) ** 2
    total += (value - mean) ** 2
    absolute += Math.abs(own - value)
    if (own > pipeline.threshold === value > pipeline.threshold) alike += 1
  }
  return {
    rows: measured.length,
    r2: varies ? 1 - squares / total : null,
    meanAbsoluteError: absolute / measured.length,
    agreement: pipeline.task === 'binary' ? alike / measured.length : null,
  }
}
