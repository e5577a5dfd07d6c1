import { writeFileSync } from 'node:fs'
import * as z from 'zod'
import { parsePipeline } from '../../../engine/pipeline/serialise-pipeline.ts'
import { globalExplanation, importance } from '../../../shared/domain/explanations.ts'
import { modelCard } from '../../../shared/domain/model-card.ts'
import { signature } from '../../../shared/domain/models.ts'
import type { OpenedReview, ReviewFinding, ReviewIndex } from '../../../shared/domain/reviews.ts'
import { parityCertificate, performance } from '../../../shared/domain/training.ts'
import { digest, metricName, task } from '../../../shared/domain/values.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { PackageReader } from '../../packages/package-file.ts'
import { openPackage } from '../../packages/package-file.ts'
import type { CardsService } from '../cards/cards-service.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import { admitModel } from '../quarantine/admit-model.ts'
import type { QuarantineService } from '../quarantine/quarantine-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import { withScratchFile } from '../with-scratch-file.ts'
import { itemsFolder, productionFolder } from './review-package.ts'
import { keepRows } from './sample-rows.ts'

/** The tag by which a version that came in a package is found again: the digest of its manifest. */
const packageTag = 'review-package'

const cardName = 'evidence/card.json'

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

interface Services {
  readonly context: ServiceContext
  readonly models: ModelsService
  readonly datasets: Pick<DatasetService, 'import'>
  readonly cards: Pick<CardsService, 'takeIn'>
  readonly quarantine: QuarantineService
}

/**
 * Takes the model of a package, and the one that it replaces, into this workspace as versions of "NAME (review)", so that
 * every page works on them, on the rows that came along. Both pass quarantine first. The package has been checked against
 * its signature.
 */
export async function keepForReview(
  services: Services,
  file: string,
  index: ReviewIndex,
  actor: Actor,
): Promise<{ findings: ReviewFinding[]; kept: OpenedReview['kept'] }> {
  const reader = openPackage(file)
  try {
    const { model, version, manifestDigest } = index.approval
    const folders = [itemsFolder, ...(index.replaces ? [productionFolder] : [])]
    const signatures = folders.map((folder) => readForm(reader, `${folder}version.json`, versionRecord).signature)
    const name = nameFor(model)
    const rows = await keepRows(services, reader, { name: `${name} rows`, models: signatures })
    const { datasetVersionId } = rows
    const replaced = index.replaces && { model, version: index.replaces.version, tag: null, datasetVersionId }
    const before = replaced && (await keep(services, reader, productionFolder, replaced, actor))
    const about = { model, version, tag: manifestDigest, datasetVersionId }
    const own = await keep(services, reader, itemsFolder, about, actor)
    return {
      findings: rows.findings,
      kept: { model: own.name, version: own.version, replaces: before?.version ?? null },
    }
  } catch (error) {
    if (!(error instanceof MaestroError && (error.code === 'MODEL_REJECTED' || error.code === 'PACKAGE_INVALID'))) {
      throw error
    }
    return { findings: [{ code: 'QUARANTINE', severity: 'error', message: error.message }], kept: null }
  } finally {
    reader.close()
  }
}

async function keep(
  { context, models, cards, quarantine }: Services,
  reader: PackageReader,
  folder: string,
  about: {
    readonly model: string
    readonly version: number
    readonly tag: string | null
    readonly datasetVersionId: string | null
  },
  actor: Actor,
): Promise<{ name: string; version: number }> {
  const name = nameFor(about.model)
  const record = readForm(reader, `${folder}version.json`, versionRecord)
  const there = known(models, name).find(
    (each) =>
      each.digest === record.digest &&
      (about.tag === null || each.tags[packageTag] === about.tag) &&
      // The same again, but this time with rows, is more than is there.
      (about.datasetVersionId === null || models.version(each.id).dataset?.versionId === about.datasetVersionId),
  )
  if (there) return { name, version: there.version }
  const admitted = await withScratchFile(context, '.onnx', (path) => {
    writeFileSync(path, reader.read(`${folder}model.onnx`), { mode: 0o600 })
    return admitModel(context, quarantine, { path, name: `${about.model}/${about.version}` })
  })
  // Who reviews reads the card that was sent, not one that is made here. Read first: a bad one must leave nothing behind.
  const card =
    reader.size(`${folder}${cardName}`) === undefined ? null : readForm(reader, `${folder}${cardName}`, modelCard)
  const { version, id } = models.createVersion({
    name,
    description: `From a review package: ${about.model} / ${about.version}.`,
    onnx: admitted.onnx,
    pipelineDigest: storePipeline(context, reader, folder),
    task: record.task,
    learner: record.learner,
    signature: record.signature,
    params: record.params,
    metric: record.metric,
    score:
      record.score === null
        ? null
        : { value: record.score, low: record.scoreLow ?? record.score, high: record.scoreHigh ?? record.score },
    source: { kind: 'file', file: `${about.model}-${about.version}.maestro` },
    datasetVersionId: about.datasetVersionId,
    evidence: [
      { kind: 'quarantine', digest: admitted.quarantine.digest, bytes: admitted.quarantine.bytes },
      ...storeEvidence(context, reader, folder),
    ],
    actor: actor.name,
  })
  if (about.tag !== null) models.tag(id, packageTag, about.tag)
  if (card !== null) cards.takeIn(id, card)
  return { name, version }
}

/** Under which name the versions of a package stand here, apart from models of the same name. */
function nameFor(model: string): string {
  return `${model.slice(0, 180)} (review)`
}

function known(models: ModelsService, name: string) {
  return models.list({ deleted: false, search: name }).models.find((each) => each.name === name)?.versions ?? []
}

/** Only a pipeline that the engine can read. */
function storePipeline({ blobs }: ServiceContext, reader: PackageReader, folder: string): string | null {
  const name = `${folder}pipeline.json`
  if (reader.size(name) === undefined) return null
  const bytes = reader.read(name)
  try {
    parsePipeline(bytes.toString('utf8'))
  } catch {
    throw new MaestroError('PACKAGE_INVALID', 'The pipeline in the package cannot be read.', 'Ask for it again.')
  }
  return blobs.put(bytes).digest
}

function storeEvidence({ blobs }: ServiceContext, reader: PackageReader, folder: string) {
  return Object.entries(evidenceForms).flatMap(([kind, form]) => {
    const name = `${folder}evidence/${kind}.json`
    if (reader.size(name) === undefined) return []
    return [{ kind, ...blobs.put(JSON.stringify(readForm(reader, name, form))) }]
  })
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
