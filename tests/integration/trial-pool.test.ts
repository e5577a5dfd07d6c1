import { afterAll, describe, expect, it } from 'vitest'
import type { TrialPool } from '../../core/automl/trial-pool.ts'
import { createTrialPool } from '../../core/automl/trial-pool.ts'
import type { FitTask, FittedFold } from '../../core/automl/trial-task.ts'
import type { Column, Target } from '../../engine/frame/frame.ts'
import { randomStream } from '../../engine/random.ts'
import { makeFolds } from '../../engine/validation/make-folds.ts'

const n = 400
const pools: TrialPool[] = []

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()))
})

/** A table with a number, a category of many levels (which is encoded by its target) and a skewed target. */
function makeTable(): { readonly columns: Column[]; readonly target: Target } {
  const random = randomStream(5)
  const x = Float64Array.from({ length: n }, () => random.nextNormal())
  const codes = Int32Array.from({ length: n }, () => random.nextBelow(200))
  const levels = Array.from({ length: 200 }, (_, at) => `level ${String(at).padStart(3, '0')}`)
  const values = Float64Array.from(x, (value, row) => Math.exp(value + ((codes[row] as number) % 5) / 5))
  return {
    columns: [
      { storage: 'float64', name: 'x', type: 'number', values: x },
      { storage: 'codes', name: 'c', type: 'category', codes, levels },
    ],
    target: { task: 'regression', name: 'y', classes: [], values },
  }
}

const original = makeTable()
const folds = makeFolds({ labels: original.target.values, task: 'regression', folds: 4, seed: 1 })

function openPool(table: ReturnType<typeof makeTable>, size = 2): TrialPool {
  const pool = createTrialPool(size, {
    ...table,
    inputs: table.columns.map(({ name, type }) => ({ name, type })),
    weights: null,
    folds,
    basis: '4-fold cross-validation',
    datasetRows: Int32Array.from({ length: n }, (_, row) => row),
    metric: 'rmse',
  })
  pools.push(pool)
  return pool
}

/** Most tests share it: starting threads takes longer than what they do. */
const shared = openPool(original)

function fitTask(changes: Partial<FitTask> = {}): FitTask {
  return {
    kind: 'fit',
    fold: 0,
    encoding: 'tree',
    learner: 'gradient-boosting',
    parameters: { learningRate: 0.1, maxLeaves: 8, minRowsInLeaf: 5, nTrees: 30 },
    seed: 3,
    fraction: 1,
    findIterations: false,
    secondsLimit: Number.POSITIVE_INFINITY,
    keptTrees: 300,
    ...changes,
  }
}

async function fitted(pool: TrialPool, changes: Partial<FitTask> = {}): Promise<FittedFold> {
  const answer = await pool.run(fitTask(changes))
  if (answer.kind !== 'fitted') throw new Error(JSON.stringify(answer))
  return answer.fitted
}

describe('a pool of threads that fit', () => {
  it.each(['tree', 'tree-ordinal', 'scaled'] as const)(
    'trains on nothing of the validation rows, encoded as %s',
    async (encoding) => {
      const learner = encoding === 'scaled' ? 'elastic-net' : 'gradient-boosting'
      const parameters = encoding === 'scaled' ? { alpha: 0.01, l1Ratio: 0.1 } : fitTask().parameters
      const spoiled = makeTable()
      const random = randomStream(8)
      const [x, c] = spoiled.columns
      for (const row of folds[0]?.validation ?? []) {
        spoiled.target.values[row] = 1e6 * random.nextFloat()
        if (x?.storage === 'float64') x.values[row] = 1e3 * random.nextNormal()
        if (c?.storage === 'codes') c.codes[row] = random.nextBelow(200)
      }
      const honest = await fitted(shared, { encoding, learner, parameters })
      const other = await fitted(openPool(spoiled), { encoding, learner, parameters })
      expect(other.member).toEqual(honest.member)
      expect(other.score).not.toBe(honest.score)
    },
  )

  it('gives the same bits whichever thread fits, and again', async () => {
    const pool = shared
    const [first, second] = await Promise.all([fitted(pool), fitted(pool)])
    expect(second.member).toEqual(first.member)
    expect(second.values).toEqual(first.values)
    expect((await fitted(openPool(original, 1))).member).toEqual(first.member)
  })

  it('keeps all iterations that it ran to find their number, the first of which are those of a shorter fit', async () => {
    const pool = shared
    const searched = await fitted(pool, { findIterations: true })
    const { learningCurve, member } = searched
    if (member.model.kind !== 'trees') throw new Error('Boosting grows trees')
    expect(member.model.roots).toHaveLength(learningCurve.length)
    const least = Math.min(...learningCurve)
    expect(learningCurve.indexOf(least)).toBeLessThan(learningCurve.length - 1)
    const short = await fitted(pool, { parameters: { ...fitTask().parameters, nTrees: 10 } })
    if (short.member.model.kind !== 'trees') throw new Error('Boosting grows trees')
    expect(short.member.model.leafValues).toEqual(
      member.model.leafValues.slice(0, short.member.model.leafValues.length),
    )
  })

  it('sends back a part of a forest, but judges all of it', async () => {
    const pool = shared
    const forest = { learner: 'random-forest', parameters: { nTrees: 40, minRowsInLeaf: 3 } }
    const whole = await fitted(pool, { ...forest, keptTrees: 40 })
    const part = await fitted(pool, { ...forest, keptTrees: 5 })
    expect(part.score).toBe(whole.score)
    if (part.member.model.kind !== 'trees') throw new Error('A forest is made of trees')
    expect(part.member.model.roots).toHaveLength(5)
  })

  it('learns logarithms and predicts in the target’s own unit', async () => {
    const plain = await fitted(shared)
    const logarithmic = await fitted(shared, {
      parameters: { ...fitTask().parameters, targetTransform: 'log1p' },
    })
    expect(logarithmic.member.targetTransform).toBe('log1p')
    expect(logarithmic.score).toBeGreaterThan(0.5 * plain.score)
    expect(logarithmic.score).toBeLessThan(2 * plain.score)
  })

  it('looks at a part of the training rows only', async () => {
    const pool = shared
    const whole = await fitted(pool)
    const part = await fitted(pool, { fraction: 0.25 })
    const rowsOf = ({ member }: FittedFold) => (member.model.kind === 'trees' ? member.model.cover[0] : 0)
    expect(rowsOf(whole)).toBe(300)
    expect(rowsOf(part)).toBe(75)
  })

  it('stops running fits at once when it is told to, and fits again afterwards', async () => {
    const pool = shared
    await fitted(pool)
    const long = pool.run(fitTask({ parameters: { ...fitTask().parameters, nTrees: 100_000 } }))
    await new Promise((resolve) => setTimeout(resolve, 200))
    const started = performance.now()
    pool.stopAll()
    expect(await long).toEqual({ kind: 'stopped' })
    // The whole fit would take minutes.
    expect(performance.now() - started).toBeLessThan(5_000)
    pool.goOn()
    expect((await fitted(pool)).score).toBeGreaterThan(0)
  })

  it('makes tasks wait for a thread, and tells of one that failed', async () => {
    const pool = openPool(original, 1)
    const answers = await Promise.all([
      pool.run(fitTask()),
      pool.run(fitTask({ learner: 'no-such' })),
      pool.run(fitTask({ fold: 1 })),
      pool.run({ kind: 'describe', values: original.target.values, threshold: 0.5, seed: 1 }),
    ])
    expect(answers.map(({ kind }) => kind)).toEqual(['fitted', 'failed', 'fitted', 'described'])
  })
})
