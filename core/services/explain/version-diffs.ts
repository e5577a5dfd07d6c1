import { readFileSync } from 'node:fs'
import { summariseGraph } from '../../../engine/onnx/graph-summary.ts'
import type { GlobalExplanation } from '../../../shared/domain/explanations.ts'
import type { ModelCard } from '../../../shared/domain/model-card.ts'
import type { SignatureInput, VersionDetail } from '../../../shared/domain/models.ts'
import type { VersionDiff } from '../../../shared/domain/version-diff.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { diffCards } from '../../comparisons/diff-cards.ts'
import type { ModelComparison } from '../../explain/compare-models.ts'
import type { CompareTask } from '../../explain/explain-task.ts'
import type { ResolvedDataset } from '../datasets/datasets-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { ResolvedModel } from '../models/resolve-model.ts'

/** What a diff asks of the services around it. */
export interface DiffSources {
  readonly models: Pick<ModelsService, 'resolve' | 'version' | 'evidence'>
  /** Throws NOT_FOUND. */
  dataset(reference: string): ResolvedDataset
  global(reference: string): Promise<GlobalExplanation>
  compare(task: CompareTask, parts: readonly unknown[]): Promise<ModelComparison>
}

interface Side {
  readonly model: ResolvedModel & { readonly pipelinePath: string }
  readonly detail: VersionDetail
  readonly training: ResolvedDataset | null
}

type Pair = { readonly a: string | null; readonly b: string | null }

/**
 * What differs between two registered versions. Predictions are compared on `data`, or else on the table that the second
 * was trained on.
 */
export async function diffVersions(
  sources: DiffSources,
  references: readonly [string, string],
  data: string | undefined,
): Promise<VersionDiff> {
  const [a, b] = references.map((reference) => sideOf(sources, reference)) as [Side, Side]
  const table = data === undefined ? (b.training ?? a.training) : sources.dataset(data)
  const compared = table ? await comparePredictions(sources, a, b, table) : null
  const [ofA, ofB] = await Promise.all(references.map((reference) => sources.global(reference)))
  return {
    a: headOf(a),
    b: headOf(b),
    parameters: differences(new Map(Object.entries(a.detail.params)), new Map(Object.entries(b.detail.params))).map(
      ({ key, ...pair }) => ({ key, ...pair }),
    ),
    schema: diffSchema(a.detail, b.detail),
    dataset:
      table && compared
        ? {
            label: `${table.dataset.name} / ${table.version}`,
            rows: compared.rows,
            trainedOn: trainedOn(a, b, table),
          }
        : null,
    metrics: compared?.metrics ?? [],
    judged: diffJudged(a.detail, b.detail),
    flipCount: compared?.flipCount ?? 0,
    flips: compared?.flips ?? [],
    shap: diffShares(ofA, ofB),
    data: compared?.data ?? [],
    graph: diffGraphs(a.model.onnxPath, b.model.onnxPath),
    slices: compared?.slices ?? [],
    card: diffCards(cardOf(sources, a), cardOf(sources, b)),
  }
}

function sideOf(sources: DiffSources, reference: string): Side {
  const model = sources.models.resolve(reference)
  if (model.versionId === null || model.pipelinePath === null) {
    throw new MaestroError(
      'INPUT_INVALID',
      `${model.label} is not a version that Maestro has trained, so there is nothing to compare it by.`,
      'Name two registered versions: name/3 or name@alias.',
    )
  }
  return {
    model: { ...model, pipelinePath: model.pipelinePath },
    detail: sources.models.version(reference),
    training: model.datasetVersionId === null ? null : sources.dataset(model.datasetVersionId),
  }
}

function headOf({ model, detail }: Side): VersionDiff['a'] {
  return { label: model.label, digest: detail.digest, task: detail.task, learner: detail.learner }
}

