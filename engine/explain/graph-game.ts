import type { Cells, CellTable } from '../onnx/evaluate/graph-cells.ts'
import { cellsOf } from '../onnx/evaluate/graph-cells.ts'
import type { GraphCore } from '../onnx/evaluate/graph-core.ts'
import { scoresOfModel } from '../onnx/evaluate/scored-model.ts'
import type { ForeignGraph } from '../pipeline/foreign-graph.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { CoalitionGame } from './coalition-shap.ts'
import { differingPlayers, spreadCoalitions } from './differing-players.ts'
import type { RowGames } from './explain-games.ts'
import type { ExplainRequest } from './explanation.ts'
import { hybridLinearScores } from './hybrid-linear-scores.ts'
import { hybridTreeScores } from './hybrid-tree-scores.ts'

/** Which of a model's numbers are explained: of two classes the second, of anything else all. */
export function shownColumns({ task, classes }: Pick<Pipeline, 'task' | 'classes'>, width: number): readonly number[] {
  return task === 'binary' && classes.length === 2 && width === 2 ? [1] : Array.from({ length: width }, (_, at) => at)
}

/** Rows × width cut down to the columns that are explained. */
export function takeColumns(values: Float64Array, width: number, columns: readonly number[]): Float64Array {
  if (columns.length === width) return values
  const count = columns.length
  return Float64Array.from(
    { length: (values.length / width) * count },
    (_, at) => values[Math.floor(at / count) * width + (columns[at % count] as number)] as number,
  )
}

/**
 * A foreign model as games over its raw columns. Where its graph comes apart, columns are prepared once and coalitions are
 * put together before the trees or linear terms; else whole rows are mixed and predicted.
 */
export function graphGame(
  graph: ForeignGraph,
  request: Pick<ExplainRequest, 'pipeline' | 'columns' | 'rows' | 'background'>,
): RowGames {
  const { pipeline } = request
  const rows = cellsOf(request.columns, request.rows)
  const background = cellsOf(request.background.columns, request.background.rows)
  const shown = shownColumns(pipeline, graph.width)
  const game = graph.core
    ? coreGame(graph.core, rows, background, graph.width, shown)
    : mixingGame(graph, rows, background, shown)
  const nOutputs = shown.length
  const baseValues = new Float64Array(nOutputs)
  for (const [at, value] of game.ofBackground.entries()) {
    baseValues[at % nOutputs] = (baseValues[at % nOutputs] as number) + value / background.nRows
  }
  const common = { nPlayers: pipeline.inputs.length, nOutputs, nBackground: background.nRows }
  return {
    nOutputs,
    baseValues,
    scores: game.scores,
    ofRow: (row) => ({
      ...common,
      evaluate: (fromRow, backgroundOf, count) =>
        predictMixed(graph, rows, background, shown, row, fromRow, backgroundOf, count),
      ...game.ofRow(row),
    }),
  }
}

interface Game {
  readonly scores: Float64Array
  readonly ofBackground: Float64Array
  readonly ofRow: (row: number) => Pick<CoalitionGame, 'ofAllCoalitions' | 'alongOrder'>
}

function coreGame(
  core: GraphCore,
  rows: CellTable,
  background: CellTable,
  width: number,
  shown: readonly number[],
): Game {
  const [ofRows, ofBackground] = [core.matrix(rows), core.matrix(background)]
  const { model } = core
  const nPlayers = rows.columns.length
  const hybrids =
    model.kind === 'trees'
      ? hybridTreeScores(model, ofRows, ofBackground, nPlayers)
      : hybridLinearScores(model, ofRows, ofBackground, nPlayers)
  const differing = differingPlayers([{ rows: ofRows, background: ofBackground }], nPlayers)
  const answer = (scores: Float64Array) => takeColumns(core.answer(scores), width, shown)
  return {
    scores: answer(scoresOfModel(model, ofRows)),
    ofBackground: answer(scoresOfModel(model, ofBackground)),
    ofRow: (row) => ({
      ofAllCoalitions(other) {
        const players = differing(row, other)
        const outputs = answer(hybrids.ofAllCoalitions(row, other, players))
        return spreadCoalitions(outputs, players, nPlayers, shown.length)
      },
      alongOrder: (other, position) => answer(hybrids.alongOrder(row, other, position)),
    }),
  }
}

function mixingGame(graph: ForeignGraph, rows: CellTable, background: CellTable, shown: readonly number[]): Game {
  const nPlayers = rows.columns.length
  const predict = (table: CellTable) => takeColumns(graph.predict(table).values, graph.width, shown)
  const mixed = (row: number, other: number, count: number, isIn: (at: number, player: number) => boolean) =>
    predict({
      nRows: count,
      columns: rows.columns.map((cells, player) =>
        mixColumn(cells, background.columns[player] as Cells, count, (at) => (isIn(at, player) ? row : -1 - other)),
      ),
    })
  return {
    scores: predict(rows),
    ofBackground: predict(background),
    ofRow: (row) => ({
      ofAllCoalitions(other) {
        const players = Int32Array.from(rows.columns.keys()).filter(
          (player) => !Object.is(rows.columns[player]?.[row], background.columns[player]?.[other]),
        )
        const bitOf = new Int32Array(nPlayers)
        for (const [at, player] of players.entries()) bitOf[player] = 1 << at
        const outputs = mixed(
          row,
          other,
          1 << players.length,
          (mask, player) => (mask & (bitOf[player] as number)) !== 0,
        )
        return spreadCoalitions(outputs, players, nPlayers, shown.length)
      },
      alongOrder: (other, position) =>
        mixed(row, other, nPlayers + 1, (step, player) => step > (position[player] as number)),
    }),
  }
}

function predictMixed(
  graph: ForeignGraph,
  rows: CellTable,
  background: CellTable,
  shown: readonly number[],
  row: number,
  fromRow: Uint8Array,
  backgroundOf: Int32Array,
  count: number,
): Float64Array {
  const nPlayers = rows.columns.length
  const columns = rows.columns.map((cells, player) =>
    mixColumn(cells, background.columns[player] as Cells, count, (at) =>
      fromRow[at * nPlayers + player] === 1 ? row : -1 - (backgroundOf[at] as number),
    ),
  )
  return takeColumns(graph.predict({ nRows: count, columns }).values, graph.width, shown)
}

/** `from(i)`: a row of `own`, or −1 − a row of `other`. */
function mixColumn(own: Cells, other: Cells, count: number, from: (at: number) => number): Cells {
  const cell = (at: number) => {
    const place = from(at)
    return place >= 0 ? own[place] : other[-1 - place]
  }
  return own instanceof Float64Array
    ? Float64Array.from({ length: count }, (_, at) => cell(at) as number)
    : Array.from({ length: count }, (_, at) => cell(at) as string)
}
