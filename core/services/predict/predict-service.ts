import { existsSync, rmSync, statSync } from 'node:fs'
import { basename, isAbsolute, join, parse, resolve } from 'node:path'
import type { Frame } from '../../../engine/frame/frame.ts'
import type { Job } from '../../../shared/domain/jobs.ts'
import type { PredictionRow, PredictionWarning, Signature } from '../../../shared/domain/models.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { createSignatureReader } from '../../models/model-signature.ts'
import type { OnnxPredictions } from '../../models/onnx-predictions.ts'
import { uploadedName } from '../../rpc/file-traffic.ts'
import { parseModelReference } from '../models/model-reference.ts'
import type { ServiceContext } from '../service-context.ts'
import type { PredictableModel } from './model-file.ts'
import { createModelFiles } from './model-file.ts'
import { partialPath } from './partial-path.ts'
import type { PredictSpecification } from './predict-specification.ts'
import { predictSpecification } from './predict-specification.ts'
import { readRows } from './read-rows.ts'
import { createWarningCollector } from './warning-collector.ts'

/** A form or a service waits for these rows; a model that takes longer hangs. */
const rowsDeadlineMs = 30_000

interface RowPredictions {
  readonly rows: PredictionRow[]
  readonly warnings: PredictionWarning[]
  readonly milliseconds: number
}

/** The table to score, one of: a dataset reference or path that the host can read; a finished upload. */
interface FileRequest {
  readonly model: string
  readonly data?: string | undefined
  readonly upload?: string | undefined
  /** Path of the CSV; without one it becomes a download. */
  readonly out?: string | undefined
}

export interface PredictService {
  /** What a model takes and answers, told by its file. */
  signature(model: string): Promise<Signature>
  /** Predicts rows given as records of raw column values, and says what the training data would not have led it to expect. */
  rows(model: string, records: readonly Readonly<Record<string, Cell>>[]): Promise<RowPredictions>
  /** Starts a job that scores a whole table into a CSV. */
  file(request: FileRequest): Promise<Job>
}

/** What predictions need of the models' service: what any reference stands for. */
interface ModelResolver {
  resolve(reference: string): PredictableModel | Promise<PredictableModel>
}

/** What predictions need of the datasets' service: a dataset's column file, or its table. */
interface DatasetResolver {
  resolve(reference: string): ResolvedDataset | Promise<ResolvedDataset>
  readFrame(reference: string): Frame | Promise<Frame>
}

interface ResolvedDataset {
  readonly columnFilePath: string
  readonly dataset: { readonly name: string }
}

export function createPredictService(
  context: Pick<ServiceContext, 'assertWritable' | 'blobs' | 'inference' | 'jobs' | 'paths'>,
  models: ModelResolver,
  datasets: DatasetResolver,
): PredictService {
  const readSignature = createSignatureReader()
  const modelFile = createModelFiles(context, (reference) => datasets.readFrame(reference))

  /** Taken up again it starts anew: the file appears only when it is whole. */
  context.jobs.register({
    kind: 'predict',
    resumable: true,
    parse: (specification) => predictSpecification.parse(specification),
    async prepare(_jobId, specification) {
      const parsed = predictSpecification.parse(specification)
      await assertStillMeant(parsed)
      return parsed
    },
    onEnd(jobId, specification, outcome) {
      const { out } = predictSpecification.parse(specification)
      // A killed process could not remove what it had written.
      if (out !== null && outcome.state !== 'succeeded') rmSync(partialPath(out, jobId), { force: true })
      return Promise.resolve(outcome.state === 'succeeded' ? outcome.result : null)
    },
  })

  /** While a job waited its slot may have lost its approval, or got another version. */
  async function assertStillMeant({ model, onnxPath }: PredictSpecification): Promise<void> {
    if (model === null || parseModelReference(model).kind !== 'alias') return
    const { label, onnxPath: nowMeant } = await models.resolve(model)
    if (nowMeant === onnxPath) return
    throw new MaestroError(
      'STATE_REFUSED',
      `While this waited, ${model} was given to another version: it leads to ${label} now.`,
      'Ask again for its predictions, or name the version that you mean.',
    )
  }

  async function tableOf({ data, upload }: FileRequest): Promise<PredictSpecification['table']> {
    if (upload !== undefined) {
      // An upload is a name in the uploads folder; a path would lead out of it.
      const path = join(context.paths.uploads, basename(upload))
      if (!existsSync(path)) throw new MaestroError('NOT_FOUND', `There is no upload ${upload}.`)
      return { kind: 'file', path, name: uploadedName(basename(upload)) }
    }
    if (data === undefined) throw new MaestroError('INPUT_INVALID', 'Name the table to predict: a dataset or a file.')
    if (isAbsolute(data) || isFile(data)) {
      if (!isFile(data)) throw new MaestroError('FILE_NOT_FOUND', `The file ${data} does not exist or is not a file.`)
      return { kind: 'file', path: resolve(data), name: basename(data) }
    }
    const { columnFilePath, dataset } = await datasets.resolve(data)
    return { kind: 'columns', path: columnFilePath, name: dataset.name }
  }

  return {
    async signature(model) {
      const resolved = await models.resolve(model)
      const { spellings: _, ...signature } = await readSignature(await modelFile(resolved), resolved.signature)
      return signature
    },
    async rows(model, records) {
      const start = performance.now()
      const resolved = await models.resolve(model)
      const onnxPath = await modelFile(resolved)
      const signature = await readSignature(onnxPath, resolved.signature)
      const collector = createWarningCollector()
      const frame = readRows(signature, records, collector)
      const predictions = await context.inference.predictOnnx(onnxPath, frame, { deadlineMs: rowsDeadlineMs })
      return {
        rows: rowsOf(predictions, signature.classes),
        warnings: collector.warnings(),
        milliseconds: performance.now() - start,
      }
    },
    async file(request) {
      const model = await models.resolve(request.model)
      const onnxPath = await modelFile(model)
      const signature = await readSignature(onnxPath, model.signature)
      const table = await tableOf(request)
      const specification: PredictSpecification = {
        model: request.model,
        onnxPath,
        signature: model.signature,
        table,
        out: request.out === undefined ? null : resolve(request.out),
        downloadName: `${parse(table.name).name}-predictions.csv`,
      }
      return context.jobs.start('predict', specification, {
        title: `Predict ${signature.target} for ${table.name}`,
        subject: { type: 'model', id: request.model, name: model.label },
      })
    },
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function rowsOf(
  { nRows, nClasses, values, labelCodes, labels }: OnnxPredictions,
  classes: readonly string[],
): PredictionRow[] {
  const width = nRows === 0 ? 0 : values.length / nRows
  return Array.from({ length: nRows }, (_, row) => {
    // Of several numbers the first is the prediction; a table's CSV has them all.
    if (labelCodes === null) return { prediction: asWireNumber(values[row * width] as number), probabilities: null }
    const ofRow = classes.map((label, k) => [label, values[row * nClasses + k] as number] as const)
    return { prediction: labels[labelCodes[row] as number] as string, probabilities: Object.fromEntries(ofRow) }
  })
}

/** JSON has no infinities. */
function asWireNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}
