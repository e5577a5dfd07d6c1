import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { enumerateCoalitions } from '../../../../engine/explain/coalition-shap.ts'
import { explainPipeline } from '../../../../engine/explain/explain-pipeline.ts'
import { pipelineGame } from '../../../../engine/explain/pipeline-game.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import { alignColumns } from '../../../../engine/pipeline/align-columns.ts'
import type { Pipeline, PipelineMember } from '../../../../engine/pipeline/pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomFrame, randomPipeline } from '../../../fixtures/random-pipelines.ts'

/** Infinities have no attributions. */
function finiteColumn(column: Column): Column {
  if (column.storage === 'codes') return column
  return { ...column, values: column.values.map((value) => (Math.abs(value) === Infinity ? Number.NaN : value)) }
}

/** A linear regression in the target's own unit: behind exp its random scores would be infinite. */
function weighted(member: PipelineMember, task: string, weight: number): PipelineMember {
  const { model } = member
  return task === 'regression' && model.kind === 'linear'
    ? { ...member, weight, model: { ...model, link: 'identity' } }
    : { ...member, weight }
}

const nRows = 10
const nBackground = 100

/** Families that have an exact explanation of their own beside ones that have none, in one ensemble. */
function drawnRequest(seed: number, task: 'binary' | 'regression') {
  const random = randomStream(seed)
  const families = ['forest', 'trees', 'neighbours', 'linear'] as const
  const pipelines = families.map((family) => randomPipeline(random, { task, family, nMembers: 1, depth: 3 }))
  const members = pipelines.flatMap((each, at) => each.members.map((member) => weighted(member, task, (at + 1) / 10)))
  const pipeline: Pipeline = { ...(pipelines[0] as Pipeline), members }
  const columns = alignColumns(pipeline.inputs, randomFrame(random, nRows + nBackground, pipeline)).map(finiteColumn)
  return {
    pipeline,
    columns,
    rows: Int32Array.from({ length: nRows }, (_, row) => row),
    background: { columns, rows: Int32Array.from({ length: nBackground }, (_, row) => nRows + row) },
    method: 'exact' as const,
    output: 'raw' as const,
    seed: 0,
  }
}

test('members solved apart add up to the enumeration of the whole ensemble', () => {
  let differs = 0
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom('binary', 'regression'), (seed, task) => {
      const request = drawnRequest(seed, task)
      const attributions = explainPipeline(request)
      expect(attributions).toMatchObject({ method: 'exact', exact: true })
      const nPlayers = request.pipeline.inputs.length
      const games = pipelineGame(request)
      for (const row of [0, 7]) {
        const { values } = enumerateCoalitions(games.ofRow(row))
        const actual = attributions.values.subarray(row * nPlayers, (row + 1) * nPlayers)
        const size = values.reduce((sum, value) => sum + Math.abs(value), Math.abs(games.baseValues[0] as number))
        for (const [at, value] of values.entries()) {
          // Rounding of what was summed.
          expect(Math.abs((actual[at] as number) - value) / Math.max(1, size)).toBeLessThan(1e-12)
          if (actual[at] !== value) differs += 1
        }
      }
    }),
    { numRuns: 4 },
  )
  // Were all bits the same, nothing would have been solved apart.
  expect(differs).toBeGreaterThan(0)
})
