import { readFileSync } from 'node:fs'
import type { Frame } from '../../engine/frame/frame.ts'
import type { ForeignInterface } from '../../engine/onnx/reader/foreign-interface.ts'
import { readOnnx } from '../../engine/onnx/reader/read-onnx.ts'
import { alignColumns } from '../../engine/pipeline/align-columns.ts'
import type { GlobalExplanation, Importance } from '../../shared/domain/explanations.ts'
import type { Signature } from '../../shared/domain/models.ts'
import type { NativeParity } from '../../shared/domain/native-parity.ts'
import type { Performance } from '../../shared/domain/training.ts'
import { defaultMetric } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { JobContext } from '../jobs/job-context.ts'
import { describeInputs } from '../models/describe-signature.ts'
import { columnsInTable, foreignSignature, readForeignInterface } from '../models/foreign-signature.ts'
import { createSignatureReader } from '../models/model-signature.ts'
import type { AnsweredRows } from '../models/native-parity.ts'
import { compareWithNative } from '../models/native-parity.ts'
import type { OnnxSessions } from '../models/onnx-sessions.ts'
import { createOnnxSessions } from '../models/onnx-sessions.ts'
import type { PartialAnswers } from '../models/refused-rows.ts'
import { predictTaken } from '../models/refused-rows.ts'
import { readColumnFile } from '../tables/column-file.ts'
import { readTable } from '../tables/read-table.ts'
import type { ReadingCheck } from './check-reading.ts'
import type { Explainer } from './explainer.ts'
import { createExplainer } from './explainer.ts'
import { writeForeignModel } from './foreign-model.ts'
import { readNativePredictions } from './read-native-predictions.ts'
import { registerInspections } from './register-inspections.ts'
import type { RegisterForeignJob } from './register-specification.ts'

/** Shuffles of each column for the importance that is stored. */
const importanceRepeats = 5

/**
 * Reads what a model file that passed quarantine takes and answers, and hands over what a version of it rests on. With
 * sample data that is as much as for a model trained here: ranges, explanations and, where the true answers are in it,
 * performance and importance; with the native tool's predictions, whether the export does what the model did.
 */
export async function registerForeign(job: RegisterForeignJob, context: JobContext): Promise<Record<string, unknown>> {
  context.report({ title: 'Reading', detail: job.fileName, fraction: 0.1 })
  const sample = job.sample === null ? null : readColumnFile(job.sample.columnFilePath)
  const read = await readInterface(job, sample)
  const onnx = { digest: job.onnx.digest, bytes: job.onnx.bytes }
  const quarantine = { kind: 'quarantine', ...job.quarantine }
  const { signature, plan } = read
  const registered = { onnx, task: signature.task, learner: 'onnx', signature, metric: null, score: null }
  if (plan === null || sample === null || job.sample === null) {
    context.report({ title: 'Storing', detail: '', fraction: 0.95 })
    return { ...registered, pipelineDigest: null, evidence: [quarantine] }
  }
  const sessions = createOnnxSessions()
  const explainer = createExplainer(
    (message) => context.log('error', message),
    (path, frame) => sessions.predict(path, frame),
  )
  try {
    const described = await describe({
      job,
      context,
      explainer,
      plan,
      signature,
      columnFilePath: job.sample.columnFilePath,
      rows: sample.nRows,
    })
    const native = job.native === null ? [] : [await nativeParity({ job, context, sessions, plan, signature, sample })]
    return { ...registered, ...described, evidence: [quarantine, ...native, ...described.evidence] }
  } finally {
    await explainer.close()
    await sessions.release()
  }
}

interface ReadInterface {
  readonly signature: Signature
  /** Null for a file that Maestro wrote, which says itself what it takes. */
  readonly plan: ForeignInterface | null
}

async function readInterface(job: RegisterForeignJob, sample: Frame | null): Promise<ReadInterface> {
  const own = await createSignatureReader()(job.onnx.path).catch(() => null)
  if (own !== null) {
    const { spellings: _, ...signature } = own
    return { signature, plan: null }
  }
  const plan = readForeignInterface(readOnnx(readFileSync(job.onnx.path)), job.outputs)
  const { columns, target } = job.request
  const names =
    columns.length > 0 || sample === null
      ? columns
      : columnsInTable(
          plan,
          sample.columns.map(({ name }) => name),
          target,
        )
  const signature = foreignSignature(plan, names)
  if (sample === null) return { signature, plan }
  if (target !== null && !sample.columns.some(({ name }) => name === target)) {
    throw new MaestroError(
      'TARGET_MISSING',
      `The sample has no column ${target}.`,
      `Its columns are ${sample.columns.map(({ name }) => name).join(', ')}.`,
    )
  }
  const inputs = describeInputs(signature.inputs, sample)
  return { signature: { ...signature, inputs, target: target ?? signature.target }, plan }
}

interface Described {
  readonly job: RegisterForeignJob
  readonly context: JobContext
  readonly explainer: Explainer
  readonly plan: ForeignInterface
  readonly signature: Signature
  readonly columnFilePath: string
  readonly rows: number
}

