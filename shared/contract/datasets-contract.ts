import * as z from 'zod'
import {
  datasetDetail,
  dataset as datasetSummary,
  datasetWarning,
  rowsInput,
  rowsPage,
  targetSuggestion,
} from '../domain/datasets.ts'
import { job } from '../domain/jobs.ts'
import { lineage } from '../domain/models.ts'
import { cell, columnType, name } from '../domain/values.ts'
import { command, query } from './base.ts'

/** `name`, `name/2`, an id, or the id of a version. */
const reference = z.object({ dataset: z.string().min(1) })

/** Where the table comes from: a path that the host can read, a finished upload, or pasted text. */
const source = z.union([
  z.object({ path: z.string().min(1) }),
  z.object({ upload: z.string().min(1) }),
  z.object({ text: z.string().min(1), fileName: z.string().default('pasted.csv') }),
])

const reading = z.object({
  delimiter: z.string().max(4).optional(),
  quote: z.string().max(1).optional(),
  encoding: z.enum(['utf-8', 'utf-16', 'latin-1']).optional(),
  header: z.boolean().optional(),
  decimalComma: z.boolean().optional(),
})

const types = z.record(z.string(), columnType)

export const datasetsContract = {
  datasets: {
    /** Reads the first rows and all types without keeping anything. */
    preview: command('datasets:read', '/datasets/preview')
      .input(z.object({ source, reading: reading.default({}) }))
      .output(
        z.object({
          fileName: z.string(),
          bytes: z.int(),
          format: z.string(),
          reading: z.record(z.string(), z.string()),
          columns: z.array(z.object({ name: z.string(), type: columnType })),
          rows: z.array(z.array(cell)),
          warnings: z.array(datasetWarning),
        }),
      ),
    /** Starts an import job; its result names the dataset. The same bytes read the same way give the dataset that is there. */
    import: command('datasets:write', '/datasets')
      .input(z.object({ source, name: name.optional(), types: types.default({}), reading: reading.default({}) }))
      .output(z.object({ job })),
    list: query('datasets:read', '/datasets')
      .input(z.object({ deleted: z.coerce.boolean().default(false) }).prefault({}))
      .output(z.object({ datasets: z.array(datasetSummary) })),
    get: query('datasets:read', '/datasets/{+dataset}').input(reference).output(datasetDetail),
    rows: command('datasets:read', '/datasets/rows').input(rowsInput).output(rowsPage),
    /** What choosing this column as the target means: task, classes, relations, leakage. */
    target: command('datasets:read', '/datasets/target')
      .input(reference.extend({ target: z.string() }))
      .output(targetSuggestion),
    /** A new version with other column types, read again from the stored source. */
    retype: command('datasets:write', '/datasets/retype').input(reference.extend({ types })).output(z.object({ job })),
    update: command('datasets:write', '/datasets/update', 'PATCH')
      .input(reference.extend({ name: name.optional(), description: z.string().max(20_000).optional() }))
      .output(datasetSummary),
    delete: command('datasets:write', '/datasets/delete').input(reference).output(datasetSummary),
    restore: command('datasets:write', '/datasets/restore').input(reference).output(datasetSummary),
    /** Gives it up for good, with the bytes that nothing else uses. Only from the trash. */
    purge: command('datasets:write', '/datasets/purge')
      .input(reference)
      .output(z.object({ freedBytes: z.int() })),
    /** Writes the table as CSV where the host can write; without `out` gives a download. */
    export: command('datasets:read', '/datasets/export')
      .input(reference.extend({ out: z.string().optional() }))
      .output(z.object({ out: z.string(), rows: z.int(), bytes: z.int(), href: z.string().nullable() })),
    /** All that came of a dataset's version: what is affected if it is bad. */
    lineage: query('datasets:read', '/dataset-lineage/{+dataset}').input(reference).output(lineage),
    /** Rows, runs and versions that came of it. */
    usedBy: query('datasets:read', '/datasets-used-by/{+dataset}')
      .input(reference)
      .output(
        z.object({
          experiments: z.array(z.object({ id: z.string(), name: z.string(), runs: z.int() })),
          versions: z.array(z.object({ model: z.string(), version: z.int() })),
        }),
      ),
  },
}
