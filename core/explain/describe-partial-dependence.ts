import type { PartialDependence } from '../../engine/explain/partial-dependence.ts'
import { partialDependence, partialDependences } from '../../engine/explain/partial-dependence.ts'
import { readDependence } from '../../engine/explain/reading.ts'
import type { Column } from '../../engine/frame/frame.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import type { Dependence } from '../../shared/domain/explanations.ts'
import { sampleAnswered } from './answered-rows.ts'
import { gridCell, shownClasses } from './describe-dependence.ts'
import type { DependenceTask } from './explain-task.ts'
import { inputOf, loadModel, loadTable } from './loaded.ts'
import type { OnModel } from './on-model.ts'

/** Rows averaged over: enough for three digits, few enough to wait for. */
const dependenceRows = 1_000
const iceCurves = 50

/** How the prediction changes on average as one column is set to each of its values, with curves of single rows where asked. */
export function dependenceOf(task: DependenceTask): Dependence {
  const pipeline = loadModel(task.pipelinePath)
  const table = loadTable(task.columnFilePath, pipeline)
  const input = inputOf(pipeline, task.feature)
  const rows = sampleAnswered(pipeline, table, dependenceRows)
  const computed = partialDependence({ pipeline, columns: table.columns, rows, input, ice: false })
  const curvesOf = () => sampleAnswered(pipeline, table, iceCurves)
  const curves = task.ice
    ? partialDependence({ pipeline, columns: table.columns, rows: curvesOf(), input, ice: true })
    : null
  return describe(pipeline, table.columns[input] as Column, computed, curves)
}

/** The same answers for several columns, worked out together. */
export function dependencesOf(onModel: OnModel, features: readonly string[]): Dependence[] {
  const pipeline = loadModel(onModel.pipelinePath)
  const table = loadTable(onModel.columnFilePath, pipeline)
  const inputs = features.map((feature) => inputOf(pipeline, feature))
  const rows = sampleAnswered(pipeline, table, dependenceRows)
  const computed = partialDependences({ pipeline, columns: table.columns, rows, ice: false }, inputs)
  return computed.map((each, at) => describe(pipeline, table.columns[inputs[at] as number] as Column, each, null))
}

function describe(
  pipeline: Pipeline,
  column: Column,
  computed: PartialDependence,
  curves: PartialDependence | null,
): Dependence {
  const sameGrid = curves?.grid.length === computed.grid.length
  const grid = computed.grid.map((value) => gridCell(column, value))
  return {
    feature: column.name,
    kind: computed.kind,
    classes: shownClasses(pipeline),
    grid,
    mean: computed.mean.map((line) => [...line]),
    curves: sameGrid ? (curves.curves?.map((line) => [...line]) ?? null) : null,
    counts: [...computed.counts],
    reading: readDependence(column.name, grid, computed.mean[0] ?? []),
  }
}
