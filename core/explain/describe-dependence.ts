import { accumulatedLocalEffects } from '../../engine/explain/accumulated-local-effects.ts'
import { pairInteraction } from '../../engine/explain/pair-interaction.ts'
import { partialDependenceOfPair } from '../../engine/explain/partial-dependence-of-pair.ts'
import { readEffects, readPair } from '../../engine/explain/read-inspections.ts'
import type { Column } from '../../engine/frame/frame.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import type { LocalEffects, PairDependence } from '../../shared/domain/inspections.ts'
import type { Cell } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import { sampleAnswered } from './answered-rows.ts'
import type { EffectsTask, PairTask } from './inspection-task.ts'
import { inputOf, loadModel, loadTable } from './loaded.ts'

/** Rows averaged over for each pair of values. */
const pairRows = 300
const effectsRows = 5_000

/** Classes that curves are drawn for: all, but of two only the positive one; none for numbers. */
export function shownClasses({ task, classes }: Pipeline): string[] {
  return task === 'multiclass' ? [...classes] : task === 'binary' ? [classes[1] ?? ''] : []
}

/** A value of a grid as the user knows it. */
export function gridCell(column: Column, value: number | string | null): number | string | null {
  if (typeof value !== 'number' || column.type !== 'datetime') return value
  return new Date(value * 1000).toISOString()
}

/** Mean prediction as two columns are set to each pair of values. */
export function describePair(task: PairTask): PairDependence {
  const pipeline = loadModel(task.pipelinePath)
  const table = loadTable(task.columnFilePath, pipeline)
  const [first, second] = task.features
  const inputs = [inputOf(pipeline, first), inputOf(pipeline, second)] as const
  if (inputs[0] === inputs[1]) {
    throw new MaestroError('INPUT_INVALID', `${first} and ${second} are the same column.`, 'Name two columns.')
  }
  const rows = sampleAnswered(pipeline, table, pairRows)
  const { grids, mean, counts } = partialDependenceOfPair({ pipeline, columns: table.columns, rows, inputs })
  const cells = (which: 0 | 1): Cell[] =>
    grids[which].map((value) => gridCell(table.columns[inputs[which]] as Column, value))
  const interaction = mean.map((ofClass) => pairInteraction(ofClass, counts))
  return {
    features: [first, second],
    classes: shownClasses(pipeline),
    grids: [cells(0), cells(1)],
    mean: mean.map((ofClass) => ofClass.map((row) => [...row])),
    counts: counts.map((row) => [...row]),
    interaction,
    reading: readPair(first, second, interaction[0] ?? 0),
  }
}

/** How the prediction changes along one column without leaving the rows that exist. */
export function describeEffects(task: EffectsTask): LocalEffects {
  const pipeline = loadModel(task.pipelinePath)
  const table = loadTable(task.columnFilePath, pipeline)
  const input = inputOf(pipeline, task.feature)
  const column = table.columns[input] as Column
  if (column.storage === 'codes') {
    throw new MaestroError(
      'INPUT_INVALID',
      `The levels of ${task.feature} have no order to go along.`,
      'Ask for its partial dependence instead.',
    )
  }
  const rows = sampleAnswered(pipeline, table, effectsRows)
  const { edges, effects, counts, leftOut } = accumulatedLocalEffects({ pipeline, columns: table.columns, rows, input })
  const cells = edges.map((value) => gridCell(column, value))
  return {
    feature: task.feature,
    classes: shownClasses(pipeline),
    edges: cells,
    effects: effects.map((line) => [...line]),
    counts: [...counts],
    leftOut,
    reading: readEffects(task.feature, cells, effects[0] ?? []),
  }
}
