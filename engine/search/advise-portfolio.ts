import type { Task } from '../frame/frame.ts'
import { randomForest } from '../learners/forest/random-forest.ts'
import { applyLink } from '../pipeline/apply-link.ts'
import { scoreModel } from '../pipeline/predict-pipeline.ts'
import type { FeatureDescription, FeatureMatrix } from '../preprocess/feature-matrix.ts'
import { metaFeatureNames } from './meta-features.ts'
import type { Configuration } from './search-space.ts'
import { configurationKey } from './search-space.ts'

/** What the portfolio's configurations reached on an earlier table. */
export interface PastTable {
  readonly name: string
  readonly task: Task
  /** By `metaFeatures`. */
  readonly features: readonly number[]
  /** By `configurationKey`: 0 for the best loss of the portfolio, 1 for the median; null: given up as no better. */
  readonly regrets: Readonly<Record<string, number | null>>
}

/** Earlier tables with where they come from. */
export interface PortfolioHistory {
  readonly version: string
  readonly madeBy: string
  readonly tables: readonly PastTable[]
}

export interface PortfolioAdvice {
  /** In the order in which they are to be tried; `chance` of being among the best, null where nothing is known. */
  readonly configurations: readonly (Configuration & { readonly chance: number | null })[]
  /** Whether the chances decide the order; otherwise it is the usual one. */
  readonly isFollowed: boolean
  /** 0 to 1: that the order is better than the usual one on such a table. */
  readonly confidence: number
  /** In a sentence. */
  readonly reason: string
  readonly features: readonly { readonly name: string; readonly value: number }[]
  readonly version: string
  /** Earlier tables of the same task. */
  readonly tables: number
}

/** Fewer tables of a task are no history. */
const leastTables = 15
/** A configuration that fewer of them have tried keeps its place. */
const leastTrials = 10
/** From here on the order is followed. */
const leastConfidence = 0.9
/** A configuration is among the best with at most this regret. */
const goodRegret = 0.1
/** How good an order is shows in the best of so many first configurations. */
const judgedPlaces = 4
/** Parts in which the history is held out to see whether its advice helps. */
const parts = 5
const forest = { nTrees: 60, minRowsInLeaf: 4, featuresPerSplit: 0.5 }

/**
 * The portfolio in the order of each configuration's chance to be among the best on this table, by a random forest over
 * the descriptions of earlier tables and the configurations. Followed only where the same on held-out tables finds good
 * models earlier than the usual order does, and the table is like those of the history. The first configuration stays
 * where it is: it is there to be quick.
 */
export function advisePortfolio(
  usual: readonly Configuration[],
  task: Task,
  description: Float64Array,
  history: PortfolioHistory,
): PortfolioAdvice {
  const tables = history.tables.filter((table) => table.task === task)
  const keys = usual.map(configurationKey)
  const known = keys.filter((key) => tables.filter(({ regrets }) => key in regrets).length >= leastTrials)
  const told = {
    features: metaFeatureNames.map((name, at) => ({ name, value: description[at] as number })),
    version: history.version,
    tables: tables.length,
  }
  const unchanged = usual.map((configuration) => ({ ...configuration, chance: null }))
  if (tables.length < leastTables || known.length < judgedPlaces + 1) {
    const reason = `Not enough history: ${tables.length} earlier ${task} tables, ${known.length} of ${usual.length} configurations known.`
    return { ...told, configurations: unchanged, isFollowed: false, confidence: 0, reason }
  }
  const likeness = likenessOf(tables, description)
  const confidence = likeness * confidenceOf(tables, known)
  const [chances = new Float64Array(0)] = chancesOf(tables, known, [Array.from(description)])
  const withChances = usual.map((configuration, at) => {
    const place = known.indexOf(keys[at] as string)
    return { ...configuration, chance: place < 0 ? null : (chances[place] as number) }
  })
  const isFollowed = confidence >= leastConfidence
  const on = `${tables.length} earlier ${task} tables`
  return {
    ...told,
    configurations: isFollowed ? ordered(withChances) : withChances,
    isFollowed,
    confidence,
    reason: isFollowed
      ? `Ordered by what did well on ${on}.`
      : `Not sure enough: on ${on} another order ${likeness < 1 ? 'may help, but this table is unlike some of them' : 'does not clearly find good models earlier'}.`,
  }
}

