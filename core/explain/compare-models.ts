import type { Column, Target } from '../../engine/frame/frame.ts'
import type { MetricName } from '../../engine/metrics/metrics.ts'
import { score } from '../../engine/metrics/metrics.ts'
import { pairedDifferences } from '../../engine/metrics/paired-difference.ts'
import { pairedSlices } from '../../engine/metrics/paired-slices.ts'
import { metricsOfTask } from '../../engine/metrics/performance.ts'
import { populationStability } from '../../engine/metrics/population-stability.ts'
import type { Pipeline, Predictions } from '../../engine/pipeline/pipeline.ts'
import { predictedLabels, predictPipelineColumns } from '../../engine/pipeline/predict-pipeline.ts'
import { defaultMetric } from '../../shared/domain/values.ts'
import type { VersionDiff } from '../../shared/domain/version-diff.ts'
import { answeredRows } from './answered-rows.ts'
import type { CompareTask } from './explain-task.ts'
import { loadFrame, loadModel, loadTable, sampleRows, targetOf } from './loaded.ts'

/** Rows predicted by both: enough to find rare flips, few enough to wait for. */
const comparedRows = 50_000
const shownFlips = 100
/** A number moves where it changes by more than this share of the target's standard deviation. */
const movedShare = 0.1

export type ModelComparison = Pick<VersionDiff, 'metrics' | 'slices' | 'flips' | 'flipCount' | 'data'> & {
  readonly rows: number
}

/** Two models on the rows of one table, and the tables that they were trained on. */
export function compareModels(task: CompareTask): ModelComparison {
  const first = loadModel(task.pipelinePath)
  const second = loadModel(task.otherPipelinePath)
  const data = compareTables(first, second, task.trainingTables)
  if (first.task !== second.task) return { rows: 0, metrics: [], slices: [], flips: [], flipCount: 0, data }
  const table = loadTable(task.columnFilePath, first)
  const other = loadTable(task.columnFilePath, second)
  const rows = answeredRows(
    second,
    other.columns,
    answeredRows(first, table.columns, sampleRows(table.nRows, comparedRows)),
  )
  const predictions = [
    predictPipelineColumns(first, table.columns, rows),
    predictPipelineColumns(second, other.columns, rows),
  ] as const
  const target = targetOf(task.columnFilePath, first, true)
  const otherTarget = targetOf(task.columnFilePath, second, true)
  const changed = changedRows(first, second, predictions, rows, target)
  const same = first.classes.length === second.classes.length && first.classes.every((c, k) => c === second.classes[k])
  return {
    rows: rows.length,
    ...(target && otherTarget && same
      ? compareScores(first, second, predictions, {
          rows,
          target,
          columns: columnsOf(task.columnFilePath, first, second),
        })
      : { metrics: [], slices: [] }),
    flips: changed.slice(0, shownFlips),
    flipCount: changed.length,
    data,
  }
}

/** The columns that either model takes, once each. */
function columnsOf(path: string, first: Pipeline, second: Pipeline): Column[] {
  const all = [first, second].flatMap((model) => loadTable(path, model).columns)
  return [...new Map(all.map((column) => [column.name, column])).values()]
}

interface ScoredRows {
  readonly rows: Int32Array
  readonly target: Target
  readonly columns: readonly Column[]
}

/** Metrics over all rows whose answer is known, and over the groups for which they differ. */
function compareScores(
  first: Pipeline,
  second: Pipeline,
  predictions: readonly [Predictions, Predictions],
  { rows, target, columns }: ScoredRows,
): Pick<VersionDiff, 'metrics' | 'slices'> {
  const known = Int32Array.from(rows.keys()).filter((at) => !Number.isNaN(target.values[rows[at] as number]))
  if (known.length === 0) return { metrics: [], slices: [] }
  const scoredRows = known.map((at) => rows[at] as number)
  const labels = Float64Array.from(scoredRows, (row) => target.values[row] as number)
  const [a, b] = predictions.map((all, side) =>
    score(labels, takeRows(all, known), (side === 0 ? first : second).threshold),
  ) as [ReturnType<typeof score>, ReturnType<typeof score>]
  const names: readonly MetricName[] = metricsOfTask[first.task]
  const metric = defaultMetric[first.task]
  return {
    metrics: pairedDifferences(a, b, names, 0)
      .filter(isFinitePair)
      .map(({ name, first: ofA, second: ofB, low, high }) => ({ name, a: ofA, b: ofB, ciLow: low, ciHigh: high })),
    slices: pairedSlices({ first: a, second: b, rows: scoredRows, columns, metric, seed: 0 })
      .filter(({ difference }) => isFinitePair(difference))
      .map(({ column, value, rows: size, difference: { first: ofA, second: ofB, low, high } }) => ({
        column,
        value,
        rows: size,
        metric,
        a: ofA,
        b: ofB,
        ciLow: low,
        ciHigh: high,
      })),
  }
}

