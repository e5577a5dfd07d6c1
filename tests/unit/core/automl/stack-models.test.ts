import { expect, test } from 'vitest'
import type { StackInput } from '../../../../core/automl/stack-models.ts'
import { chooseStack } from '../../../../core/automl/stack-models.ts'
import { randomStream } from '../../../../engine/random.ts'

const n = 1_000
const random = randomStream(23)
const labels = Float64Array.from({ length: n }, () => 10 * random.nextNormal())

/** Three candidates whose plain mean is to be beaten. */
function inputWith(candidates: readonly Float64Array[]): StackInput {
  const equal = new Float64Array(candidates.length).fill(1 / candidates.length)
  const toBeat = labels.map(
    (_, i) => candidates.reduce((sum, values) => sum + (values[i] as number), 0) / candidates.length,
  )
  return {
    task: 'regression',
    width: 1,
    candidates,
    labels,
    weights: null,
    parts: 5,
    sharesWithout: () => equal,
    lossAt: (places, predictions) => {
      const squares = places.reduce(
        (sum, place, at) => sum + ((predictions[at] as number) - (labels[place] as number)) ** 2,
        0,
      )
      return Math.sqrt(squares / places.length)
    },
    toBeat,
  }
}

test('a stack is chosen where the members are all too timid, which a mean cannot mend', () => {
  const timid = [0, 1].map(() => labels.map((label) => 0.5 * label + random.nextNormal()))
  const chosen = chooseStack(inputWith(timid))
  expect(chosen?.weights[0]).toBeGreaterThan(0.8)
  expect(chosen?.weights[1]).toBeGreaterThan(0.8)
  // The noise of two members of half the size: 2 / √2, less what shrinking brings.
  expect(chosen?.loss).toBeLessThan(1.5)
})

test('no stack is chosen where the mean is right already', () => {
  // Labels have the variance 100 and the mean of three such errors 3: so shrunk, the mean is what one should expect.
  const fair = [0, 1, 2].map(() => labels.map((label) => (100 / 103) * (label + 3 * random.nextNormal())))
  expect(chooseStack(inputWith(fair))).toBeNull()
})

test('it is judged on rows that did not fit it', () => {
  // What the second candidate tells of each row is the part that the row is in: worthless for other parts.
  const timid = labels.map((label) => 0.5 * label + random.nextNormal())
  const seen: (number | null)[] = []
  const input = inputWith([timid, timid.map((value) => value + random.nextNormal())])
  chooseStack({
    ...input,
    sharesWithout: (part) => {
      seen.push(part)
      return input.sharesWithout(part)
    },
    lossAt: (places, predictions) => {
      const part = seen.at(-1)
      if (typeof part === 'number') expect(places.every((place) => place % 5 === part)).toBe(true)
      return input.lossAt(places, predictions)
    },
  })
  expect(seen).toEqual([0, 1, 2, 3, 4, null])
})
