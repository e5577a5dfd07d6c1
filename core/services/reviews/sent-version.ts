import * as z from 'zod'
import { parsePipeline } from '../../../engine/pipeline/serialise-pipeline.ts'
import { globalExplanation, importance } from '../../../shared/domain/explanations.ts'
import type { ModelCard } from '../../../shared/domain/model-card.ts'
import { modelCard } from '../../../shared/domain/model-card.ts'
import { signature } from '../../../shared/domain/models.ts'
import { parityCertificate, performance } from '../../../shared/domain/training.ts'
import { digest, metricName, task } from '../../../shared/domain/values.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { PackageReader } from '../../packages/package-file.ts'

/** What a version in a package says of itself. Only what fits is taken. */
const versionRecord = z.object({
  digest,
  task,
  learner: z.string().max(200),
  signature,
  params: z.record(z.string(), z.string()),
  metric: metricName.nullable(),
  score: z.number().nullable(),
  scoreLow: z.number().nullable(),
  scoreHigh: z.number().nullable(),
})

/** Evidence that the window shows, each with the form that it must have. */
const evidenceForms: Readonly<Record<string, z.ZodType>> = {
  parity: parityCertificate,
  performance,
  explanation: globalExplanation,
  importance,
}

/** What a package has about a version besides its model, in the forms that this workspace knows. */
export interface SentVersion {
  readonly record: z.infer<typeof versionRecord>
  readonly card: ModelCard | null
  readonly pipeline: Buffer | null
  readonly evidence: readonly { readonly kind: string; readonly text: string }[]
}

/** Reads what a folder of a package says of the version in it. Throws PACKAGE_INVALID where anything has another form. */
export function readSentVersion(reader: PackageReader, folder: string): SentVersion {
  const optional = <Value>(name: string, form: z.ZodType<Value>) =>
    reader.size(`${folder}${name}`) === undefined ? null : readForm(reader, `${folder}${name}`, form)
  return {
    record: readForm(reader, `${folder}version.json`, versionRecord),
    card: optional('evidence/card.json', modelCard),
    pipeline: readPipeline(reader, `${folder}pipeline.json`),
    evidence: Object.entries(evidenceForms).flatMap(([kind, form]) => {
      const value = optional(`evidence/${kind}.json`, form)
      return value === null ? [] : [{ kind, text: JSON.stringify(value) }]
    }),
  }
}

/** Only a pipeline that the engine can read. */
function readPipeline(reader: PackageReader, name: string): Buffer | null {
  if (reader.size(name) === undefined) return null
  const bytes = reader.read(name)
  try {
    parsePipeline(bytes.toString('utf8'))
  } catch {
    throw new MaestroError('PACKAGE_INVALID', 'The pipeline in the package cannot be read.', 'Ask for it again.')
  }
  return bytes
}

function readForm<Value>(reader: PackageReader, name: string, form: z.ZodType<Value>): Value {
  const parsed = form.safeParse(parseJson(reader.read(name)))
  if (parsed.success) return parsed.data
  throw new MaestroError('PACKAGE_INVALID', `${name} in the package does not have its form.`, 'Ask for it again.')
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