/** Evidence as for a model of our own, on the rows of the sample. */
async function describe({ job, context, explainer, plan, signature, columnFilePath, rows }: Described) {
  const store = (runtimeOnly: boolean) => {
    const { digest } = context.blobs.put(writeForeignModel(job.onnx.digest, plan, signature, runtimeOnly))
    return { digest, pipelinePath: context.blobs.path(digest) }
  }
  context.report({
    title: 'Reading',
    detail: 'comparing the graph as it is read here with ONNX Runtime',
    fraction: 0.2,
  })
  const first = store(false)
  const check = (await explainer.run({
    kind: 'check-reading',
    pipelinePath: first.pipelinePath,
    columnFilePath,
  })) as ReadingCheck
  if (!check.agrees) context.log('warn', 'The graph is left to ONNX Runtime: read here it answers something else.')
  const { digest, pipelinePath } = check.agrees ? first : store(true)
  const onModel = { pipelinePath, columnFilePath }
  const stored = (kind: string, value: unknown) => ({ kind, ...context.blobs.put(JSON.stringify(value)) })
  context.cancelled.throwIfAborted()
  context.report({ title: 'Explaining', detail: 'what drives it', fraction: 0.4 })
  const explanation = await explainer.run({
    kind: 'global',
    ...onModel,
    backgroundPath: columnFilePath,
    modelDigest: job.onnx.digest,
    datasetDigest: job.sample?.digest ?? null,
  })
  const inspect = (importance: Importance | null) => {
    context.report({ title: 'Explaining', detail: 'which columns act together', fraction: 0.88 })
    return registerInspections(
      {
        onModel,
        pipelineDigest: digest,
        tableDigest: job.sample?.digest ?? '',
        rows,
        explanation: explanation as GlobalExplanation,
        importance,
      },
      (task) => explainer.run(task),
      context,
    )
  }
  if (job.request.target === null) {
    const inspections = await inspect(null)
    return {
      pipelineDigest: digest,
      metric: null,
      score: null,
      evidence: [stored('explanation', explanation), ...inspections.evidence],
      knownAnswers: inspections.known,
    }
  }
  context.cancelled.throwIfAborted()
  context.report({ title: 'Judging', detail: 'on the rows of the sample', fraction: 0.7 })
  const metric = defaultMetric[signature.task]
  const performance = (await explainer.run({
    kind: 'performance',
    ...onModel,
    basis: `sample data ${job.sample?.name ?? ''}`,
  })) as Performance
  context.cancelled.throwIfAborted()
  context.report({ title: 'Explaining', detail: 'how much each column matters', fraction: 0.8 })
  const importance = await explainer.run({
    kind: 'importance',
    ...onModel,
    metric,
    repeats: importanceRepeats,
    onTrainingRows: false,
  })
  const inspections = await inspect(importance as Importance)
  return {
    pipelineDigest: digest,
    metric,
    score: performance.metrics.find(({ name }) => name === metric)?.estimate ?? null,
    evidence: [
      stored('explanation', explanation),
      stored('importance', importance),
      stored('performance', performance),
      ...inspections.evidence,
    ],
    knownAnswers: inspections.known,
  }
}

interface Native {
  readonly job: RegisterForeignJob
  readonly context: JobContext
  readonly sessions: OnnxSessions
  readonly plan: ForeignInterface
  readonly signature: Signature
  readonly sample: Frame
}

async function nativeParity({ job, context, sessions, plan, signature, sample }: Native) {
  const { native } = job
  if (native === null) throw new Error('asked without native predictions')
  context.report({ title: 'Comparing', detail: 'with the predictions of its own tool', fraction: 0.15 })
  const width = plan.width ?? Math.max(1, signature.classes.length)
  const outputs = signature.classes.length === width ? signature.classes : numberNames(signature)
  const { frame } = await readTable({ path: native.path, reading: {}, types: {}, scratch: context.scratch })
  const theirs = readNativePredictions(frame, signature, sample.nRows, outputs)
  // As what the model takes: a column of whole numbers may have been read as texts that name the rows.
  const columns = alignColumns(
    signature.inputs.map(({ name, type }) => ({ name, type })),
    sample,
  )
  const predicted = await predictTaken({ nRows: sample.nRows, columns }, (frame) =>
    sessions.predict(job.onnx.path, frame),
  )
  if (predicted === null) throw new MaestroError('MODEL_FAILED', 'The model refuses every row of the sample.')
  // A label is never missing where the tool answered; of a number NaN may be the answer.
  const unanswered = new Set(theirs.labels?.flatMap((label, row) => (label === '' || label === 'NaN' ? [row] : [])))
  const parity: NativeParity = compareWithNative(
    native.name,
    sample.nRows,
    theirs,
    answersInPlace(predicted, sample.nRows, outputs),
    unanswered,
  )
  if (!parity.passed) context.log('warn', parity.reading)
  return { kind: 'native-parity', ...context.blobs.put(JSON.stringify(parity)) }
}

/** Rows that the model refused have no label and no number. */
function answersInPlace({ rows, answers }: PartialAnswers, nRows: number, names: readonly string[]): AnsweredRows {
  const given = answers.scores ?? answers.values
  const width = given.length / rows.length
  const values = new Float64Array(nRows * width).fill(Number.NaN)
  const labels = answers.labelCodes === null ? null : new Array<string>(nRows).fill('')
  for (const [at, row] of rows.entries()) {
    values.set(given.subarray(at * width, (at + 1) * width), row * width)
    if (labels) labels[row] = answers.labels[answers.labelCodes?.[at] as number] as string
  }
  return { labels, numbers: { values, width, names } }
}

function numberNames({ outputs }: Signature): string[] {
  return outputs.filter(({ type }) => type === 'number').map(({ name }) => name)
}
