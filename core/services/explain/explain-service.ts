import type { Dependence, Explanation, GlobalExplanation, Importance } from '../../../shared/domain/explanations.ts'
import type { Job } from '../../../shared/domain/jobs.ts'
import type { Signature } from '../../../shared/domain/models.ts'
import type { Performance } from '../../../shared/domain/training.ts'
import { automlSpecification } from '../../../shared/domain/training.ts'
import type { Cell, Estimate, MetricName, TaskName } from '../../../shared/domain/values.ts'
import { defaultMetric } from '../../../shared/domain/values.ts'
import type { VersionDiff } from '../../../shared/domain/version-diff.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { finishedTrial } from '../../automl/automl-job.ts'
import { diffDocument } from '../../comparisons/diff-document.ts'
import type { DeliveredFile } from '../../documents/deliver.ts'
import { deliver } from '../../documents/deliver.ts'
import type { ModelComparison } from '../../explain/compare-models.ts'
import type { ExplainTask } from '../../explain/explain-task.ts'
import { createExplainer } from '../../explain/explainer.ts'
import {
  askedOf,
  dependenceParts,
  explanationKey,
  globalParts,
  importanceParts,
} from '../../explain/explanation-keys.ts'
import type { KnownAnswer } from '../../explain/register-inspections.ts'
import type { RegisterForeignJob, RegisterJob, RegisterRequest } from '../../explain/register-specification.ts'
import { registerRequest } from '../../explain/register-specification.ts'
import type { JobOutcome } from '../../jobs/job-context.ts'
import type { CardsService } from '../cards/cards-service.ts'
import type { DatasetService, ResolvedDataset } from '../datasets/datasets-service.ts'
import type { Evidence } from '../models/model-rows.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { ResolvedModel } from '../models/resolve-model.ts'
import { admitModel } from '../quarantine/admit-model.ts'
import type { ForeignFile, QuarantineService } from '../quarantine/quarantine-service.ts'
import type { RunsService } from '../runs/runs-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import { createForeignSubjects } from './foreign-subjects.ts'
import { createInspections } from './inspections.ts'
import { diffVersions } from './version-diffs.ts'

