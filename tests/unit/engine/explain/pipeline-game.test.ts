import { expect, test } from 'vitest'
import { pipelineGame } from '../../../../engine/explain/pipeline-game.ts'
import { alignColumns } from '../../../../engine/pipeline/align-columns.ts'
import { randomStream, shuffledIndices } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'
import { randomFrame, randomPipeline } from '../../../fixtures/random-pipelines.ts'

const drawn = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  task: fc.constantFrom('binary', 'multiclass', 'regression'),
  family: fc.constantFrom('trees', 'forest', 'linear'),
  nMembers: fc.integer({ min: 1, max: 3 }),
  stacked: fc.boolean(),
})

function gameOf({ seed, ...options }: typeof drawn extends fc.Arbitrary<infer T> ? T : never) {
  const random = randomStream(seed)
  const pipeline = randomPipeline(random, options)
  const frame = randomFrame(random, 6, pipeline)
  const columns = alignColumns(pipeline.inputs, frame)
  const games = pipelineGame({
    pipeline,
    columns,
    rows: Int32Array.of(0, 1, 2),
    background: { columns, rows: Int32Array.of(3, 4, 5) },
  })
  return { nPlayers: pipeline.inputs.length, nOutputs: games.nOutputs, game: games.ofRow(1), random }
}

/** NaN on both sides is the same; infinite scores make infinite differences. */
function expectSame(actual: Float64Array, wanted: Float64Array): void {
  expect(actual.length).toBe(wanted.length)
  for (const [at, value] of wanted.entries()) {
    if (!Object.is(actual[at], value)) {
      expect(Math.abs((actual[at] as number) - value) / Math.max(1, Math.abs(value))).toBeLessThan(1e-12)
    }
  }
}

test('all coalitions at once are what predicting every mixed row gives', () => {
  fc.assert(
    fc.property(drawn, (options) => {
      const { nPlayers, game } = gameOf(options)
      const count = 1 << nPlayers
      const fromRow = Uint8Array.from(
        { length: count * nPlayers },
        (_, at) => (Math.floor(at / nPlayers) >>> (at % nPlayers)) & 1,
      )
      for (let background = 0; background < game.nBackground; background++) {
        const wanted = game.evaluate(fromRow, new Int32Array(count).fill(background), count)
        expectSame(game.ofAllCoalitions(background), wanted)
      }
    }),
    { numRuns: 60 },
  )
})

test('the coalitions along an order are what predicting the growing rows gives', () => {
  fc.assert(
    fc.property(drawn, (options) => {
      const { nPlayers, game, random } = gameOf(options)
      const position = shuffledIndices(nPlayers, random)
      const count = nPlayers + 1
      const fromRow = Uint8Array.from({ length: count * nPlayers }, (_, at) =>
        (position[at % nPlayers] as number) < Math.floor(at / nPlayers) ? 1 : 0,
      )
      for (let background = 0; background < game.nBackground; background++) {
        const wanted = game.evaluate(fromRow, new Int32Array(count).fill(background), count)
        expectSame(game.alongOrder(background, position), wanted)
      }
    }),
    { numRuns: 60 },
  )
})
