import { describe, expect, test } from 'vitest'
import { explainPipeline, strongestMethod } from '../../../../engine/explain/explain-pipeline.ts'
import type { Column } from '../../../../engine/frame/frame.ts'
import { applyLink } from '../../../../engine/pipeline/apply-link.ts'
import { mergeMembers } from '../../../../engine/pipeline/merge-members.ts'
import type { Pipeline, PipelineMember } from '../../../../engine/pipeline/pipeline.ts'
import { predictPipelineColumns, scoreModel } from '../../../../engine/pipeline/predict-pipeline.ts'
import { transformColumns } from '../../../../engine/preprocess/transform-columns.ts'
import { randomStream } from '../../../../engine/random.ts'
import { type RandomPipelineOptions, randomFrame, randomPipeline } from '../../../fixtures/random-pipelines.ts'
import { shapleyByEnumeration } from '../../../fixtures/shapley-by-enumeration.ts'

const all = (n: number) => Int32Array.from({ length: n }, (_, row) => row)

/** Extreme cells would make sums of squares of 10^76, beside which nothing else can be told. */
function tame(columns: readonly Column[]): Column[] {
  return columns.map((column) =>
    column.storage === 'float64' && column.type === 'number'
      ? { ...column, values: column.values.map((value) => (Math.abs(value) < 10 ? value : Number.NaN)) }
      : column,
  )
}

/** The explained row's cells where the player is known, else those of the background row, as raw columns of one row each. */
function mixed(own: readonly Column[], row: number, others: readonly Column[], other: number, mask: number): Column[] {
  return own.map((column, player) => {
    const source = (mask >>> player) & 1 ? { from: column, at: row } : { from: others[player] as Column, at: other }
    const { from, at } = source
    return from.storage === 'codes'
      ? { ...from, codes: from.codes.slice(at, at + 1) }
      : { ...from, values: from.values.slice(at, at + 1) }
  })
}

const cases: readonly RandomPipelineOptions[] = (['additive', 'neighbours', 'network'] as const).flatMap((family) =>
  (['binary', 'multiclass', 'regression'] as const).map((task) => ({ family, task, nMembers: 1 })),
)

describe('explanations by the strongest method equal the enumeration over raw columns', () => {
  test.each(cases.map((options) => [`${options.family} ${options.task}`, options] as const))('%s', (_name, options) => {
    const random = randomStream(51, cases.indexOf(options))
    const pipeline = randomPipeline(random, options)
    const columns = tame(randomFrame(random, 2, pipeline).columns)
    const background = tame(randomFrame(random, 3, pipeline).columns)
    const [member] = pipeline.members as readonly [PipelineMember]
    const isScore = options.family === 'additive'
    const output = isScore ? 'raw' : 'probability'
    const explained = explainPipeline({
      pipeline,
      columns,
      rows: all(2),
      background: { columns: background, rows: all(3) },
      method: 'auto',
      output,
      seed: 1,
    })
    expect(explained.method).toBe(isScore ? 'linear' : 'exact')
    const answer = (cells: readonly Column[]): Float64Array => {
      if (isScore) {
        return scoreModel(member.model, transformColumns(cells, member.encoders, member.features, all(1)))
      }
      const { values } = predictPipelineColumns(pipeline, cells, all(1))
      return pipeline.task === 'binary' ? values.slice(1) : values
    }
    const nPlayers = pipeline.inputs.length
    const worth = (mask: number) => {
      const answers = [0, 1, 2].map((other) => answer(mixed(columns, 1, background, other, mask)))
      return Float64Array.from(answers[0] as Float64Array, (_, k) =>
        answers.reduce((sum, of) => sum + (of[k] as number) / 3, 0),
      )
    }
    const expected = shapleyByEnumeration(nPlayers, worth).flat()
    const ofSecondRow = explained.values.slice(explained.values.length / 2)
    const size = Math.max(1, ...explained.scores.map(Math.abs))
    for (const [at, value] of expected.entries()) {
      expect(Math.abs((ofSecondRow[at] as number) - value) / size).toBeLessThan(1e-10)
    }
  })
})

test('neighbours and networks have no closed form, whatever is asked', () => {
  const pipeline = randomPipeline(randomStream(1), { family: 'network', task: 'regression', nMembers: 2 })
  expect(strongestMethod({ pipeline, output: 'raw' })).toBe('exact')
})

test('merged additive members score as the weighted mean of their scores', () => {
  const random = randomStream(61)
  const pipeline = randomPipeline(random, { family: 'additive', task: 'multiclass', nMembers: 3 })
  const columns = tame(randomFrame(random, 50, pipeline).columns)
  const scoresOf = ({ model, encoders, features }: PipelineMember) =>
    scoreModel(model, transformColumns(columns, encoders, features, all(50)))
  const merged = mergeMembers(pipeline.members) as PipelineMember
  const actual = scoresOf(merged)
  const parts = pipeline.members.map((member) => ({ scores: scoresOf(member), weight: member.weight }))
  for (const [at, score] of actual.entries()) {
    const mean = parts.reduce((sum, { scores, weight }) => sum + weight * (scores[at] as number), 0)
    expect(Math.abs(score - mean) / Math.max(1, Math.abs(mean))).toBeLessThan(1e-12)
  }
  const probabilities = applyLink(actual, merged.model.nOutputs, merged.model.link)
  const single: Pipeline = { ...pipeline, members: [{ ...merged, weight: 1 }] }
  expect(predictPipelineColumns(single, columns, all(50)).values).toEqual(probabilities)
})
