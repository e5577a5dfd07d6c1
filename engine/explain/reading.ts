/** One sentence a chart, made from its numbers, for somebody who does not know the method's name. */

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

/** "Fare and sex together explain 61% of what moves this model." Shares are of the mean absolute attributions. */
export function readGlobal(features: readonly { readonly name: string; readonly share: number }[]): string {
  const ranked = features.filter((feature) => feature.share > 0).sort((a, b) => b.share - a.share)
  const [first, second, third] = ranked
  if (!first) return 'No column changes what this model predicts.'
  if (!second || first.share >= 0.5) {
    return `${first.name} alone explains ${percent.format(first.share)} of what moves this model.`
  }
  const two = first.share + second.share
  if (!third || two >= 0.5)
    return `${first.name} and ${second.name} together explain ${percent.format(two)} of what moves this model.`
  const three = two + third.share
  return `${first.name}, ${second.name} and ${third.name} together explain ${percent.format(three)} of what moves this model.`
}

/** "sex and fare together explain 61% of this score: sex raises it, fare lowers it." Values are one row's attributions. */
export function readLocal(names: readonly string[], values: readonly number[]): string {
  const total = values.reduce((sum, value) => sum + Math.abs(value), 0)
  if (!(total > 0)) return 'No column moves this score from the average.'
  const ranked = names
    .map((name, at) => ({ name, value: values[at] ?? 0 }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
  const [first, second] = ranked
  if (!first) return 'No column moves this score from the average.'
  const way = ({ name, value }: { name: string; value: number }) => `${name} ${value > 0 ? 'raises' : 'lowers'} it`
  const share = Math.abs(first.value) / total
  if (!second || second.value === 0 || share >= 0.6) {
    return `${first.name} alone explains ${percent.format(share)} of this score: ${way(first)}.`
  }
  const two = share + Math.abs(second.value) / total
  return `${first.name} and ${second.name} together explain ${percent.format(two)} of this score: ${way(first)}, ${way(second)}.`
}

/** "Shuffling fare costs 0.08 of roc_auc, more than any other column." */
export function readImportance(
  metric: string,
  features: readonly { readonly name: string; readonly mean: number; readonly low: number }[],
): string {
  const ranked = [...features].sort((a, b) => b.mean - a.mean)
  const [first] = ranked
  const certain = ranked.filter((feature) => feature.low > 0)
  if (!first || certain.length === 0) return `Shuffling any single column makes no certain difference to ${metric}.`
  const rest = features.length - certain.length
  const others = rest > 0 ? ` ${rest} of ${features.length} columns make no certain difference.` : ''
  return `Shuffling ${first.name} costs ${significant(first.mean)} of ${metric}, more than any other column.${others}`
}

/** "The prediction rises from 0.21 to 0.74 as fare goes from 0 to 512." */
export function readDependence(
  feature: string,
  grid: readonly (string | number | boolean | null)[],
  mean: readonly number[],
): string {
  if (mean.length === 0) return `There is no value of ${feature} to try.`
  let lowest = 0
  let highest = 0
  for (const [index, value] of mean.entries()) {
    if (value < (mean[lowest] as number)) lowest = index
    if (value > (mean[highest] as number)) highest = index
  }
  const low = significant(mean[lowest] as number)
  const high = significant(mean[highest] as number)
  if (low === high) return `The prediction does not depend on ${feature} by itself.`
  const at = (index: number) =>
    typeof grid[index] === 'number' ? significant(grid[index]) : String(grid[index] ?? 'missing')
  return `On average the prediction is lowest (${low}) at ${feature} = ${at(lowest)} and highest (${high}) at ${at(highest)}.`
}

function significant(value: number): string {
  return String(Number(value.toPrecision(3)))
}
