import type { Join } from '../../engine/explain/column-redundancy.ts'
import { clusterColumns, columnRedundancy, redundantGroups } from '../../engine/explain/column-redundancy.ts'
import { readRedundancy } from '../../engine/explain/read-inspections.ts'
import type { Redundancy } from '../../shared/domain/inspections.ts'
import type { RedundancyTask } from './inspection-task.ts'
import type { LoadedTable } from './loaded.ts'
import { loadModel, loadTable, sampleRows } from './loaded.ts'

/** Rows from which is told which columns say the same: the same ones wherever it is asked. */
const redundancyRows = 5_000
/** Columns joined no further than this say nearly the same. */
const groupedWithin = 0.5

/** Which of a model's columns say the same in a table. */
export function describeRedundancy(task: RedundancyTask): Redundancy {
  const pipeline = loadModel(task.pipelinePath)
  const { columns, nRows } = loadTable(task.columnFilePath, pipeline)
  const rows = sampleRows(nRows, redundancyRows)
  const n = columns.length
  const table = columnRedundancy(columns, rows)
  const joins = clusterColumns(table, n)
  const features = pipeline.inputs.map(({ name }) => name)
  return {
    features,
    redundancy: features.map((_, p) => Array.from(table.subarray(p * n, (p + 1) * n))),
    joins,
    groups: groupsNearestFirst(joins, features),
    rows: rows.length,
    reading: readRedundancy(features, table),
  }
}

/** The columns of a table, joined by how much they say the same, the most alike first. */
export function joinsOfColumns({ columns, nRows }: LoadedTable): Join[] {
  return clusterColumns(columnRedundancy(columns, sampleRows(nRows, redundancyRows)), columns.length)
}

/** Places of the columns that say nearly the same in a table, by groups. */
export function groupsOfColumns(table: LoadedTable): number[][] {
  return redundantGroups(joinsOfColumns(table), table.columns.length, groupedWithin)
}

/** Names of the columns that say nearly the same, the closest group first. */
export function groupsNearestFirst(joins: readonly Join[], names: readonly string[]): string[][] {
  const n = names.length
  const nearness = (group: readonly number[]) =>
    joins.findIndex(({ left, right }) => group.includes(left) && group.includes(right))
  return redundantGroups(joins, n, groupedWithin)
    .sort((a, b) => nearness(a) - nearness(b))
    .map((group) => group.map((column) => names[column] ?? ''))
}
