import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Our time as a share of another tool's for the same work, and what it may be at most. */
export interface TimeRatio {
  readonly name: string
  readonly ratio: number
  readonly bar: number
}

interface Measured {
  readonly name: string
  readonly wallRatio?: number
  readonly ratio?: number
  readonly bar: number | { readonly timeRatio: number } | null
}

/** Each file of stored results that compares times, under which key it lists them, and what they are compared with. */
const sources = [
  { file: 'gbdt-training.json', key: 'settings', what: 'boosting, {}, LightGBM' },
  { file: 'learners-training.json', key: 'results', what: '{}, scikit-learn' },
  { file: 'scoring.json', key: 'results', what: 'scoring 1M rows by {}, LightGBM' },
  { file: 'tree-shap.json', key: 'contests', what: 'TreeSHAP, {}, shap' },
] as const

/** All comparisons that have a bar, from the folder of stored results. */
export function trainingRatios(folder: string): TimeRatio[] {
  return sources.flatMap(({ file, key, what }) => {
    const path = join(folder, file)
    if (!existsSync(path)) return []
    const measured = (JSON.parse(readFileSync(path, 'utf8')) as Record<string, readonly Measured[]>)[key] ?? []
    return measured.flatMap(({ name, wallRatio, ratio = wallRatio, bar }) => {
      const most = typeof bar === 'number' ? bar : bar?.timeRatio
      return most === undefined || ratio === undefined ? [] : [{ name: what.replace('{}', name), ratio, bar: most }]
    })
  })
}
