import type { Job } from '../../../shared/domain/jobs.ts'
import { rebuildResult } from '../../../shared/domain/recipes.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { RebuildJob, RebuildRequest } from '../../rebuild/rebuild-job.ts'
import { rebuildRequest } from '../../rebuild/rebuild-job.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'

/** Makes registered versions again by their recipes, to show that nothing but what is recorded is in them. */
export function createRebuildService(context: ServiceContext, datasets: DatasetService, models: ModelsService) {
  context.jobs.register({
    kind: 'rebuild',
    resumable: false,
    parse: (specification) => rebuildRequest.parse(specification),
    prepare: (_jobId, specification) => Promise.resolve(prepare(specification as RebuildRequest)),
    onEnd(_jobId, specification, outcome) {
      if (outcome.state !== 'succeeded') return Promise.resolve(null)
      const result = rebuildResult.parse(outcome.result)
      const { versionId, actor } = specification as RebuildRequest
      models.remember(versionId, actor, `rebuilt it: the file came out ${result.identical ? 'identical' : 'different'}`)
      return Promise.resolve(result)
    },
  })

  function prepare(request: RebuildRequest): RebuildJob {
    const model = models.resolve(request.versionId)
    const detail = models.version(request.versionId)
    const recipe = detail.evidence.find(({ kind }) => kind === 'recipe')
    const { pipelineDigest } = model
    if (!recipe || pipelineDigest === null || model.datasetVersionId === null) {
      throw new MaestroError(
        'STATE_REFUSED',
        `${model.label} has no recipe, so it cannot be rebuilt.`,
        'Versions from AutoML runs have one; files from elsewhere, and versions of Maestro before recipes, have none.',
      )
    }
    const stored = (wanted: string, what: string) => {
      if (context.blobs.has(wanted)) return { digest: wanted, path: context.blobs.path(wanted) }
      throw new MaestroError(
        'NOT_FOUND',
        `The ${what} of ${model.label} is not in the store any more.`,
        'Restore a backup.',
      )
    }
    const dataset = datasets.resolve(model.datasetVersionId)
    return {
      request,
      model: detail.name,
      version: detail.version,
      recipe: stored(recipe.digest, 'recipe'),
      onnx: stored(detail.digest, 'file'),
      pipeline: stored(pipelineDigest, 'pipeline'),
      dataset: { digest: dataset.digest, columnFilePath: dataset.columnFilePath },
    }
  }

  return {
    /** Throws STATE_REFUSED for a version without a recipe, NOT_FOUND where its data are gone. */
    start(
      request: { readonly model: string; readonly threads: number; readonly kernels: RebuildRequest['kernels'] },
      actor: Actor,
    ): { job: Job } {
      context.assertWritable()
      const { model, ...how } = request
      const versionId = models.versionId(model)
      const specification: RebuildRequest = { ...how, versionId, actor: actor.name }
      // Fails now rather than in the job.
      const prepared = prepare(specification)
      return {
        job: context.jobs.start('rebuild', specification, {
          title: `Rebuild ${prepared.model} / ${prepared.version}`,
          subject: { type: 'model', id: versionId, name: prepared.model },
        }),
      }
    },
  }
}
