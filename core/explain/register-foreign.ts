import { readFileSync } from 'node:fs'
import { readOnnx } from '../../engine/onnx/reader/read-onnx.ts'
import type { JobContext } from '../jobs/job-context.ts'
import { foreignSignature, readForeignInterface } from '../models/foreign-signature.ts'
import { createSignatureReader } from '../models/model-signature.ts'
import type { RegisterForeignJob } from './register-specification.ts'

/** Reads what a model file that passed quarantine takes and answers, and hands over what a version of it rests on. */
export async function registerForeign(job: RegisterForeignJob, context: JobContext): Promise<Record<string, unknown>> {
  context.report({ title: 'Reading', detail: job.fileName, fraction: 0.3 })
  const signature = await signatureOf(job)
  context.report({ title: 'Storing', detail: '', fraction: 0.95 })
  return {
    onnx: { digest: job.onnx.digest, bytes: job.onnx.bytes },
    pipelineDigest: null,
    task: signature.task,
    learner: 'onnx',
    signature,
    metric: null,
    score: null,
    evidence: [{ kind: 'quarantine', ...job.quarantine }],
  }
}

/** A file that Maestro wrote tells its signature itself, ranges included. */
async function signatureOf(job: RegisterForeignJob) {
  const own = await createSignatureReader()(job.onnx.path).catch(() => null)
  if (own !== null) {
    const { spellings: _, ...signature } = own
    return signature
  }
  const plan = readForeignInterface(readOnnx(readFileSync(job.onnx.path)), job.outputs)
  return foreignSignature(plan, job.request.columns)
}