function isFinitePair({ first, second }: { readonly first: number; readonly second: number }): boolean {
  return Number.isFinite(first) && Number.isFinite(second)
}

function takeRows({ nClasses, values }: Predictions, kept: Int32Array): Predictions {
  const width = Math.max(1, nClasses)
  const taken = new Float64Array(kept.length * width)
  for (const [to, at] of kept.entries()) taken.set(values.subarray(at * width, (at + 1) * width), to * width)
  return { nRows: kept.length, nClasses, values: taken }
}

/** Rows whose label changes, or whose number moves far; the greatest change first. */
function changedRows(
  first: Pipeline,
  second: Pipeline,
  predictions: readonly [Predictions, Predictions],
  rows: Int32Array,
  target: Target | null,
): VersionDiff['flips'] {
  const [a, b] = [predictedLabels(first, predictions[0]), predictedLabels(second, predictions[1])]
  const far = first.task === 'regression' ? movedShare * spread(target, predictions[0]) : 0
  const flips: VersionDiff['flips'] = []
  for (const [at, row] of rows.entries()) {
    const [ofA, ofB] = [a[at] as string | number, b[at] as string | number]
    if (first.task === 'regression' ? Math.abs(Number(ofB) - Number(ofA)) <= far : ofA === ofB) continue
    const truth = target?.values[row] ?? Number.NaN
    flips.push({
      row,
      a: ofA,
      b: ofB,
      truth: Number.isNaN(truth) ? null : first.task === 'regression' ? truth : (first.classes[truth] ?? null),
      change: changeOf(first, second, predictions, at),
    })
  }
  return flips.sort((one, other) => other.change - one.change || one.row - other.row)
}

function changeOf(first: Pipeline, second: Pipeline, [a, b]: readonly [Predictions, Predictions], at: number): number {
  if (first.task === 'regression') return Math.abs((b.values[at] as number) - (a.values[at] as number))
  const ofClass = new Map(first.classes.map((label, k) => [label, a.values[at * a.nClasses + k] as number]))
  let sum = 0
  for (const [k, label] of second.classes.entries()) {
    sum += Math.abs((b.values[at * b.nClasses + k] as number) - (ofClass.get(label) ?? 0))
    ofClass.delete(label)
  }
  for (const left of ofClass.values()) sum += left
  return sum / 2
}

/** Standard deviation of the target where it is known, else of the first model's predictions. */
function spread(target: Target | null, predictions: Predictions): number {
  const values = (target?.values ?? predictions.values).filter((value) => Number.isFinite(value))
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length))
}

/** How far the columns that either model takes have moved between the training tables; the furthest first. */
function compareTables(
  first: Pipeline,
  second: Pipeline,
  paths: CompareTask['trainingTables'],
): ModelComparison['data'] {
  if (!paths) return []
  const [a, b] = [loadFrame(paths[0]), loadFrame(paths[1])]
  const names = new Set([first.target, ...[...first.inputs, ...second.inputs].map(({ name }) => name)])
  return [...names]
    .flatMap((name) => {
      const [of, other] = [a, b].map((frame) => frame.columns.find((column) => column.name === name))
      const psi = of && other ? populationStability(of, other) : Number.NaN
      return Number.isNaN(psi) ? [] : [{ column: name, psi }]
    })
    .sort((one, other) => other.psi - one.psi)
}
