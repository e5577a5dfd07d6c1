import type { Task } from '../engine/frame/frame.ts'
import type { FeatureMatrix } from '../engine/preprocess/feature-matrix.ts'
import { type RandomStream, randomStream } from '../engine/random.ts'

/** What is trained in gbdt-training.ts, and what it must reach. */
export interface Setting {
  readonly name: string
  readonly task: Extract<Task, 'binary' | 'multiclass'>
  readonly nClasses: number
  readonly nTrain: number
  readonly nTest: number
  /** Levels of each column of categories; 0: numbers. */
  readonly cardinalities: readonly number[]
  readonly nTrees: number
  readonly rounds: number
  /** Time over LightGBM's, and how much worse the quality may be (area under the curve, or log loss). */
  readonly bar: { readonly timeRatio: number; readonly quality: number }
}

export interface Table {
  readonly matrix: FeatureMatrix
  readonly labels: Float64Array
}

const numbers = (count: number) => new Array<number>(count).fill(0)
const levels = [10, 15, 25, 40, 60, 100, 160, 250, 500, 1000]

export const settings: readonly Setting[] = [
  {
    name: 'numeric 100k x 20',
    task: 'binary',
    nClasses: 2,
    nTrain: 100_000,
    nTest: 50_000,
    cardinalities: numbers(20),
    nTrees: 100,
    rounds: 7,
    bar: { timeRatio: 0.8, quality: 0.002 },
  },
  {
    name: 'numeric 1M x 28',
    task: 'binary',
    nClasses: 2,
    nTrain: 1_000_000,
    nTest: 50_000,
    cardinalities: numbers(28),
    nTrees: 50,
    rounds: 2,
    bar: { timeRatio: 0.8, quality: 0.002 },
  },
  {
    name: 'categories',
    task: 'binary',
    nClasses: 2,
    nTrain: 100_000,
    nTest: 50_000,
    cardinalities: [...numbers(10), ...levels],
    nTrees: 100,
    rounds: 5,
    bar: { timeRatio: 1, quality: 0.002 },
  },
  {
    name: '10 classes',
    task: 'multiclass',
    nClasses: 10,
    nTrain: 100_000,
    nTest: 50_000,
    cardinalities: numbers(20),
    nTrees: 30,
    rounds: 3,
    bar: { timeRatio: 1, quality: 0.005 },
  },
]

/** Training and test rows of a setting: always the same. */
export function makeTables(setting: Setting): { readonly train: Table; readonly test: Table } {
  const random = randomStream(20, 100_000)
  const labelOf = labeller(setting, random)
  return {
    train: makeTable(setting, setting.nTrain, random, labelOf),
    test: makeTable(setting, setting.nTest, random, labelOf),
  }
}

type Labeller = (x: readonly number[]) => number

function makeTable(setting: Setting, nRows: number, random: RandomStream, labelOf: Labeller): Table {
  const { cardinalities } = setting
  const columns = cardinalities.map(() => new Float32Array(nRows))
  const labels = new Float64Array(nRows)
  const nNumbers = cardinalities.filter((levelCount) => levelCount === 0).length
  for (let row = 0; row < nRows; row++) {
    const x = drawNumbers(nNumbers, random)
    for (const levelCount of cardinalities.slice(nNumbers)) x.push(drawLevel(levelCount, random))
    labels[row] = labelOf(x)
    for (const [feature, column] of columns.entries()) column[row] = x[feature] as number
  }
  const features = cardinalities.map((cardinality, input) => {
    return { name: `f${input}`, input, kind: cardinality > 0 ? ('codes' as const) : ('numeric' as const), cardinality }
  })
  return { matrix: { nRows, features, columns }, labels }
}

/** Normal, log-normal, whole, rounded, correlated and uniform columns. */
function drawNumbers(count: number, random: RandomStream): number[] {
  const x = Array.from({ length: count }, () => random.nextNormal())
  const at = (index: number) => x[index] as number
  x[3] = Math.exp(at(3))
  x[4] = random.nextBelow(12)
  x[5] = Math.round(at(5) * 10) / 10
  x[6] = at(0) * 0.8 + at(6) * 0.6
  x[7] = random.nextFloat()
  return x
}

/** Levels as they are met in practice: the first ones common, the last ones rare. */
function drawLevel(count: number, random: RandomStream): number {
  const share = random.nextFloat()
  return Math.min(count - 1, Math.floor(count * share * Math.sqrt(share)))
}

function labeller(setting: Setting, random: RandomStream): Labeller {
  const nNumbers = setting.cardinalities.filter((levelCount) => levelCount === 0).length
  if (setting.task === 'multiclass') return classLabeller(setting.nClasses, random)
  const effects = setting.cardinalities
    .slice(nNumbers)
    .map((levelCount) => Array.from({ length: levelCount }, () => 0.35 * random.nextNormal()))
  return (x) => {
    let margin = marginOfNumbers(x, nNumbers)
    for (const [at, effect] of effects.entries()) margin += effect[x[nNumbers + at] as number] as number
    return random.nextFloat() < 1 / (1 + Math.exp(-margin)) ? 1 : 0
  }
}

/** Hangs on 13 columns, or on ten where there are no more numbers. */
function marginOfNumbers(x: readonly number[], nNumbers: number): number {
  const at = (index: number) => x[index] as number
  return (
    1.2 * Math.sin(2 * at(0)) +
    0.9 * at(1) * at(2) +
    (at(4) > 5 ? 0.5 * Math.log(at(3)) : 0) +
    (at(5) > 0.5 ? 0.7 : 0) -
    0.8 * Math.abs(at(6)) +
    1.5 * (at(7) - 0.5) * at(8) +
    0.3 * at(9) +
    (nNumbers > 12 ? 0.2 * at(10) * at(11) * at(12) : 0) +
    0.3
  )
}

/** The class with the highest of ten scores, each of a number, a product and a threshold, with Gumbel noise. */
function classLabeller(nClasses: number, random: RandomStream): Labeller {
  const classes = Array.from({ length: nClasses }, () => ({
    linear: random.nextBelow(20),
    first: random.nextBelow(20),
    second: random.nextBelow(20),
    step: random.nextBelow(20),
    cut: random.nextNormal(),
    bias: 0.5 * random.nextNormal(),
  }))
  return (x) => {
    let label = 0
    let highest = Number.NEGATIVE_INFINITY
    const at = (index: number) => Math.max(-3, Math.min(3, x[index] as number))
    for (const [k, { linear, first, second, step, cut, bias }] of classes.entries()) {
      const noise = -Math.log(-Math.log(Math.max(1e-12, random.nextFloat())))
      const score = 1.5 * at(linear) + at(first) * at(second) + (at(step) > cut ? 1.5 : 0) + bias + noise
      if (score <= highest) continue
      highest = score
      label = k
    }
    return label
  }
}
