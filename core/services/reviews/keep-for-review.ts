import { writeFileSync } from 'node:fs'
import type { OpenedReview, ReviewFinding, ReviewIndex } from '../../../shared/domain/reviews.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { PackageReader } from '../../packages/package-file.ts'
import { openPackage } from '../../packages/package-file.ts'
import type { CardsService } from '../cards/cards-service.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { AdmittedModel } from '../quarantine/admit-model.ts'
import { admitModel } from '../quarantine/admit-model.ts'
import type { QuarantineService } from '../quarantine/quarantine-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import { withScratchFile } from '../with-scratch-file.ts'
import { itemsFolder, productionFolder } from './review-package.ts'
import { hasRows, keepRows } from './sample-rows.ts'
import type { SentVersion } from './sent-version.ts'
import { readSentVersion } from './sent-version.ts'

/** The tag by which a version that came in a package is found again: the digest of its manifest. */
const packageTag = 'review-package'

interface Services {
  readonly context: ServiceContext
  readonly models: ModelsService
  readonly datasets: Pick<DatasetService, 'import'>
  readonly cards: Pick<CardsService, 'takeIn'>
  readonly quarantine: QuarantineService
}

/** A version of a package, and what the package calls it. */
interface Arrival {
  readonly model: string
  readonly version: number
  /** Null for the one that is replaced, which may have come in another package. */
  readonly tag: string | null
  /** Where it lies in the package. */
  readonly folder: string
  readonly sent: SentVersion
}

/**
 * Takes the model of a package, and the one that it replaces, into this workspace as versions of "NAME (review)", so that
 * every page works on them, on the rows that came along. Both pass quarantine before anything is taken in: a package that
 * is refused leaves nothing behind. The package has been checked against its signature.
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
    const { replaces } = index
    const arrivalOf = (number: number, tag: string | null, folder: string): Arrival => {
      return { model, version: number, tag, folder, sent: readSentVersion(reader, folder) }
    }
    const arrivals = [
      ...(replaces ? [arrivalOf(replaces.version, null, productionFolder)] : []),
      arrivalOf(version, manifestDigest, itemsFolder),
    ]
    const keptAs = (numbers: readonly number[]) => ({
      model: nameFor(model),
      version: numbers.at(-1) as number,
      replaces: replaces ? (numbers[0] as number) : null,
    })
    if (!hasRows(reader)) {
      const there = arrivals.flatMap((each) => versionThere(services.models, each, null) ?? [])
      if (there.length === arrivals.length) return { findings: [], kept: keptAs(there) }
    }
    services.context.assertWritable()
    const admitted: AdmittedModel[] = []
    for (const each of arrivals) admitted.push(await admit(services, reader, each))
    const { findings, datasetVersionId } = await keepRows(services, reader, {
      name: `${nameFor(model)} rows`,
      models: arrivals.map(({ sent }) => sent.record.signature),
    })
    const numbers = services.context.database.transaction(() =>
      arrivals.map(
        (each, at) =>
          versionThere(services.models, each, datasetVersionId) ??
          store(services, each, { admitted: admitted[at] as AdmittedModel, datasetVersionId, actor }),
      ),
    )
    return { findings, kept: keptAs(numbers) }
  } catch (error) {
    if (!(error instanceof MaestroError && (error.code === 'MODEL_REJECTED' || error.code === 'PACKAGE_INVALID'))) {
      throw error
    }
    return { findings: [{ code: 'QUARANTINE', severity: 'error', message: error.message }], kept: null }
  } finally {
    reader.close()
  }
}

/** The number of the version that is here already, from this package. With rows it must be on those rows. */
function versionThere(models: ModelsService, arrival: Arrival, datasetVersionId: string | null): number | undefined {
  const name = nameFor(arrival.model)
  const versions = models.list({ deleted: false, search: name }).models.find((each) => each.name === name)?.versions
  return versions?.find(
    ({ id, digest, tags }) =>
      digest === arrival.sent.record.digest &&
      (arrival.tag === null || tags[packageTag] === arrival.tag) &&
      (datasetVersionId === null || models.version(id).dataset?.versionId === datasetVersionId),
  )?.version
}

function admit(
  { context, quarantine }: Services,
  reader: PackageReader,
  { model, version, folder }: Arrival,
): Promise<AdmittedModel> {
  return withScratchFile(context, '.onnx', (path) => {
    writeFileSync(path, reader.read(`${folder}model.onnx`), { mode: 0o600 })
    return admitModel(context, quarantine, { path, name: `${model}/${version}` })
  })
}

function store(
  { context: { blobs }, models, cards }: Services,
  { model, version, tag, sent: { record, card, pipeline, evidence } }: Arrival,
  about: { readonly admitted: AdmittedModel; readonly datasetVersionId: string | null; readonly actor: Actor },
): number {
  const { onnx, quarantine } = about.admitted
  const stored = models.createVersion({
    name: nameFor(model),
    description: `From a review package: ${model} / ${version}.`,
    onnx,
    pipelineDigest: pipeline && blobs.put(pipeline).digest,
    task: record.task,
    learner: record.learner,
    signature: record.signature,
    params: record.params,
    metric: record.metric,
    score:
      record.score === null
        ? null
        : { value: record.score, low: record.scoreLow ?? record.score, high: record.scoreHigh ?? record.score },
    source: { kind: 'file', file: `${model}-${version}.maestro` },
    datasetVersionId: about.datasetVersionId,
    evidence: [
      { kind: 'quarantine', digest: quarantine.digest, bytes: quarantine.bytes },
      ...evidence.map(({ kind, text }) => ({ kind, ...blobs.put(text) })),
    ],
    actor: about.actor.name,
  })
  if (tag !== null) models.tag(stored.id, packageTag, tag)
  // Who reviews reads the card that was sent, not one that is made here.
  if (card !== null) cards.takeIn(stored.id, card)
  return stored.version
}

/** Under which name the versions of a package stand here, apart from models of the same name. */
function nameFor(model: string): string {
  return `${model.slice(0, 180)} (review)`
}
