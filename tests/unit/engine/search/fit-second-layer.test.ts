import { expect, test } from 'vitest'
import { finishSecondLayer, secondLayerTerm } from '../../../../engine/pipeline/second-layer.ts'
import { randomStream } from '../../../../engine/random.ts'
import { fitSecondLayer } from '../../../../engine/search/fit-second-layer.ts'

const n = 4_000
const random = randomStream(17)

test('numbers: weights are those of ordinary least squares, and an offset is taken away', () => {
  const labels = Float64Array.from({ length: n }, () => 1_000 + 50 * random.nextNormal())
  // Errors of variance 100 and 400: the best weights are near 4 to 1.
  const members = [10, 20].map((own) => labels.map((label) => label + 30 + own * random.nextNormal()))
  const fitted = fitSecondLayer({ task: 'regression', width: 1, members, labels, weights: null })
  const [expected, intercept] = leastSquares(members as [Float64Array, Float64Array], labels)
  // Five rows of belief in equal weights among 4,000.
  expect(fitted?.weights[0]).toBeCloseTo(expected[0] as number, 2)
  expect(fitted?.weights[1]).toBeCloseTo(expected[1] as number, 2)
  expect(Math.abs((fitted?.intercept[0] as number) - intercept)).toBeLessThan(5)
  expect((fitted?.weights[0] as number) / (fitted?.weights[1] as number)).toBeGreaterThan(2.5)
})

test('classes: finds the weights and intercepts that the labels were drawn by', () => {
  const width = 3
  const members = [0, 1].map(() => probabilities(width))
  const truth = new Float64Array(n * width)
  for (let at = 0; at < truth.length; at++) {
    truth[at] =
      1.2 * secondLayerTerm('multiclass', members[0]?.[at] as number) +
      0.4 * secondLayerTerm('multiclass', members[1]?.[at] as number)
  }
  finishSecondLayer({ intercept: [0, 0.5, -0.5] }, 'multiclass', truth)
  const labels = Float64Array.from({ length: n }, (_, i) => {
    const drawn = random.nextFloat()
    const first = truth[3 * i] as number
    return drawn < first ? 0 : drawn < first + (truth[3 * i + 1] as number) ? 1 : 2
  })
  const fitted = fitSecondLayer({ task: 'multiclass', width, members, labels, weights: null })
  // A few standard errors of a fit to 4,000 drawn labels.
  expect(Math.abs((fitted?.weights[0] as number) - 1.2)).toBeLessThan(0.15)
  expect(Math.abs((fitted?.weights[1] as number) - 0.4)).toBeLessThan(0.15)
  const [a = 0, b = 0] = fitted?.intercept ?? []
  expect(Math.abs(b - a - 0.5)).toBeLessThan(0.2)
})

test('a row that counts twice is as two rows', () => {
  const labels = Float64Array.from({ length: 60 }, (_, i) => i % 2)
  const members = [0, 1].map(() => probabilities(2).slice(0, 120))
  const twice = <Values extends Float64Array>(values: Values, width: number) =>
    Float64Array.from([
      ...values.subarray(0, 20 * width),
      ...values.subarray(0, 20 * width),
      ...values.subarray(20 * width),
    ])
  const weights = Float64Array.from({ length: 60 }, (_, i) => (i < 20 ? 2 : 1))
  const weighted = fitSecondLayer({ task: 'binary', width: 2, members, labels, weights })
  const repeated = fitSecondLayer({
    task: 'binary',
    width: 2,
    members: members.map((values) => twice(values, 2)),
    labels: twice(labels, 1),
    weights: null,
  })
  if (weighted === null) expect(repeated).toBeNull()
  for (const [at, weight] of (weighted?.weights ?? []).entries())
    expect(weight).toBeCloseTo(repeated?.weights[at] as number, 4)
})

test('a member that only misleads is left out; with one left there is nothing to join', () => {
  const labels = Float64Array.from({ length: n }, () => random.nextNormal())
  const good = () => labels.map((label) => label + 0.5 * random.nextNormal())
  const opposite = labels.map((label) => -label + 0.1 * random.nextNormal())
  const task = { task: 'regression', width: 1, labels, weights: null } as const
  const fitted = fitSecondLayer({ ...task, members: [good(), opposite, good()] })
  expect(fitted?.weights[1]).toBe(0)
  expect(fitted?.weights[0]).toBeGreaterThan(0.3)
  expect(fitSecondLayer({ ...task, members: [good(), opposite] })).toBeNull()
})

function probabilities(width: number): Float64Array {
  const values = Float64Array.from({ length: n * width }, () => 1.5 * random.nextNormal())
  finishSecondLayer({ intercept: new Array<number>(width).fill(0) }, 'multiclass', values)
  return values
}

/** Of labels on two members and 1, by the normal equations of the centred values. */
function leastSquares([a, b]: readonly [Float64Array, Float64Array], labels: Float64Array): [number[], number] {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / n
  const [ma, mb, my] = [mean(a), mean(b), mean(labels)]
  let [aa, ab, bb, ay, by] = [0, 0, 0, 0, 0]
  for (let i = 0; i < n; i++) {
    const [da, db, dy] = [(a[i] as number) - ma, (b[i] as number) - mb, (labels[i] as number) - my]
    aa += da * da
    ab += da * db
    bb += db * db
    ay += da * dy
    by += db * dy
  }
  const determinant = aa * bb - ab * ab
  const weights = [(bb * ay - ab * by) / determinant, (aa * by - ab * ay) / determinant]
  return [weights, my - (weights[0] as number) * ma - (weights[1] as number) * mb]
}
