import { expect, test } from 'vitest'
import { enumerateCoalitions } from '../../../../engine/explain/coalition-shap.ts'
import { explainGames } from '../../../../engine/explain/explain-games.ts'
import { explainPipeline } from '../../../../engine/explain/explain-pipeline.ts'
import type { Hierarchy } from '../../../../engine/explain/hierarchy.ts'
import { enumerateOwen } from '../../../../engine/explain/owen-values.ts'
import { pipelineGame } from '../../../../engine/explain/pipeline-game.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import { alignColumns } from '../../../../engine/pipeline/align-columns.ts'
import type { Pipeline, PipelineMember } from '../../../../engine/pipeline/pipeline.ts'
import { randomStream } from '../../../../engine/random.ts'
import { fc } from '../../../fixtures/properties.ts'
import { randomFrame, randomPipeline } from '../../../fixtures/random-pipelines.ts'

/** Infinities have no attributions; beside numbers that are near them, all others drown in the rounding of a sum. */
function finiteColumn(column: Column): Column {
  if (column.storage === 'codes') return column
  return { ...column, values: column.values.map((value) => (Math.abs(value) > 1e9 ? Number.NaN : value)) }
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
    method: 'exact' as 'exact' | 'sampling',
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

/** The row's values by enumerating the whole ensemble, and what errors are measured by. */
function enumerated(request: ReturnType<typeof drawnRequest>, row: number) {
  const games = pipelineGame(request)
  const { values } = enumerateCoalitions(games.ofRow(row))
  return { values, size: values.reduce((sum, value) => sum + Math.abs(value), Math.abs(games.baseValues[0] as number)) }
}

test('sampling leaves out the members that are solved apart, and errs the less', () => {
  let ofWhole = 0
  let ofRest = 0
  for (const seed of [11, 14]) {
    const drawn = drawnRequest(seed, 'binary')
    // Mostly a forest, which has a solution of its own; neighbours have none.
    const members = drawn.pipeline.members.flatMap((member) =>
      member.learner === 'forest' || member.learner === 'neighbours'
        ? [{ ...member, weight: member.learner === 'forest' ? 0.9 : 0.1 }]
        : [],
    )
    const request = { ...drawn, pipeline: { ...drawn.pipeline, members }, method: 'sampling' as const, rounds: 4 }
    const nPlayers = request.pipeline.inputs.length
    const attributions = explainPipeline(request)
    expect(attributions).toMatchObject({ method: 'sampling', exact: false })
    const whole = explainGames('sampling', pipelineGame(request), nPlayers, 'raw', request)
    const { values, size } = enumerated(request, 7)
    for (const [player, value] of values.entries()) {
      const at = 7 * nPlayers + player
      const error = attributions.standardErrors?.[at] as number
      // Five standard errors, and what a few hundred orders miss of a column that hardly ever makes a difference.
      expect(Math.abs((attributions.values[at] as number) - value)).toBeLessThan(5 * error + 1e-4 * size)
      ofRest += error ** 2
      ofWhole += (whole.standardErrors?.[at] as number) ** 2
    }
  }
  expect(ofRest).toBeLessThan(0.8 * ofWhole)
})

/** Every worth of the whole, by which values are told from rounding. */
function expectClose(actual: Float64Array, wanted: Float64Array, size: number): void {
  for (const [at, value] of wanted.entries()) {
    expect(Math.abs((actual[at] as number) - value) / Math.max(1, size)).toBeLessThan(1e-12)
  }
}

test('within groups of columns sums are solved apart too', () => {
  const drawn = drawnRequest(3, 'regression')
  const pairs = { left: { left: 0, right: 5 }, right: { left: 2, right: 7 } }
  const hierarchy: Hierarchy = { left: pairs, right: { left: { left: 1, right: 3 }, right: { left: 4, right: 6 } } }
  const request = { ...drawn, hierarchy }
  const { values, nPlayers } = explainPipeline(request)
  const { size } = enumerated(request, 7)
  const owen = enumerateOwen(pipelineGame(request).ofRow(7), hierarchy).values
  expectClose(values.subarray(7 * nPlayers, 8 * nPlayers), owen, size)
})

test('members of a stacked regression are solved apart, since its second layer is a sum', () => {
  const drawn = drawnRequest(4, 'regression')
  const request = { ...drawn, pipeline: { ...drawn.pipeline, secondLayer: { intercept: [3.5] } } }
  const { values, nPlayers } = explainPipeline(request)
  const { values: wanted, size } = enumerated(request, 0)
  expectClose(values.subarray(0, nPlayers), wanted, size)
})
