import type { Column } from '../frame/frame.ts'
import type { Pipeline, Predictions } from '../pipeline/pipeline.ts'
import { predictPipelineColumns } from '../pipeline/predict-pipeline.ts'
import { randomStream, shuffledIndices } from '../random.ts'
import { predictVaried } from './varied-predictions.ts'

export interface PermutationImportance {
  /** Metric on the untouched rows. */
  readonly baseline: number
  /** In the order of the pipeline's inputs, groups at their first: loss of the metric when the column is shuffled; greater is more important. */
  readonly features: readonly {
    readonly name: string
    /** Places of the inputs that were shuffled together. */
    readonly inputs: readonly number[]
    readonly mean: number
    readonly std: number
    /** 95% interval of the mean over the repeats (Student's t). */
    readonly low: number
    readonly high: number
  }[]
}

export interface PermutationImportanceRequest {
  readonly pipeline: Pipeline
  /** Of the pipeline's inputs, in order. */
  readonly columns: readonly Column[]
  readonly rows: Int32Array
  /** Metric of predictions for `rows`, in their order. */
  readonly metric: (predictions: Predictions) => number
  readonly lessIsBetter: boolean
  readonly repeats: number
  readonly seed: number
  /** Places of inputs that are shuffled together, so that none of them can stand in for another. Default: none. */
  readonly groups?: readonly (readonly number[])[]
  /** [input][repeat]: the row, counted among `rows`, whose value each row gets; default drawn by the seed. */
  readonly orders?: readonly (readonly ArrayLike<number>[])[]
  readonly shouldStop?: () => boolean
  readonly onProgress?: (fraction: number) => void
}

/**
 * How much worse the model gets when one raw column is shuffled among the rows (Breiman 2001; scikit-learn's
 * permutation_importance): all that encoders make of the column is shuffled together.
 */
export function permutationImportance(request: PermutationImportanceRequest): PermutationImportance {
  const { pipeline, columns, rows, repeats } = request
  const sign = request.lessIsBetter ? 1 : -1
  const baseline = request.metric(predictPipelineColumns(pipeline, columns, rows))
  const features: PermutationImportance['features'][number][] = []
  const units = unitsOf(pipeline.inputs.length, request.groups ?? [])
  for (let first = 0; first < units.length; first += unitsAtOnce) {
    const some = units.slice(first, first + unitsAtOnce)
    const count = request.shouldStop?.() ? 0 : repeats
    const shuffled = predictVaried(
      pipeline,
      columns,
      rows,
      some.map((inputs) => ({
        inputs,
        columns,
        sources: rows,
        from: shuffles(request, inputs[0] as number, count),
        count,
      })),
    )
    for (const [at, predictions] of shuffled.entries()) {
      const losses = predictions.map((each) => sign * (request.metric(each) - baseline))
      const inputs = some[at] as readonly number[]
      const name = inputs.map((input) => pipeline.inputs[input]?.name).join(' + ')
      features.push({ name, inputs, ...summarise(losses) })
      request.onProgress?.((first + at + 1) / units.length)
    }
  }
  return { baseline, features }
}

/** What is shuffled as one: the groups, and every other input alone; in the order of their first inputs. */
function unitsOf(nInputs: number, groups: readonly (readonly number[])[]): (readonly number[])[] {
  const grouped = new Set(groups.flat())
  const alone = Array.from({ length: nInputs }, (_, input) => [input]).filter(
    ([input]) => !grouped.has(input as number),
  )
  const together = groups.map((group) => [...group].sort((a, b) => a - b))
  return [...together, ...alone].sort(([a = 0], [b = 0]) => a - b)
}

/** Columns or groups worked out side by side, which bounds the memory that a wide table needs. */
const unitsAtOnce = 8

/** [repeat * rows + i]: the row, counted among the rows, whose value row i gets. */
function shuffles({ rows, seed, orders }: PermutationImportanceRequest, input: number, repeats: number): Int32Array {
  const from = new Int32Array(repeats * rows.length)
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = orders?.[input]?.[repeat] ?? shuffledIndices(rows.length, randomStream(seed, input, repeat))
    from.set(order, repeat * rows.length)
  }
  return from
}

/** Two-sided 95% quantiles of Student's t for 1, 2, … degrees of freedom; about 2 beyond. */
const studentT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
]

function summarise(losses: readonly number[]): { mean: number; std: number; low: number; high: number } {
  const n = losses.length
  if (n === 0) return { mean: 0, std: 0, low: 0, high: 0 }
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / n
  if (n === 1) return { mean, std: 0, low: mean, high: mean }
  const std = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / (n - 1))
  const margin = ((studentT[n - 2] ?? 2) * std) / Math.sqrt(n)
  return { mean, std, low: mean - margin, high: mean + margin }
}
