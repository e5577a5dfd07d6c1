import type { Column } from '../frame/frame.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { predictedClasses, predictPipelineColumns } from '../pipeline/predict-pipeline.ts'
import { type CandidateValues, candidateValues } from './candidate-values.ts'

/** What should be predicted instead: a class, or a number on one side of a bound. */
export type WantedOutcome =
  | { readonly kind: 'class'; readonly code: number }
  | { readonly kind: 'at-least' | 'at-most'; readonly value: number }

export interface CounterfactualRequest {
  readonly pipeline: Pipeline
  /** Columns of the pipeline's inputs, in order, and the row of them that is asked about. */
  readonly columns: readonly Column[]
  readonly row: number
  /** Rows whose values may be taken, usually of the training table. */
  readonly reference: { readonly columns: readonly Column[]; readonly rows: Int32Array }
  readonly wanted: WantedOutcome
  /** Inputs that must stay as they are (age, place of birth). Default none. */
  readonly immutable?: readonly number[]
  /** Most columns changed at once. Default 4. */
  readonly maxChanges?: number
  /** Most answers, each changing other columns. Default 4. */
  readonly alternatives?: number
}

export interface Counterfactual {
  /** Changed inputs in their order. `to` is a number (date-times in seconds), or a level. */
  readonly changes: readonly { readonly input: number; readonly to: number | string }[]
  /** Sum of how far each change goes: the share of the table's values that are passed, 1 for another level. */
  readonly cost: number
  /** What is then predicted: class probabilities, or one number. */
  readonly outputs: readonly number[]
}

/** Values by input; what is not in it is as in the row. */
type Change = ReadonlyMap<number, number>

interface Search {
  readonly request: CounterfactualRequest
  readonly candidates: readonly CandidateValues[]
  readonly free: readonly number[]
}

interface Tried {
  readonly change: Change
  readonly outputs: readonly number[]
  /** How far the outcome is from the wanted one: 0 or less where it is reached. */
  readonly miss: number
}

/** Unfinished sets of changes that are carried on, a number of columns more each time. */
const beamWidth = 24

/**
 * What would have to change for another outcome: few columns, by as little as reaches it, to values that the table has
 * (the aims of Wachter et al. 2018; sparse by growing the number of changes one at a time). All single changes are tried;
 * where they do not suffice the most promising go on with a second column, and so on. Answers are then trimmed: a change
 * that is not needed is taken back, and a number moves only as far as needed. Sorted by the number of changes, then by
 * cost; no answer changes only columns that another one changes. Empty where nothing within reach does it. The same
 * request gives the same answers.
 */
export function counterfactuals(request: CounterfactualRequest): Counterfactual[] {
  const { columns, row, reference, immutable = [], maxChanges = 4, alternatives = 4 } = request
  const candidates = columns.map((column, input) =>
    candidateValues(column, row, reference.columns[input] as Column, reference.rows),
  )
  const free = [...columns.keys()].filter((input) => !immutable.includes(input))
  const search: Search = { request, candidates, free }
  const found: Counterfactual[] = []
  let beam: Tried[] = tryAll(search, [new Map()])
  if ((beam[0] as Tried).miss <= 0) return []
  for (let changed = 1; changed <= Math.min(maxChanges, free.length) && found.length < alternatives; changed++) {
    const tried = tryAll(search, grow(search, beam))
    const reached = tried
      .filter(({ miss }) => miss <= 0)
      .sort((a, b) => costOf(search, a.change) - costOf(search, b.change))
    for (const { change } of bestPerColumns(reached)) {
      if (found.length >= alternatives) break
      const answer = describe(search, trim(search, change))
      if (!found.some((other) => covers(answer, other))) found.push(answer)
    }
    beam = mostPromising(tried.filter(({ miss }) => miss > 0))
  }
  return found.sort((a, b) => a.changes.length - b.changes.length || a.cost - b.cost)
}

/** Every member of the beam with one more column changed, to each of its candidates. Each set of changes once. */
function grow({ candidates, free }: Search, beam: readonly Tried[]): Change[] {
  const grown = new Map<string, Change>()
  for (const { change } of beam) {
    for (const input of free) {
      if (change.has(input)) continue
      for (const value of (candidates[input] as CandidateValues).values) {
        const next = new Map([...change, [input, value] as const].sort(([a], [b]) => a - b))
        grown.set([...next].join(';'), next)
      }
    }
  }
  return [...grown.values()]
}

