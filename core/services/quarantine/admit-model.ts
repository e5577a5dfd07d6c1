import { MaestroError } from '../../../shared/errors.ts'
import type { TrialOutput } from '../../models/quarantine/trial-run.ts'
import type { ServiceContext } from '../service-context.ts'
import { withScratchFile } from '../with-scratch-file.ts'
import type { LocatedFile, QuarantineService } from './quarantine-service.ts'

/** A foreign model in the store, as one file, with the verdict that let it in. */
export interface AdmittedModel {
  readonly onnx: { readonly digest: string; readonly bytes: number; readonly path: string }
  readonly quarantine: { readonly digest: string; readonly bytes: number }
  readonly outputs: TrialOutput[]
}

/**
 * Copies a foreign model into the store when it passes quarantine: the very bytes that were examined, whatever happens to
 * the file meanwhile. Throws MODEL_REJECTED with the findings, FILE_NOT_FOUND.
 */
export async function admitModel(
  { blobs, paths }: Pick<ServiceContext, 'blobs' | 'paths'>,
  quarantine: QuarantineService,
  { path, name }: LocatedFile,
): Promise<AdmittedModel> {
  return withScratchFile({ paths }, '.onnx', async (out) => {
    const { report, outputs } = await quarantine.examine(path, { out })
    if (report.verdict === 'rejected') {
      const [first] = report.findings.filter(({ severity }) => severity === 'error')
      throw new MaestroError(
        'MODEL_REJECTED',
        `${name} did not pass quarantine. ${first?.where ? `${first.where}: ` : ''}${first?.message ?? ''}`,
        'It was not registered. maestro scan FILE tells everything that was found.',
        { findings: report.findings },
      )
    }
    const onnx = blobs.putFile(out, { move: true })
    const verdict = blobs.put(JSON.stringify(report))
    return {
      onnx: { digest: onnx.digest, bytes: onnx.bytes, path: blobs.path(onnx.digest) },
      quarantine: { digest: verdict.digest, bytes: verdict.bytes },
      outputs: [...outputs],
    }
  })
}
