import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportPipeline, operatorSetsOf } from '../../engine/onnx/export-pipeline.ts'
import { readOnnxMetadata } from '../../engine/onnx/metadata.ts'
import { OnnxExportError } from '../../engine/onnx/onnx-export-error.ts'
import { parsePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { JobMain } from '../jobs/job-context.ts'
import { certify } from '../models/parity.ts'
import { readColumnFile } from '../tables/column-file.ts'
import { portableJob } from './portable-job.ts'

/** Writes a version's model in the form for older runtimes and compares it with the engine, row by row. */
export const main: JobMain = async (given, context) => {
  const job = portableJob.parse(given)
  context.report({ title: 'Exporting', detail: `${job.model} / ${job.version}`, fraction: 0.02 })
  const pipeline = parsePipeline(readFileSync(job.pipeline.path, 'utf8'))
  const { producer, producerVersion, properties } = readOnnxMetadata(readFileSync(job.onnx.path))
  const onnx = writePortable(pipeline, { producer, version: producerVersion, metadata: properties })
  const path = join(context.scratch, 'portable.onnx')
  writeFileSync(path, onnx)
  context.report({ title: 'Checking the export', detail: 'comparing ONNX Runtime with the engine', fraction: 0.1 })
  const parity = await certify(pipeline, path, readColumnFile(job.columnFilePath), {
    cancelled: context.cancelled,
    onProgress: (fraction) => context.report({ fraction: 0.1 + 0.9 * fraction }),
  })
  const report = { form: 'portable', operatorSets: operatorSetsOf('portable'), parity }
  if (!parity.passed) {
    throw new MaestroError(
      'PARITY_FAILED',
      `The portable file differs from the model: ${parity.labelFlips} labels flip, the largest difference is ${parity.maxAbsDiff}.`,
      'Use the file as it is registered, with a newer runtime.',
      { parity },
    )
  }
  return { onnx: context.blobs.put(onnx), report: context.blobs.put(JSON.stringify(report, null, 2)) }
}

function writePortable(...[pipeline, options]: Parameters<typeof exportPipeline>): Uint8Array {
  try {
    return exportPipeline(pipeline, { ...options, dialect: 'portable' })
  } catch (error) {
    if (!(error instanceof OnnxExportError)) throw error
    throw new MaestroError(
      'STATE_REFUSED',
      `There is no portable form of this model: ${error.message}`,
      'Use the file as it is registered, with ONNX Runtime 1.18 or later.',
    )
  }
}
