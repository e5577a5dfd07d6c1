import { basename, join } from 'node:path'
import type { Frame } from '../../../engine/frame/frame.ts'
import type { JobContext, JobMain } from '../../jobs/job-context.ts'
import { frameBatch, rowsPerBatch } from '../../models/frame-batches.ts'
import { createSignatureReader } from '../../models/model-signature.ts'
import { createOnnxSessions } from '../../models/onnx-sessions.ts'
import { readColumnFile } from '../../tables/column-file.ts'
import { readTable } from '../../tables/read-table.ts'
import { createPartialFile } from './partial-file.ts'
import { partialPath } from './partial-path.ts'
import type { PredictResult, PredictSpecification } from './predict-specification.ts'
import { predictSpecification } from './predict-specification.ts'
import { scoreTable } from './score-table.ts'
import { createWarningCollector } from './warning-collector.ts'

/**
 * Scores a table into a CSV. ONNX Runtime runs in this process: it belongs to this job alone and is killed with it, and
 * the rows need not travel.
 */
export const main: JobMain = async (specification, job) => {
  const { onnxPath, signature: registered, table, out, downloadName } = predictSpecification.parse(specification)
  const started = performance.now()
  job.report({ title: 'Reading', detail: table.name })
  const signature = await createSignatureReader()(onnxPath, registered)
  const frame = await loadTable(table, job)
  const target = out ?? join(job.scratch, downloadName)
  const file = createPartialFile(target, partialPath(target, job.jobId))
  const sessions = createOnnxSessions()
  const warnings = createWarningCollector()
  try {
    const rows = await scoreTable({
      onnxPath,
      signature,
      sessions,
      parts: partsOf(frame),
      warnings,
      write: file.write,
      cancelled: job.cancelled,
      onRows: progressOf(job, frame.nRows),
    })
    file.complete()
    const result: PredictResult = {
      rows,
      seconds: (performance.now() - started) / 1000,
      ...deliver(job, target, out, downloadName),
      warnings: warnings.warnings().map(({ row, column, code }) => ({ row, column, code })),
      warningCounts: warnings.counts(),
      rejected: frame.nRows - rows,
    }
    return { ...result }
  } finally {
    file.discard()
    await sessions.release()
  }
}

/** What was asked for as a download goes into the blob store. */
function deliver(
  job: JobContext,
  path: string,
  out: string | null,
  downloadName: string,
): Pick<PredictResult, 'out' | 'href'> {
  if (out !== null) return { out, href: null }
  const { digest } = job.blobs.putFile(path, { move: true })
  const hex = digest.replace('sha256:', '')
  return { out: null, href: `/files/${hex}/${encodeURIComponent(basename(downloadName))}` }
}

function* partsOf(frame: Frame): Generator<Frame> {
  const size = rowsPerBatch(frame.columns.length)
  for (let start = 0; start < frame.nRows; start += size) {
    yield frameBatch(frame, start, Math.min(frame.nRows, start + size))
  }
}

function progressOf(job: JobContext, nRows: number): (rows: number) => void {
  const started = performance.now()
  return (rows) => {
    const rate = rows / Math.max(1e-3, (performance.now() - started) / 1000)
    job.report({
      fraction: rows / nRows,
      title: 'Predicting',
      detail: `${rows.toLocaleString('en')} of ${nRows.toLocaleString('en')} rows`,
      rate: { value: rate, unit: 'rows' },
      secondsLeft: (nRows - rows) / rate,
    })
  }
}

/** Types are found anew: the signature says how each cell is to be taken, whatever the column looks like here. */
async function loadTable(table: PredictSpecification['table'], job: JobContext): Promise<Frame> {
  if (table.kind === 'columns') return readColumnFile(table.path)
  const { frame, warnings } = await readTable({
    path: table.path,
    scratch: job.scratch,
    types: {},
    reading: {},
    signal: job.cancelled,
    onProgress: (_, detail) => job.report({ title: 'Reading', detail }),
  })
  for (const { message } of warnings) job.log('warn', message)
  return frame
}