/** Explains models and registers them with what explains them. Answers are kept by content, so nothing is worked out twice. */
export function createExplainService(
  context: ServiceContext,
  datasets: DatasetService,
  models: ModelsService,
  runs: RunsService,
  quarantine: QuarantineService,
  cards: CardsService,
) {
  const { sqlite } = context.database
  const explainer = createExplainer(
    (message) => context.logger.error(message),
    (path, frame) => context.inference.predictOnnx(path, frame),
  )
  const foreign = createForeignSubjects(context, quarantine, (task) => explainer.run(task))
  const selectCached = sqlite.prepare<[string], { digest: string }>(
    'SELECT digest FROM explanation_cache WHERE key = ?',
  )
  const insertCached = sqlite.prepare(
    'INSERT INTO explanation_cache (key, digest, created_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET digest = excluded.digest',
  )

  const selectRegistered = sqlite.prepare<[string], { value: string }>(
    "SELECT value FROM job_checkpoint WHERE job_id = ? AND key = 'registered'",
  )
  const insertRegistered = sqlite.prepare("INSERT INTO job_checkpoint (job_id, key, value) VALUES (?, 'registered', ?)")

  context.jobs.register({
    kind: 'register',
    resumable: true,
    parse: (specification) => registerRequest.parse(specification),
    prepare: (_jobId, specification) => prepareAny(specification as RegisterRequest),
    onEnd: (jobId, specification, outcome) =>
      Promise.resolve(endRegistration(jobId, specification as RegisterRequest, outcome)),
  })

  /** A model that can be explained, and the table to explain it on. */
  async function subject(reference: string, data: string | undefined) {
    const model = models.resolve(reference)
    const table = tableFor(model, data)
    const { pipelinePath } = model
    return { model: pipelinePath === null ? await foreign.describe(model, table) : { ...model, pipelinePath }, table }
  }

  /** The table that a model was trained on; the one at hand where it is that, or it is not known. */
  function trainingTable({ datasetVersionId }: ResolvedModel, table: ResolvedDataset): ResolvedDataset {
    const isKnown = datasetVersionId === null || datasetVersionId === table.versionId
    return isKnown ? table : datasets.resolve(datasetVersionId)
  }

  /** The table to explain on: the one named, else the one that the model was trained on. */
  function tableFor(model: ResolvedModel, data: string | undefined) {
    if (data !== undefined) return datasets.resolve(data)
    if (model.datasetVersionId === null)
      throw new MaestroError('INPUT_INVALID', `${model.label} does not say what it was trained on.`, 'Name a dataset.')
    return datasets.resolve(model.datasetVersionId)
  }

  async function cached<Result>(task: ExplainTask, parts: readonly unknown[]): Promise<Result> {
    const key = explanationKey(parts)
    const known = selectCached.get(key)
    if (known && context.blobs.has(known.digest))
      return JSON.parse(context.blobs.read(known.digest).toString('utf8')) as Result
    const result = (await explainer.run(task)) as Result
    const { digest } = context.blobs.put(JSON.stringify(result))
    if (!context.database.readOnly) insertCached.run(key, digest, new Date().toISOString())
    return result
  }

  async function prepareAny(request: RegisterRequest): Promise<RegisterJob | RegisterForeignJob> {
    const { source } = request
    if ('runId' in source) return prepareRegistration(request, source.runId)
    const { sample, native } = request
    return {
      request,
      fileName: source.name,
      sample: sample === null ? null : sampleOf(sample),
      native,
      ...(await admitModel(context, quarantine, source)),
    }
  }

  function sampleOf(versionId: string): RegisterForeignJob['sample'] {
    const { dataset, version, digest, columnFilePath } = datasets.resolve(versionId)
    return { name: `${dataset.name} / ${version}`, versionId, digest, columnFilePath }
  }

  function prepareRegistration(request: RegisterRequest, runId: string): RegisterJob {
    const run = runs.detail(runId)
    const artifact = (path: string) => {
      const found = run.artifacts.find((each) => each.path === path)
      return found && context.blobs.has(found.digest)
        ? { digest: found.digest, bytes: found.bytes, path: context.blobs.path(found.digest) }
        : null
    }
    const pipeline = artifact('pipeline.json')
    const versionId = run.datasets[0]?.versionId
    if (!pipeline || !versionId) {
      throw new MaestroError(
        'STATE_REFUSED',
        `Run ${run.name} has no model that can be registered.`,
        'It failed, was given up, or was not among the best, whose models are kept. Choose another run.',
      )
    }
    const dataset = datasets.resolve(versionId)
    const learned = automlOf(run.id, run.experimentId)
    return {
      request: { ...request, source: { runId } },
      runName: run.name,
      pipeline,
      dataset: {
        name: dataset.dataset.name,
        versionId,
        digest: dataset.digest,
        columnFilePath: dataset.columnFilePath,
      },
      metric: learned?.metric ?? null,
      onnx: artifact('model.onnx'),
      parity: artifact('parity.json'),
      recipe: artifact('recipe.json'),
      performance: artifact('performance.json'),
      outOfFold: learned?.outOfFold ?? null,
    }
  }

  /** How the run's search judged it, and its out-of-fold predictions, if a search made it. */
  function automlOf(
    runId: string,
    experimentId: string,
  ): { metric: MetricName | null; outOfFold: RegisterJob['outOfFold'] } | null {
    const jobId = sqlite
      .prepare<[string], { job_id: string | null }>('SELECT job_id FROM experiment WHERE id = ?')
      .get(experimentId)?.job_id
    if (!jobId) return null
    const specification = automlSpecification.parse(
      (context.jobs.specification(jobId) as { specification: unknown }).specification,
    )
    const metric = specification.metric === 'auto' ? null : specification.metric
    const trial = sqlite
      .prepare<[string], { value: string }>("SELECT value FROM job_checkpoint WHERE job_id = ? AND key LIKE 'trial %'")
      .all(jobId)
      .map(({ value }) => finishedTrial.parse(JSON.parse(value)))
      .find((each) => each.runId === runId)
    if (!trial || !context.blobs.has(trial.predictions)) return { metric, outOfFold: null }
    return { metric, outOfFold: { path: context.blobs.path(trial.predictions), specification } }
  }

  function endRegistration(
    jobId: string,
    request: RegisterRequest,
    outcome: JobOutcome,
  ): Record<string, unknown> | null {
    if (outcome.state !== 'succeeded') return null
    // The host may have died after the version was stored and before the job was known to have ended.
    const before = selectRegistered.get(jobId)
    if (before) return JSON.parse(before.value) as Record<string, unknown>
    const result = outcome.result as unknown as RegistrationResult
    const { source } = request
    const run = 'runId' in source ? runs.detail(source.runId) : null
    return context.database.transaction(() => {
      const version = models.createVersion({
        ...result,
        name: request.name,
        description: request.description,
        params: run?.params ?? {},
        source: 'runId' in source ? { kind: 'run', runId: source.runId } : { kind: 'file', file: source.name },
        datasetVersionId: run?.datasets[0]?.versionId ?? request.sample,
        actor: request.actor,
      })
      cards.generate(version.id)
      // The run now has the file too, so that it predicts and registers without making it again.
      if (run !== null) addArtifacts(run.id, result)
      const registered = {
        name: version.name,
        version: version.version,
        versionId: version.id,
        digest: version.digest,
        onnxPath: context.blobs.path(version.digest),
      }
      insertRegistered.run(jobId, JSON.stringify(registered))
      const now = new Date().toISOString()
      for (const { key, digest } of result.knownAnswers ?? []) insertCached.run(key, digest, now)
      return registered
    })
  }

  function addArtifacts(runId: string, { onnx, evidence }: RegistrationResult): void {
    runs.addArtifact(runId, 'model.onnx', onnx.digest, onnx.bytes)
    for (const { kind, digest, bytes } of evidence) {
      if (kind === 'parity' || kind === 'performance') runs.addArtifact(runId, `${kind}.json`, digest, bytes)
    }
  }

  const service = {
    ...createInspections({ subject, tableFor, cached, run: (task) => explainer.run(task) }),

    async rows(request: {
      readonly model: string
      readonly data?: string | undefined
      readonly rows?: readonly number[] | undefined
      readonly records?: readonly Readonly<Record<string, Cell>>[] | undefined
      readonly method: 'auto' | 'tree' | 'interventional' | 'linear' | 'exact' | 'sampling' | 'lime'
      readonly output: 'raw' | 'probability'
      readonly background?: string | undefined
      readonly interactions?: boolean
      readonly grouped?: boolean
      readonly correlated?: boolean
      readonly effort?: 'full' | 'quick'
      readonly tolerance?: number | undefined
    }): Promise<Explanation> {
      const { model, table } = await subject(request.model, request.data)
      const background =
        request.background === undefined ? trainingTable(model, table) : datasets.resolve(request.background)
      const rows = request.rows ?? Array.from({ length: Math.min(100, table.rows) }, (_, row) => row)
      const { interactions = false, grouped = false, correlated = false, effort = 'full' } = request
      const { tolerance } = request
      const how = { interactions, grouped, correlated, effort, ...(tolerance === undefined ? {} : { tolerance }) }
      const task: ExplainTask = {
        kind: 'rows',
        pipelinePath: model.pipelinePath,
        columnFilePath: table.columnFilePath,
        backgroundPath: background.columnFilePath,
        rows,
        records: request.records ?? null,
        method: request.method,
        output: request.output,
        ...how,
      }
      // Records are what-ifs: each is asked once.
      if (request.records) return (await explainer.run(task)) as Explanation
      return cached(task, [
        'rows',
        6,
        model.pipelineDigest,
        table.digest,
        background.digest,
        rows,
        request.method,
        request.output,
        how,
      ])
    },

    async global(reference: string, data?: string): Promise<GlobalExplanation> {
      const { versionId } = models.resolve(reference)
      if (versionId !== null && data === undefined) {
        const stored = models.evidence(versionId, 'explanation')
        if (stored) return stored as GlobalExplanation
      }
      const { model, table } = await subject(reference, data)
      const background = trainingTable(model, table)
      const task: ExplainTask = {
        kind: 'global',
        pipelinePath: model.pipelinePath,
        columnFilePath: table.columnFilePath,
        backgroundPath: background.columnFilePath,
        modelDigest: model.onnxDigest ?? model.pipelineDigest ?? '',
        datasetDigest: table.digest,
      }
      return cached(task, globalParts(askedOf(model, table), background.digest))
    },

    async importance(
      reference: string,
      data: string | undefined,
      repeats: number,
      grouped = false,
    ): Promise<Importance> {
      const { versionId } = models.resolve(reference)
      if (versionId !== null && data === undefined && !grouped) {
        const stored = models.evidence(versionId, 'importance') as Importance | null
        if (stored && stored.repeats === repeats) return stored
      }
      const { model, table } = await subject(reference, data)
      const metric = metricOf(model)
      const onTrainingRows = table.versionId === model.datasetVersionId
      return cached(
        {
          kind: 'importance',
          pipelinePath: model.pipelinePath,
          columnFilePath: table.columnFilePath,
          metric,
          repeats,
          onTrainingRows,
          grouped,
        },
        [...importanceParts(askedOf(model, table), metric, repeats, onTrainingRows), ...(grouped ? ['grouped'] : [])],
      )
    },

    async dependence(reference: string, data: string | undefined, feature: string, ice: boolean): Promise<Dependence> {
      const { model, table } = await subject(reference, data)
      return cached(
        { kind: 'dependence', pipelinePath: model.pipelinePath, columnFilePath: table.columnFilePath, feature, ice },
        dependenceParts(askedOf(model, table), feature, ice),
      )
    },

    /** Two registered versions side by side; see `diffVersions`. */
    diff: (a: string, b: string, data: string | undefined): Promise<VersionDiff> =>
      diffVersions(
        {
          models,
          dataset: datasets.resolve,
          global: (reference) => service.global(reference),
          compare: (task, parts) => cached<ModelComparison>(task, parts),
        },
        [a, b],
        data,
      ),

    /** The same as one HTML file to send; see `writeHtml`. */
    async diffPage(a: string, b: string, data: string | undefined, out: string | undefined): Promise<DeliveredFile> {
      const diff = await service.diff(a, b, data)
      const { writeHtml } = await import('../../documents/write-html.ts')
      const page = writeHtml(diffDocument(diff, models.version(b).createdAt))
      const name = `${diff.a.label} - ${diff.b.label}.html`.replaceAll(' / ', '-')
      return deliver(context.blobs, page, out, name)
    },

    async interestingRows(reference: string, data: string | undefined, limit: number) {
      const { model, table } = await subject(reference, data)
      const found = await cached<{
        mostWrong: InterestingRow[]
        mostUncertain: InterestingRow[]
        outliers: InterestingRow[]
      }>({ kind: 'interesting-rows', pipelinePath: model.pipelinePath, columnFilePath: table.columnFilePath, limit }, [
        'interesting-rows',
        1,
        model.pipelineDigest,
        table.digest,
        limit,
      ])
      return { dataset: `${table.dataset.name}/${table.version}`, ...found }
    },

    /** As it was judged when it was trained, or on the rows of a table with the true answers. */
    async performance(reference: string, data: string | undefined): Promise<Performance> {
      if (data === undefined) {
        const model = models.resolve(reference)
        const stored =
          model.versionId !== null
            ? models.evidence(model.versionId, 'performance')
            : model.runId !== null
              ? runs.detail(model.runId).performance
              : null
        if (stored) return stored as Performance
        throw new MaestroError(
          'NOT_FOUND',
          `${model.label} was not judged when it was trained.`,
          'Name a dataset with the true answers.',
        )
      }
      const { model, table } = await subject(reference, data)
      return cached(
        {
          kind: 'performance',
          pipelinePath: model.pipelinePath,
          columnFilePath: table.columnFilePath,
          basis: `${table.dataset.name} / ${table.version}`,
        },
        ['performance', 1, model.pipelineDigest, table.digest],
      )
    },

    register(
      request: {
        readonly name: string
        readonly description: string
        readonly source: { readonly runId: string } | ForeignFile
        readonly columns: readonly string[]
        readonly sample?: string | undefined
        readonly target?: string | undefined
        readonly nativePredictions?: ForeignFile | undefined
      },
      actor: Actor,
    ): { job: Job } {
      context.assertWritable()
      const { source } = request
      const specification: RegisterRequest = {
        name: request.name,
        description: request.description,
        source: 'runId' in source ? source : quarantine.locate(source),
        columns: [...request.columns],
        ...trialOf(request),
        actor: actor.name,
      }
      // Fails now rather than in the job where the run has no model.
      if ('runId' in source) prepareRegistration(specification, source.runId)
      return {
        job: context.jobs.start('register', specification, {
          title: `Register ${request.name}`,
          subject: { type: 'model', id: request.name, name: request.name },
        }),
      }
    },

    close: () => explainer.close(),
  }

  /** What a foreign model is tried on, found now so that a wrong name fails before the job. */
  function trialOf(request: {
    readonly source: { readonly runId: string } | ForeignFile
    readonly sample?: string | undefined
    readonly target?: string | undefined
    readonly nativePredictions?: ForeignFile | undefined
  }): Pick<RegisterRequest, 'sample' | 'target' | 'native'> {
    const { sample, target, nativePredictions } = request
    if ('runId' in request.source && (sample ?? target ?? nativePredictions) !== undefined) {
      throw new MaestroError(
        'INPUT_INVALID',
        'A run brings the data that it was trained on.',
        'Leave out the sample, the target and the native predictions.',
      )
    }
    if (sample === undefined && (target !== undefined || nativePredictions !== undefined)) {
      throw new MaestroError(
        'INPUT_INVALID',
        'Without sample data there are no rows to judge the model on.',
        'Name a dataset with the rows that the predictions or the answers belong to.',
      )
    }
    return {
      sample: sample === undefined ? null : datasets.resolve(sample).versionId,
      target: target ?? null,
      native: nativePredictions === undefined ? null : quarantine.locate(nativePredictions),
    }
  }

  function metricOf(model: ResolvedModel): MetricName {
    if (model.versionId !== null) {
      const { metric, task } = models.version(model.versionId)
      return metric ?? defaultMetric[task]
    }
    const run = model.runId === null ? null : runs.detail(model.runId)
    const own = run ? automlOf(run.id, run.experimentId)?.metric : null
    return own ?? defaultMetric[run?.performance?.task ?? 'binary']
  }

  return service
}

interface InterestingRow {
  readonly row: number
  readonly reason: string
}

interface RegistrationResult {
  readonly onnx: { readonly digest: string; readonly bytes: number }
  readonly pipelineDigest: string | null
  readonly task: TaskName
  readonly learner: string
  readonly signature: Signature
  readonly metric: MetricName | null
  readonly score: Estimate | null
  readonly evidence: readonly Evidence[]
  /** Answers that nobody has to work out again; foreign models have none. */
  readonly knownAnswers?: readonly KnownAnswer[]
}