/** Outcomes of the row under each set of changes, predicted together. */
function tryAll({ request, candidates }: Search, changes: readonly Change[]): Tried[] {
  const { pipeline, wanted } = request
  const columns = candidates.map((candidate, input) =>
    candidate.column(changes.map((change) => change.get(input) ?? candidate.own)),
  )
  const predictions = predictPipelineColumns(pipeline, columns, Int32Array.from(changes.keys()))
  const codes = wanted.kind === 'class' ? predictedClasses(predictions, pipeline.threshold) : null
  const width = Math.max(1, predictions.nClasses)
  return changes.map((change, i) => {
    const outputs = Array.from(predictions.values.subarray(i * width, (i + 1) * width))
    return { change, outputs, miss: missOf(pipeline, wanted, outputs, codes?.[i]) }
  })
}

function missOf(
  pipeline: Pipeline,
  wanted: WantedOutcome,
  outputs: readonly number[],
  code: number | undefined,
): number {
  if (wanted.kind !== 'class') {
    const above = (outputs[0] as number) - wanted.value
    return wanted.kind === 'at-least' ? -above : above
  }
  if (code === wanted.code) return 0
  // The smallest positive number keeps a tie from passing for reached.
  const gap =
    outputs.length === 2
      ? Math.abs((outputs[1] as number) - pipeline.threshold)
      : Math.max(...outputs) - (outputs[wanted.code] as number)
  return Math.max(gap, Number.MIN_VALUE)
}

function costOf({ candidates }: Search, change: Change): number {
  let cost = 0
  for (const [input, value] of change) cost += (candidates[input] as CandidateValues).cost(value)
  return cost
}

/** Of the sets that change the same columns the first. */
function bestPerColumns(sorted: readonly Tried[]): Tried[] {
  const best = new Map<string, Tried>()
  for (const tried of sorted) {
    const key = [...tried.change.keys()].join()
    if (!best.has(key)) best.set(key, tried)
  }
  return [...best.values()]
}

/** Those that come nearest to the outcome, at most two for the same columns, so that the beam does not narrow to one idea. */
function mostPromising(tried: readonly Tried[]): Tried[] {
  const kept: Tried[] = []
  const seen = new Map<string, number>()
  for (const each of [...tried].sort((a, b) => a.miss - b.miss)) {
    const key = [...each.change.keys()].join()
    const times = seen.get(key) ?? 0
    if (times >= 2) continue
    seen.set(key, times + 1)
    kept.push(each)
    if (kept.length === beamWidth) break
  }
  return kept
}

/**
 * Takes back what is not needed, then moves each number only as far as it must, the costliest change first. What is not
 * needed is looked for again afterwards, since a shorter way may do more than the longer one did.
 */
function trim(search: Search, change: Change): Change {
  const { candidates } = search
  const byCost = [...change.keys()].sort((a, b) => {
    const cost = (input: number) => (candidates[input] as CandidateValues).cost(change.get(input) as number)
    return cost(b) - cost(a) || a - b
  })
  let kept = needed(search, change, byCost)
  for (const input of byCost) {
    const to = kept.get(input)
    if (to === undefined) continue
    kept = new Map([...kept, [input, shortest(search, kept, input, to)]])
  }
  return needed(search, kept, byCost)
}

/** Leaves out changes, in this order, until none can be left out. */
function needed(search: Search, change: Change, order: readonly number[]): Change {
  for (const input of order) {
    if (!change.has(input) || change.size === 1) continue
    const without = new Map([...change].filter(([other]) => other !== input))
    if (reaches(search, without)) return needed(search, without, order)
  }
  return change
}

/** Bisects the table's values between the row's own and the changed one. The end of the search has been tried itself. */
function shortest(search: Search, change: Change, input: number, to: number): number {
  const steps = (search.candidates[input] as CandidateValues).between(to)
  let low = 0
  let high = steps.length - 1
  let best = to
  while (low < high) {
    const middle = (low + high) >> 1
    const value = steps[middle] as number
    if (reaches(search, new Map([...change, [input, value]]))) {
      best = value
      high = middle
    } else low = middle + 1
  }
  return best
}

function reaches(search: Search, change: Change): boolean {
  return (tryAll(search, [change])[0] as Tried).miss <= 0
}

function describe(search: Search, change: Change): Counterfactual {
  const [tried] = tryAll(search, [change]) as [Tried]
  const changes = [...change].map(([input, value]) => {
    const { levels } = search.candidates[input] as CandidateValues
    return { input, to: levels.length > 0 ? (levels[value] as string) : value }
  })
  return { changes, cost: costOf(search, change), outputs: tried.outputs }
}

/** Whether an answer changes all columns that another changes, so that the other is the better one. */
function covers(answer: Counterfactual, other: Counterfactual): boolean {
  return other.changes.every(({ input }) => answer.changes.some((change) => change.input === input))
}