function comparePredictions({ compare }: DiffSources, a: Side, b: Side, table: ResolvedDataset) {
  const moved = a.training && b.training && a.training.digest !== b.training.digest
  return compare(
    {
      kind: 'compare',
      pipelinePath: a.model.pipelinePath,
      otherPipelinePath: b.model.pipelinePath,
      columnFilePath: table.columnFilePath,
      trainingTables: moved ? [a.training.columnFilePath, b.training.columnFilePath] : null,
    },
    [
      'compare',
      2,
      a.model.pipelineDigest,
      b.model.pipelineDigest,
      table.digest,
      a.training?.digest ?? null,
      b.training?.digest ?? null,
    ],
  )
}

function trainedOn(a: Side, b: Side, table: ResolvedDataset): NonNullable<VersionDiff['dataset']>['trainedOn'] {
  const [ofA, ofB] = [a, b].map(({ training }) => training?.digest === table.digest)
  if (ofA) return ofB ? 'both' : 'a'
  return ofB ? 'b' : 'neither'
}

/** Keys whose texts differ, in the order of the first and then of the second. */
function differences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): ({ key: string } & Pair)[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((key) => ({ key, a: a.get(key) ?? null, b: b.get(key) ?? null }))
    .filter((each) => each.a !== each.b)
}

function diffSchema(a: VersionDetail, b: VersionDetail): VersionDiff['schema'] {
  return differences(describeSchema(a), describeSchema(b)).map(({ key, ...pair }) => ({ what: key, ...pair }))
}

function describeSchema({ signature, learner }: VersionDetail): Map<string, string> {
  return new Map([
    ['learner', learner],
    ['task', signature.task],
    ['target', signature.target],
    ['classes', signature.classes.join(', ')],
    ...signature.inputs.map((input): [string, string] => [`column ${input.name}`, describeInput(input)]),
  ])
}

function describeInput({ type, min, max, levels, missingSeen }: SignatureInput): string {
  const range = min === null || max === null ? '' : `, ${min} to ${max}`
  const known = levels === null ? '' : `, ${levels.length} levels: ${[...levels].sort().slice(0, 20).join(', ')}`
  return `${type}${range}${known}${missingSeen ? ', missing seen' : ''}`
}

function diffJudged(a: VersionDetail, b: VersionDetail): VersionDiff['judged'] {
  const [ofA, ofB] = [a, b].map(
    ({ performance }) => new Map((performance?.metrics ?? []).map(({ name, estimate }) => [name as string, estimate])),
  ) as [
    Map<string, { value: number; low: number; high: number }>,
    Map<string, { value: number; low: number; high: number }>,
  ]
  return [...new Set([...ofA.keys(), ...ofB.keys()])].map((name) => ({
    name,
    a: ofA.get(name) ?? null,
    b: ofB.get(name) ?? null,
  }))
}

/** The column whose share changes most comes first. */
function diffShares(a: GlobalExplanation | undefined, b: GlobalExplanation | undefined): VersionDiff['shap'] {
  const [ofA, ofB] = [a, b].map((each) => new Map((each?.features ?? []).map(({ name, share }) => [name, share]))) as [
    Map<string, number>,
    Map<string, number>,
  ]
  return [...new Set([...ofA.keys(), ...ofB.keys()])]
    .map((feature) => ({ feature, a: ofA.get(feature) ?? 0, b: ofB.get(feature) ?? 0 }))
    .sort((one, other) => Math.abs(other.b - other.a) - Math.abs(one.b - one.a))
}

function diffGraphs(a: string, b: string): VersionDiff['graph'] {
  return differences(describeGraph(a), describeGraph(b)).map(({ key, ...pair }) => ({ what: key, ...pair }))
}

function describeGraph(path: string): Map<string, string> {
  const { operators, inputs, outputs, constantBytes, bytes } = summariseGraph(readFileSync(path))
  return new Map([
    ['inputs', inputs.join(', ')],
    ['outputs', outputs.join(', ')],
    ['file size in bytes', String(bytes)],
    ['constants in bytes', String(constantBytes)],
    ...[...operators].map(([name, count]): [string, string] => [name, `${count} nodes`]),
  ])
}

function cardOf({ models }: DiffSources, { detail }: Side): ModelCard | null {
  return models.evidence(detail.id, 'card') as ModelCard | null
}
