import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { partialDependence } from '../../../../engine/explain/partial-dependence.ts'
import { partialDependenceOfPair } from '../../../../engine/explain/partial-dependence-of-pair.ts'
import { permutationImportance } from '../../../../engine/explain/permutation-importance.ts'
import { computeMetric, type MetricName } from '../../../../engine/metrics/metrics.ts'
import { allRows, numericColumns, numericPipeline } from '../../../fixtures/numeric-pipeline.ts'
import { ensembleOf, type PlainTrees } from '../../../fixtures/plain-trees.ts'

interface Dependence {
  readonly feature: number | readonly [number, number]
  readonly grid: readonly (readonly number[])[]
  readonly average: readonly number[] | readonly (readonly number[])[]
  readonly individual?: readonly (readonly number[])[]
}

interface Inspection {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly number[]
  readonly partial_dependence: readonly Dependence[]
  readonly permutation_importance: {
    readonly baseline: number
    readonly importances: readonly (readonly number[])[]
    readonly orders: readonly (readonly (readonly number[])[])[]
  }
}

const folder = resolve('../shared/reference/shap')

/** scikit-learn scores so that greater is better; the sign is that of its score against the metric's. */
const inspections = [
  { name: 'gb-regression', task: 'regression', link: 'identity', metric: 'rmse', sign: -1, pairs: 1 },
  { name: 'forest-binary', task: 'binary', link: 'probability', metric: 'roc_auc', sign: 1, pairs: 0 },
] as const satisfies readonly { metric: MetricName; [key: string]: unknown }[]

describe.skipIf(!existsSync(folder)).each(inspections)(
  'scikit-learn’s inspection of $name (skipped where ../shared is not there)',
  ({ name, task, link, metric, sign, pairs }) => {
    const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown
    const load = () => {
      const inspection = read(`inspect-${name}.json`) as Inspection
      const pipeline = numericPipeline({ ...ensembleOf(read(`trees/${name}.json`) as PlainTrees), link }, task)
      return { inspection, pipeline, columns: numericColumns(inspection.x), rows: allRows(inspection.x.length) }
    }

    test('partial dependence and single curves', () => {
      const { inspection, ...request } = load()
      let checked = 0
      for (const { feature, grid, average, individual } of inspection.partial_dependence) {
        if (typeof feature !== 'number') continue
        const ours = partialDependence({ ...request, input: feature, ice: true, values: grid[0] as number[] })
        expect(ours.grid).toEqual(grid[0])
        expectClose(ours.mean[0] ?? [], average as number[])
        expectClose(ours.curves?.flat() ?? [], individual?.flat() ?? [])
        checked++
      }
      expect(checked).toBe(3)
    })

    test.skipIf(pairs === 0)('partial dependence of pairs (none stored for the forest)', () => {
      const { inspection, ...request } = load()
      let checked = 0
      for (const { feature, grid, average } of inspection.partial_dependence) {
        if (typeof feature === 'number') continue
        const values = [grid[0] as number[], grid[1] as number[]] as const
        const ours = partialDependenceOfPair({ ...request, inputs: feature, values })
        expectClose(ours.mean[0]?.flat() ?? [], average.flat())
        checked++
      }
      expect(checked).toBe(pairs)
    })

    test('permutation importance in scikit-learn’s orders', () => {
      const { inspection, ...request } = load()
      const labels = Float64Array.from(inspection.y)
      const { baseline, importances, orders } = inspection.permutation_importance
      // One repeat at a time, since only their mean is given.
      for (let repeat = 0; repeat < 5; repeat++) {
        const ours = permutationImportance({
          ...request,
          metric: (predictions) => computeMetric(metric, labels, predictions, 0.5),
          lessIsBetter: sign === -1,
          repeats: 1,
          seed: 0,
          orders: orders.map((each) => [each[repeat] as readonly number[]]),
        })
        expect(Math.abs(sign * ours.baseline - baseline)).toBeLessThanOrEqual(1e-12)
        for (const [f, { mean }] of ours.features.entries()) {
          expect(Math.abs(mean - (importances[f]?.[repeat] as number))).toBeLessThanOrEqual(1e-12)
        }
      }
    })
  },
)

/** 1e-9 relative: scikit-learn averages in another order. */
function expectClose(actual: readonly number[], wanted: readonly number[]): void {
  expect(actual).toHaveLength(wanted.length)
  for (const [at, value] of wanted.entries()) {
    expect(Math.abs((actual[at] as number) - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)))
  }
}
