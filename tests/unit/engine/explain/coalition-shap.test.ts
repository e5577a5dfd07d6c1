import { expect, test } from 'vitest'
import type { CoalitionGame } from '../../../../engine/explain/coalition-shap.ts'
import { enumerateCoalitions, sampleCoalitions } from '../../../../engine/explain/coalition-shap.ts'
import { interventionalTreeShap } from '../../../../engine/explain/interventional-tree-shap.ts'
import { randomStream } from '../../../../engine/random.ts'
import { randomMatrix, randomTrees, scoreByDescent } from '../../../fixtures/random-trees.ts'

const nPlayers = 6
const random = randomStream(21)
const model = randomTrees(random, { nFeatures: nPlayers, nTrees: 6, depth: 4, nOutputs: 2 })
const matrix = randomMatrix(random, 4, nPlayers)
const background = randomMatrix(random, 20, nPlayers)
const exact = interventionalTreeShap(model, matrix, background)

function gameOf(row: number): CoalitionGame {
  const evaluate: CoalitionGame['evaluate'] = (fromRow, backgroundOf, count) => {
    const outputs = new Float64Array(count * model.nOutputs)
    for (let i = 0; i < count; i++) {
      const scores = scoreByDescent(model, (feature) => {
        const known = fromRow[i * nPlayers + feature] === 1
        return (
          known ? matrix.columns[feature]?.[row] : background.columns[feature]?.[backgroundOf[i] as number]
        ) as number
      })
      outputs.set(scores, i * model.nOutputs)
    }
    return outputs
  }
  const against = (other: number, count: number, isMember: (coalition: number, player: number) => boolean) =>
    evaluate(
      Uint8Array.from({ length: count * nPlayers }, (_, at) =>
        isMember(Math.floor(at / nPlayers), at % nPlayers) ? 1 : 0,
      ),
      new Int32Array(count).fill(other),
      count,
    )
  return {
    nPlayers,
    nOutputs: model.nOutputs,
    nBackground: background.nRows,
    evaluate,
    ofAllCoalitions: (other) => against(other, 1 << nPlayers, (mask, player) => ((mask >>> player) & 1) === 1),
    alongOrder: (other, position) =>
      against(other, nPlayers + 1, (step, player) => (position[player] as number) < step),
  }
}

test('the enumeration equals interventional TreeSHAP', () => {
  for (let row = 0; row < matrix.nRows; row++) {
    const { values } = enumerateCoalitions(gameOf(row))
    const wanted = exact.subarray(row * values.length, (row + 1) * values.length)
    for (const [at, value] of values.entries()) expect(Math.abs(value - (wanted[at] as number))).toBeLessThan(1e-12)
  }
})

test('samples lie within five standard errors of the exact values, add up exactly, and repeat with their seed', () => {
  for (let row = 0; row < matrix.nRows; row++) {
    const { values, standardErrors } = sampleCoalitions(gameOf(row), { seed: row, rounds: 10 })
    const wanted = exact.subarray(row * values.length, (row + 1) * values.length)
    for (const [at, value] of values.entries()) {
      // The background is sampled evenly, so where a player never matters the error is zero up to rounding.
      expect(Math.abs(value - (wanted[at] as number))).toBeLessThanOrEqual(5 * (standardErrors[at] as number) + 1e-12)
    }
    for (let k = 0; k < model.nOutputs; k++) {
      const sum = (of: Float64Array) =>
        of.subarray(k * nPlayers, (k + 1) * nPlayers).reduce((total, value) => total + value, 0)
      expect(Math.abs(sum(values) - sum(wanted))).toBeLessThan(1e-12)
    }
    expect(sampleCoalitions(gameOf(row), { seed: row, rounds: 10 }).values).toEqual(values)
  }
})
