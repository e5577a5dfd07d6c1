import { readFileSync, writeFileSync } from 'node:fs'
import type { ColumnType } from '../../../engine/frame/frame.ts'
import type { Signature } from '../../../shared/domain/models.ts'
import type { ReviewFinding } from '../../../shared/domain/reviews.ts'
import { sampleRows } from '../../explain/loaded.ts'
import { frameBatch } from '../../models/frame-batches.ts'
import type { PackageEntry, PackageReader } from '../../packages/package-file.ts'
import { readColumnFile } from '../../tables/column-file.ts'
import { writeCsv } from '../../tables/write-csv.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { withScratchFile } from '../with-scratch-file.ts'

/** Rows of the training table, as CSV. */
const rowsName = 'rows.csv'

/** What the models of a package take and predict. */
type Columns = Pick<Signature, 'target' | 'inputs'>

/**
 * Draws rows of a training table for a reviewer elsewhere: an even draw, and only the columns that the models take and
 * predict, since whoever gets the file can read them.
 */
export function packRows(
  context: ServiceContext,
  columnFilePath: string,
  request: { readonly rows: number; readonly models: readonly Columns[] },
): Promise<{ readonly entries: PackageEntry[]; readonly rows: number }> {
  const table = readColumnFile(columnFilePath)
  const wanted = new Set(request.models.flatMap(({ inputs, target }) => [...inputs.map(({ name }) => name), target]))
  const known = { ...table, columns: table.columns.filter(({ name }) => wanted.has(name)) }
  const rows = sampleRows(table.nRows, request.rows)
  const frame = frameBatch(known, 0, rows.length, rows)
  return withScratchFile(context, '.csv', (path) => {
    writeCsv(frame, path)
    return { entries: [{ name: rowsName, content: readFileSync(path) }], rows: frame.nRows }
  })
}

/** Whether rows came along. */
export function hasRows(reader: PackageReader): boolean {
  return reader.size(rowsName) !== undefined
}

/**
 * Takes the rows of a package in as a dataset, so that its models can be explained, tried and compared on them. Without
 * rows, or where they cannot be read, the models are looked at without.
 */
export async function keepRows(
  services: { readonly context: ServiceContext; readonly datasets: Pick<DatasetService, 'import'> },
  reader: PackageReader,
  about: { readonly name: string; readonly models: readonly Columns[] },
): Promise<{ readonly datasetVersionId: string | null; readonly findings: ReviewFinding[] }> {
  if (!hasRows(reader)) return { datasetVersionId: null, findings: [] }
  const { context, datasets } = services
  return withScratchFile(context, '.csv', async (path) => {
    writeFileSync(path, reader.read(rowsName), { mode: 0o600 })
    const { job } = datasets.import({
      source: { path },
      name: about.name,
      types: typesOf(about.models),
      reading: { delimiter: ',', header: true },
    })
    const ended = await context.jobs.wait(job.id)
    if (ended.state === 'succeeded' && typeof ended.result?.versionId === 'string') {
      return { datasetVersionId: ended.result.versionId, findings: [] }
    }
    const why = ended.error?.message ?? `the import was ${ended.state}`
    return { datasetVersionId: null, findings: [unread(why)] }
  })
}

/** As the models know the columns: a sample may look like something else than the whole table. */
function typesOf(models: readonly Columns[]): Record<string, ColumnType> {
  return Object.fromEntries(models.flatMap(({ inputs }) => inputs.map(({ name, type }) => [name, type])))
}

function unread(why: string): ReviewFinding {
  return {
    code: 'ROWS',
    severity: 'warning',
    message: `The rows that came along could not be read, so that nothing can be tried on them: ${why}`,
  }
}
