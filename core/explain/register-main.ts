import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import type { GlobalExplanation, Importance } from '../../shared/domain/explanations.ts'
import { recipe } from '../../shared/domain/recipes.ts'
import type { Performance } from '../../shared/domain/training.ts'
import { defaultMetric } from '../../shared/domain/values.ts'
import { performanceFromPredictions } from '../automl/out-of-fold-performance.ts'
import { prepareTraining } from '../automl/prepare-training.ts'
import type { JobContext, JobMain } from '../jobs/job-context.ts'
import { describeSignature } from '../models/describe-signature.ts'
import { exportModel, provenanceOf } from '../models/export-model.ts'
import { certify } from '../models/parity.ts'
import { parityFailed } from '../models/parity-failed.ts'
import { readColumnFile } from '../tables/column-file.ts'
import { registerForeign } from './register-foreign.ts'
import { registerInspections } from './register-inspections.ts'
import type { RegisterJob } from './register-specification.ts'
import { registerForeignJob, registerJob } from './register-specification.ts'
import { runExplainTask } from './run-explain-task.ts'

/** Shuffles of each column for the importance that is stored. */
const importanceRepeats = 5

/**
 * Makes everything a version rests on: the ONNX file with its certificate, how good it is, what drives it. Nothing is
 * registered without a certificate that passed.
 */
export const main: JobMain = async (given, context) => {
  const foreign = registerForeignJob.safeParse(given)
  if (foreign.success) return registerForeign(foreign.data, context)
  const job = registerJob.parse(given)
  const pipeline = parsePipeline(readFileSync(job.pipeline.path, 'utf8'))
  context.report({ title: 'Preparing', detail: job.runName, fraction: 0.02 })
  const frame = readColumnFile(job.dataset.columnFilePath)
  const onnx = await certifiedOnnx(job, context)
  context.cancelled.throwIfAborted()
  context.report({ title: 'Judging', detail: 'on rows it has not seen', fraction: 0.4 })
  const performance = performanceOf(job, pipeline.threshold, context)
  context.cancelled.throwIfAborted()
  context.report({ title: 'Explaining', detail: 'what drives it', fraction: 0.5 })
  const onModel = { pipelinePath: job.pipeline.path, columnFilePath: job.dataset.columnFilePath }
  const explanation = runExplainTask(
    {
      kind: 'global',
      ...onModel,
      backgroundPath: job.dataset.columnFilePath,
      modelDigest: onnx.onnx.digest,
      datasetDigest: job.dataset.digest,
    },
    (share) => context.report({ fraction: 0.5 + 0.25 * share }),
  )
  context.cancelled.throwIfAborted()
  context.report({ title: 'Explaining', detail: 'how much each column matters', fraction: 0.75 })
  const metric = job.metric ?? defaultMetric[pipeline.task]
  const importance = runExplainTask(
    { kind: 'importance', ...onModel, metric, repeats: importanceRepeats, onTrainingRows: true },
    (share) => context.report({ fraction: 0.75 + 0.12 * share }),
  )
  context.report({ title: 'Explaining', detail: 'which columns act together', fraction: 0.88 })
  const inspections = await registerInspections(
    {
      onModel,
      pipelineDigest: job.pipeline.digest,
      tableDigest: job.dataset.digest,
      rows: frame.nRows,
      explanation: explanation as GlobalExplanation,
      importance: importance as Importance,
    },
    (task) => Promise.resolve(runExplainTask(task)),
    context,
  )
  context.report({ title: 'Storing', detail: '', fraction: 0.95 })
  const stored = (kind: string, value: unknown) => ({ kind, ...context.blobs.put(JSON.stringify(value)) })
  const described = performance && (JSON.parse(context.blobs.read(performance.digest).toString('utf8')) as Performance)
  return {
    onnx: onnx.onnx,
    pipelineDigest: job.pipeline.digest,
    task: pipeline.task,
    learner: pipeline.members.length > 1 ? 'ensemble' : (pipeline.members[0]?.learner ?? ''),
    signature: describeSignature(pipeline, frame),
    metric,
    score: described?.metrics.find(({ name }) => name === metric)?.estimate ?? null,
    evidence: [
      { kind: 'parity', ...onnx.parity },
      ...(job.recipe ? [{ kind: 'recipe', digest: job.recipe.digest, bytes: job.recipe.bytes }] : []),
      ...(performance ? [{ kind: 'performance', ...performance }] : []),
      stored('explanation', explanation),
      stored('importance', importance),
      ...inspections.evidence,
    ],
    knownAnswers: inspections.known,
  }
}

/** The run's own file and certificate where it has them; else both are made now. Throws PARITY_FAILED. */
async function certifiedOnnx(job: RegisterJob, context: JobContext) {
  if (job.onnx && job.parity) return { onnx: { digest: job.onnx.digest, bytes: job.onnx.bytes }, parity: job.parity }
  const pipeline = parsePipeline(readFileSync(job.pipeline.path, 'utf8'))
  const frame = readColumnFile(job.dataset.columnFilePath)
  context.report({ title: 'Exporting', detail: 'ONNX', fraction: 0.1 })
  const { dataset } = job
  const provenance = job.recipe
    ? provenanceOf(recipe.parse(JSON.parse(readFileSync(job.recipe.path, 'utf8'))))
    : { dataset: dataset.name, datasetDigest: dataset.digest }
  const { onnx } = exportModel(pipeline, frame, provenance)
  const path = join(context.scratch, 'model.onnx')
  writeFileSync(path, onnx)
  context.report({ title: 'Checking the export', detail: 'comparing ONNX Runtime with the engine', fraction: 0.2 })
  const parity = await certify(pipeline, path, frame, { cancelled: context.cancelled })
  if (!parity.passed) throw parityFailed(parity, 'It was not registered.')
  return { onnx: context.blobs.put(onnx), parity: context.blobs.put(JSON.stringify(parity)) }
}

function performanceOf(
  job: RegisterJob,
  threshold: number,
  context: JobContext,
): { digest: string; bytes: number } | null {
  if (job.performance) return { digest: job.performance.digest, bytes: job.performance.bytes }
  if (!job.outOfFold) return null
  const data = prepareTraining(readColumnFile(job.dataset.columnFilePath), job.outOfFold.specification)
  const bytes = readFileSync(job.outOfFold.path)
  const values = new Float64Array(bytes.byteLength / 8)
  new Uint8Array(values.buffer).set(bytes)
  const metric = job.metric ?? defaultMetric[data.target.task]
  return context.blobs.put(
    JSON.stringify(performanceFromPredictions(data, values, metric, job.outOfFold.specification.seed, threshold)),
  )
}
