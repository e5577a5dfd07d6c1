import { expect, test } from 'vitest'
import { explainInteractions } from '../../../../engine/explain/explain-interactions.ts'
import { explainPipeline, MethodUnavailableError } from '../../../../engine/explain/explain-pipeline.ts'
import type { ExplainRequest } from '../../../../engine/explain/explanation.ts'
import { pipelineGame } from '../../../../engine/explain/pipeline-game.ts'
import { alignColumns } from '../../../../engine/pipeline/align-columns.ts'
import { randomStream } from '../../../../engine/random.ts'
import { finiteColumn } from '../../../fixtures/finite-column.ts'
import { fc } from '../../../fixtures/properties.ts'
import { randomFrame, randomPipeline } from '../../../fixtures/random-pipelines.ts'
import { interactionsByEnumeration } from '../../../fixtures/shapley-by-enumeration.ts'

const drawn = fc.record({
  seed: fc.nat({ max: 1e6 }),
  task: fc.constantFrom('binary', 'multiclass', 'regression'),
  family: fc.constantFrom('trees', 'forest', 'linear'),
  nMembers: fc.integer({ min: 1, max: 2 }),
})

function requestOf({ seed, ...options }: typeof drawn extends fc.Arbitrary<infer T> ? T : never): ExplainRequest {
  const random = randomStream(seed)
  const pipeline = randomPipeline(random, options)
  const columns = alignColumns(pipeline.inputs, randomFrame(random, 4, pipeline)).map(finiteColumn)
  const background = { columns, rows: Int32Array.of(1, 2, 3) }
  return { pipeline, columns, rows: Int32Array.of(0), background, method: 'auto', output: 'raw', seed: 0 }
}

test('by all coalitions they equal the definition', () => {
  fc.assert(
    fc.property(drawn, (options) => {
      const request = requestOf(options)
      const { attributions, matrices } = explainInteractions({ ...request, method: 'exact' })
      const game = pipelineGame(request).ofRow(0)
      const { nPlayers, nOutputs } = attributions
      const all = [0, 1, 2].map((row) => game.ofAllCoalitions(row))
      const expected = interactionsByEnumeration(nPlayers, (mask) =>
        Array.from({ length: nOutputs }, (_, k) =>
          all.reduce((sum, outputs) => sum + (outputs[mask * nOutputs + k] as number) / 3, 0),
        ),
      ).flat(2)
      const size = Math.max(1, ...expected.map(Math.abs))
      for (const [at, value] of expected.entries())
        expect(Math.abs((matrices[at] as number) - value) / size).toBeLessThan(1e-12)
    }),
    { numRuns: 40, seed: 3 },
  )
})

test('by the strongest method their rows add up to the attributions of the same game', () => {
  const methods = new Set<string>()
  fc.assert(
    fc.property(drawn, (options) => {
      const request = requestOf(options)
      const { attributions, matrices } = explainInteractions(request)
      methods.add(attributions.method)
      const { values } = explainPipeline({ ...request, method: attributions.method })
      const size = Math.max(1, ...values.map(Math.abs))
      const { nPlayers } = attributions
      for (const [at, value] of values.entries()) {
        const row = matrices.subarray(at * nPlayers, (at + 1) * nPlayers)
        const sum = row.reduce((total, each) => total + each, 0)
        expect(Math.abs(sum - value) / size).toBeLessThan(1e-10)
        const game = Math.floor(at / nPlayers)
        for (const [q, each] of row.entries())
          expect(matrices[(game * nPlayers + q) * nPlayers + (at % nPlayers)]).toBe(each)
      }
    }),
    { numRuns: 60, seed: 4 },
  )
  expect([...methods].sort()).toEqual(['exact', 'linear', 'tree'])
})

test('a method without interactions is refused', () => {
  const request = requestOf({ seed: 1, task: 'regression', family: 'trees', nMembers: 1 })
  expect(() => explainInteractions({ ...request, method: 'lime' })).toThrow(MethodUnavailableError)
  expect(() => explainInteractions({ ...request, method: 'linear' })).toThrow(MethodUnavailableError)
})
