import { createHash } from 'node:crypto'

/**
 * What an answer about a model is kept under: model, tables, method and parameters by content, so that a change of any of
 * them is another answer. The number is raised when the answer to the same question changes.
 */
export function explanationKey(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** Digests of the pipeline and of the table that it is asked about. */
export interface Asked {
  readonly pipeline: string | null
  readonly table: string
}

/** From a model and a table as services resolve them. */
export function askedOf(
  { pipelineDigest }: { readonly pipelineDigest: string | null },
  { digest }: { readonly digest: string },
): Asked {
  return { pipeline: pipelineDigest, table: digest }
}

export const globalParts = ({ pipeline, table }: Asked, background: string) => [
  'global',
  3,
  pipeline,
  table,
  background,
]
export const importanceParts = (
  { pipeline, table }: Asked,
  metric: string,
  repeats: number,
  onTrainingRows: boolean,
) => ['importance', 3, pipeline, table, metric, repeats, onTrainingRows]
export const dependenceParts = ({ pipeline, table }: Asked, feature: string, ice: boolean) => [
  'dependence',
  2,
  pipeline,
  table,
  feature,
  ice,
]
export const effectsParts = ({ pipeline, table }: Asked, feature: string) => ['effects', 2, pipeline, table, feature]
export const pairParts = ({ pipeline, table }: Asked, features: readonly [string, string]) => [
  'pair',
  2,
  pipeline,
  table,
  features,
]
export const interactionsParts = ({ pipeline, table }: Asked, background: string) => [
  'interactions',
  4,
  pipeline,
  table,
  background,
]
export const redundancyParts = ({ pipeline, table }: Asked) => ['redundancy', 1, pipeline, table]
export const surrogateParts = ({ pipeline, table }: Asked, ofClass: string | null, leaves: number) => [
  'surrogate',
  2,
  pipeline,
  table,
  ofClass,
  leaves,
]
