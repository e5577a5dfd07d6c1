import type { Frame } from '../../engine/frame/frame.ts'
import { summariseGraph } from '../../engine/onnx/graph-summary.ts'
import { readOnnxMetadata } from '../../engine/onnx/metadata.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import { predictPipeline } from '../../engine/pipeline/predict-pipeline.ts'
import type { RebuildDifference } from '../../shared/domain/recipes.ts'

/** More would not tell more. */
const mostDifferences = 40
const longestText = 200

/** What is not as it was: parts of the pipeline by their path, at most forty, each array once with how much of it differs. */
export function comparePipelines(recorded: Pipeline, rebuilt: Pipeline): RebuildDifference[] {
  const found: RebuildDifference[] = []
  compareValues('pipeline', recorded, rebuilt, found)
  return found
}

/** What differs between two ONNX files: size, metadata, operators, and where the bytes part. */
export function compareFiles(recorded: Uint8Array, rebuilt: Uint8Array): RebuildDifference[] {
  const found: RebuildDifference[] = []
  const [was, is] = [readOnnxMetadata(recorded), readOnnxMetadata(rebuilt)]
  note(found, 'producer', `${was.producer} ${was.producerVersion}`, `${is.producer} ${is.producerVersion}`)
  for (const key of new Set([...Object.keys(was.properties), ...Object.keys(is.properties)])) {
    note(found, `metadata ${key}`, was.properties[key] ?? 'not there', is.properties[key] ?? 'not there')
  }
  const [graphWas, graphIs] = [summariseGraph(recorded), summariseGraph(rebuilt)]
  for (const operator of new Set([...graphWas.operators.keys(), ...graphIs.operators.keys()])) {
    const [before, now] = [graphWas, graphIs].map(({ operators }) => `${operators.get(operator) ?? 0} nodes`)
    note(found, `graph ${operator}`, before as string, now as string)
  }
  note(found, 'file size', `${recorded.length} bytes`, `${rebuilt.length} bytes`)
  const at = recorded.findIndex((byte, index) => byte !== rebuilt[index])
  if (at >= 0) {
    const differing = recorded.reduce((sum, byte, index) => sum + (byte === rebuilt[index] ? 0 : 1), 0)
    found.push({
      what: 'file bytes',
      recorded: `byte ${at} is ${recorded[at]}`,
      rebuilt: `byte ${at} is ${rebuilt[at] ?? 'not there'}; ${differing} bytes differ in all`,
    })
  }
  return found
}

/** What the differences do to predictions of the training rows. */
export function comparePredictions(recorded: Pipeline, rebuilt: Pipeline, frame: Frame): RebuildDifference {
  const [was, is] = [predictPipeline(recorded, frame), predictPipeline(rebuilt, frame)]
  let largest = 0
  for (const [at, value] of was.values.entries()) {
    largest = Math.max(largest, Math.abs(value - (is.values[at] ?? Number.NaN)))
  }
  return {
    what: 'predictions',
    recorded: `of ${was.nRows} rows`,
    rebuilt: largest === 0 ? 'the same' : `the largest difference is ${largest}`,
  }
}

function compareValues(path: string, was: unknown, is: unknown, found: RebuildDifference[]): void {
  if (found.length >= mostDifferences || Object.is(was, is)) return
  if (ArrayBuffer.isView(was) && ArrayBuffer.isView(is)) {
    compareArrays(path, was as unknown as ArrayLike<number>, is as unknown as ArrayLike<number>, found)
    return
  }
  if (typeof was !== 'object' || typeof is !== 'object' || was === null || is === null) {
    note(found, path, textOf(was), textOf(is))
    return
  }
  const [before, now] = [was as Record<string, unknown>, is as Record<string, unknown>]
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    compareValues(`${path}.${key}`, before[key], now[key], found)
  }
}

function compareArrays(path: string, was: ArrayLike<number>, is: ArrayLike<number>, found: RebuildDifference[]): void {
  if (was.length !== is.length) {
    note(found, path, `${was.length} numbers`, `${is.length} numbers`)
    return
  }
  let first = -1
  let differing = 0
  for (let at = 0; at < was.length; at++) {
    if (Object.is(was[at], is[at])) continue
    if (first < 0) first = at
    differing += 1
  }
  if (differing === 0) return
  const how = `${differing} of ${was.length} numbers differ; number ${first} is `
  found.push({
    what: path,
    recorded: `${how}${numberText(was[first] as number)}`,
    rebuilt: `${how}${numberText(is[first] as number)}`,
  })
}

/** Negative zero is other bytes than zero. */
function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function note(found: RebuildDifference[], what: string, recorded: string, rebuilt: string): void {
  if (recorded === rebuilt) return
  found.push({ what, recorded: shortened(recorded), rebuilt: shortened(rebuilt) })
}

function textOf(value: unknown): string {
  if (value === undefined) return 'not there'
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function shortened(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text
}