type Advised = PortfolioAdvice['configurations'][number]

/** The quick first one, then by chance; those of which nothing is known keep their places. */
function ordered(configurations: readonly Advised[]): Advised[] {
  const [first, ...rest] = configurations
  const byChance = rest
    .filter(({ chance }) => chance !== null)
    .sort((a, b) => (b.chance as number) - (a.chance as number))
  return [
    ...(first ? [first] : []),
    ...rest.map((configuration) => (configuration.chance === null ? configuration : (byChance.shift() as Advised))),
  ]
}

/** Share of the description that lies within what earlier tables had. */
function likenessOf(tables: readonly PastTable[], description: Float64Array): number {
  const inside = Array.from(description).filter((value, at) => {
    const own = tables.map(({ features }) => features[at] as number)
    return value >= Math.min(...own) && value <= Math.max(...own)
  })
  return inside.length / description.length
}

/**
 * That the advised order finds better models early than the usual one: each part of the tables is ordered by the others,
 * and the mean gain of the best of the first few is held against its standard error (normal distribution).
 */
function confidenceOf(tables: readonly PastTable[], known: readonly string[]): number {
  const held = Array.from({ length: parts }, (_, part) => {
    const own = tables.filter((_, at) => at % parts === part)
    const others = tables.filter((_, at) => at % parts !== part)
    const chances = chancesOf(
      others,
      known,
      own.map(({ features }) => features),
    )
    return own.map((table, at) => ({ table, chances: chances[at] as Float64Array }))
  })
  const gains = held.flat().map(({ table, chances }) => {
    const order = [...known.keys()].sort((a, b) => (chances[b] as number) - (chances[a] as number))
    const bestOf = (places: readonly number[]) =>
      Math.min(1, ...places.slice(0, judgedPlaces).map((place) => table.regrets[known[place] as string] ?? 1))
    return bestOf([...known.keys()]) - bestOf(order)
  })
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0)
  const error = Math.sqrt(squares / (gains.length - 1) / gains.length)
  if (!(error > 0)) return mean > 0 ? 1 : 0
  // Logistic approximation of the normal distribution function (Bowling et al. 2009): within 1.5e-4.
  const z = mean / error
  return 1 / (1 + Math.exp(-(0.07056 * z ** 3 + 1.5976 * z)))
}

/** For each description the chance of each known configuration, by a forest over what the tables tell of all of them. */
function chancesOf(
  tables: readonly PastTable[],
  known: readonly string[],
  descriptions: readonly (readonly number[])[],
): Float64Array[] {
  const cases = tables.flatMap(({ features, regrets }) =>
    known.flatMap((key, code) => {
      const regret = regrets[key]
      return regret === undefined ? [] : [{ features, code, isGood: regret !== null && regret <= goodRegret }]
    }),
  )
  const asked = descriptions.flatMap((features) => known.map((_, code) => ({ features, code })))
  const matrix = matrixOf([...cases, ...asked], known.length)
  const { model } = randomForest.fit(
    {
      task: 'binary',
      nClasses: 2,
      matrix,
      labels: Float64Array.from([...cases.map(({ isGood }) => Number(isGood)), ...asked.map(() => 0)]),
      weights: null,
      rows: Int32Array.from(cases.keys()),
      validationRows: null,
      keep: 'best',
      seed: 0,
      shouldStop: () => false,
    },
    forest,
  )
  const outputs = applyLink(scoreModel(model, matrix), model.nOutputs, model.link)
  return descriptions.map((_, at) => {
    const first = cases.length + at * known.length
    return Float64Array.from(known, (_key, code) => outputs[2 * (first + code) + 1] as number)
  })
}

function matrixOf(
  rows: readonly { readonly features: readonly number[]; readonly code: number }[],
  nCodes: number,
): FeatureMatrix {
  const features: FeatureDescription[] = metaFeatureNames.map((name, input) => ({
    name,
    input,
    kind: 'numeric',
    cardinality: 0,
  }))
  return {
    nRows: rows.length,
    features: [...features, { name: 'configuration', input: features.length, kind: 'codes', cardinality: nCodes }],
    columns: [
      ...features.map(({ input }) => Float32Array.from(rows, (row) => row.features[input] as number)),
      Float32Array.from(rows, ({ code }) => code),
    ],
  }
}
