import type { AdditiveModel, AdditiveTerm } from '../../learners/bayes/additive-model.ts'
import { add, castTo, choose, concatenateColumns, isGreater, multiply, rowConstant, subtract } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'

/** Scores double [N, nOutputs]; terms are added in the model's order, as a running sum, so that the bits are the engine's. */
export function emitAdditive(graph: GraphBuilder, features: Value, model: AdditiveModel): Value {
  const runs = runsOfOneShape(model.terms).map((terms) => ({ terms, own: columnsOf(graph, features, terms) }))
  return concatenateColumns(
    graph,
    Array.from({ length: model.nOutputs }, (_, k) => {
      const intercept = model.intercept[k] as number
      if (runs.length === 0) return constantColumn(graph, features, intercept)
      const values = concatenateColumns(
        graph,
        runs.map(({ terms, own }) => emitTerms(graph, own, terms, k, model.nOutputs)),
      )
      const first = new Float64Array(model.terms.length)
      first[0] = intercept
      const sums = graph.node('CumSum', [
        add(graph, values, rowConstant(graph, Array.from(first))),
        graph.constant('int64', [], [1]),
      ])
      return column(graph, sums, [model.terms.length - 1])
    }),
  )
}

/** Terms of one shape that follow one another. */
type Run = readonly [AdditiveTerm, ...AdditiveTerm[]]

/** The values of a run's features, and where they are missing. */
interface RunColumns {
  readonly values: Value
  readonly isMissing: Value
}

function columnsOf(graph: GraphBuilder, features: Value, terms: readonly AdditiveTerm[]): RunColumns {
  const values = column(
    graph,
    features,
    terms.map(({ feature }) => feature),
  )
  return { values, isMissing: graph.node('IsNaN', [values]) }
}

function column(graph: GraphBuilder, from: Value, indices: readonly number[]): Value {
  return graph.node('Gather', [from, graph.constant('int64', [indices.length], indices)], { axis: { integer: 1 } })
}

/** What the run's terms add to output k, [N, terms]. */
function emitTerms(
  graph: GraphBuilder,
  { values, isMissing }: RunColumns,
  terms: Run,
  k: number,
  nOutputs: number,
): Value {
  const row = (of: (term: never) => number) => rowConstant(graph, terms.map(of as (term: AdditiveTerm) => number))
  switch (terms[0].shape) {
    case 'step': {
      type Step = Extract<AdditiveTerm, { shape: 'step' }>
      const isAbove = isGreater(
        graph,
        values,
        row((term: Step) => term.threshold),
      )
      const above = row((term: Step) => term.above[k] as number)
      const below = row((term: Step) => term.below[k] as number)
      return choose(graph, isMissing, 0, choose(graph, isAbove, above, below))
    }
    case 'square': {
      type Square = Extract<AdditiveTerm, { shape: 'square' }>
      const away = subtract(
        graph,
        values,
        row((term: Square) => term.centres[k] as number),
      )
      const scaled = multiply(
        graph,
        row((term: Square) => term.factors[k] as number),
        multiply(graph, away, away),
      )
      const shifted = add(
        graph,
        scaled,
        row((term: Square) => term.constants[k] as number),
      )
      return choose(graph, isMissing, 0, shifted)
    }
    case 'table':
      return emitTables(graph, { values, isMissing }, terms as readonly TableTerm[], k, nOutputs)
  }
}

type TableTerm = Extract<AdditiveTerm, { shape: 'table' }>

/** One list of all tables behind one another, the last entry 0 for missing: a place in it is the table's start plus the code. */
function emitTables(
  graph: GraphBuilder,
  { values, isMissing }: RunColumns,
  terms: readonly TableTerm[],
  k: number,
  nOutputs: number,
): Value {
  const all: number[] = []
  const starts = terms.map((term) => {
    const start = all.length
    for (let code = 0; code < term.cardinality; code++) all.push(term.values[code * nOutputs + k] as number)
    return start
  })
  const places = choose(graph, isMissing, all.length, add(graph, values, rowConstant(graph, starts)))
  const list = graph.constant('double', [all.length + 1], [...all, 0])
  return graph.node('Gather', [list, castTo(graph, places, 'int64')], { axis: { integer: 0 } })
}

/** A column of one number, as many rows as the features have. */
function constantColumn(graph: GraphBuilder, features: Value, value: number): Value {
  return choose(graph, graph.node('IsNaN', [column(graph, features, [0])]), value, value)
}

function runsOfOneShape(terms: readonly AdditiveTerm[]): Run[] {
  const runs: [AdditiveTerm, ...AdditiveTerm[]][] = []
  for (const term of terms) {
    const last = runs.at(-1)
    if (last?.[0].shape === term.shape) last.push(term)
    else runs.push([term])
  }
  return runs
}
