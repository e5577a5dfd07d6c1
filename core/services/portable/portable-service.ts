import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Job } from '../../../shared/domain/jobs.ts'
import type { PortableExport } from '../../../shared/domain/portable-export.ts'
import { portableExport } from '../../../shared/domain/portable-export.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { downloadHref } from '../../blobs/download-href.ts'
import { onnxFileStem } from '../../models/onnx-file-stem.ts'
import type { PortableJob, PortableRequest } from '../../portable/portable-job.ts'
import { portableAnswer, portableRequest } from '../../portable/portable-job.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { ServiceContext } from '../service-context.ts'

/** Gives versions in a form that older runtimes read, with a report of its own. The registered file stays what it is. */
export function createPortableService(context: ServiceContext, datasets: DatasetService, models: ModelsService) {
  context.jobs.register({
    kind: 'export',
    resumable: false,
    parse: (specification) => portableRequest.parse(specification),
    prepare: (_jobId, specification) => Promise.resolve(prepare(specification as PortableRequest)),
    onEnd(_jobId, specification, outcome) {
      if (outcome.state !== 'succeeded') return Promise.resolve(null)
      return Promise.resolve({ ...deliver(specification as PortableRequest, outcome.result) })
    },
  })

  function prepare({ versionId }: PortableRequest): PortableJob {
    const model = models.resolve(versionId)
    const detail = models.version(versionId)
    const { pipelineDigest, datasetVersionId } = model
    if (pipelineDigest === null || datasetVersionId === null) {
      throw new MaestroError(
        'STATE_REFUSED',
        `${model.label} is a file of another tool, so it cannot be written in another form.`,
        'Only models that Maestro trained have a portable form.',
      )
    }
    const stored = (digest: string) => ({ digest, path: context.blobs.path(digest) })
    return {
      model: detail.name,
      version: detail.version,
      onnx: stored(detail.digest),
      pipeline: stored(pipelineDigest),
      columnFilePath: datasets.resolve(datasetVersionId).columnFilePath,
    }
  }

  /** Copies the blobs to the folder asked for, or says where they can be downloaded. */
  function deliver({ versionId, out }: PortableRequest, result: unknown): PortableExport {
    const { onnx, report } = portableAnswer.parse(result)
    const { name, version } = models.version(versionId)
    const stem = `${onnxFileStem(name)}-portable`
    const files = [
      { ...onnx, name: `${stem}.onnx` },
      { ...report, name: `${stem}-parity.json` },
    ].map(({ name: file, ...blob }) => {
      if (out === null) return { ...blob, path: file, href: downloadHref(blob.digest, file) }
      mkdirSync(out, { recursive: true })
      const path = join(out, file)
      copyFileSync(context.blobs.path(blob.digest), path)
      return { ...blob, path, href: null }
    })
    const told = JSON.parse(readFileSync(context.blobs.path(report.digest), 'utf8')) as object
    return portableExport.parse({ ...told, model: name, version, files })
  }

  return {
    /** Throws STATE_REFUSED for models of other tools. */
    start(request: { readonly model: string; readonly out?: string | undefined }): { job: Job } {
      const versionId = models.versionId(request.model)
      const specification: PortableRequest = {
        versionId,
        out: request.out === undefined ? null : resolve(request.out),
      }
      // Fails now rather than in the job.
      const prepared = prepare(specification)
      return {
        job: context.jobs.start('export', specification, {
          title: `Export ${prepared.model} / ${prepared.version} for older runtimes`,
          subject: { type: 'model', id: versionId, name: prepared.model },
        }),
      }
    },
  }
}
