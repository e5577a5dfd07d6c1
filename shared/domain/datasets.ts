import * as z from 'zod'
import { cell, columnType, digest, id, timestamp, wireNumber } from './values.ts'

export const histogram = z.object({
  /** n + 1 edges; bin i is edges[i] ≤ x < edges[i+1], the last one closed. */
  edges: z.array(z.number()),
  counts: z.array(z.int()),
})

/** Exact statistics of one column over all its rows. */
export const columnProfile = z.object({
  name: z.string(),
  type: columnType,
  rows: z.int(),
  missing: z.int(),
  distinct: z.int(),
  /** Numbers and date-times (seconds since 1970); null where the column has no numbers. */
  numeric: z
    .object({
      mean: z.number(),
      std: z.number(),
      min: z.number(),
      max: z.number(),
      zeros: z.int(),
      negatives: z.int(),
      infinities: z.int(),
      /** At 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99; linear interpolation between order statistics (type 7). */
      quantiles: z.array(z.number()),
      histogram,
    })
    .nullable(),
  /** Most frequent values, at most 20, with their counts; null for plain numbers with many values. */
  top: z.array(z.object({ value: z.string(), count: z.int() })).nullable(),
  /** Characters, for texts. */
  lengths: z.object({ min: z.int(), mean: z.number(), max: z.int() }).nullable(),
})

export const datasetWarning = z.object({
  code: z.enum([
    'CONSTANT',
    'ALL_MISSING',
    'IDENTIFIER',
    'DUPLICATE_ROWS',
    'DUPLICATE_COLUMN',
    'LEAKAGE',
    'IMBALANCE',
    'TARGET_MISSING_VALUES',
    'TIME_MISSING',
    'MANY_MISSING',
    'HIGH_CARDINALITY',
    'MIXED_TYPES',
    'RENAMED_COLUMN',
    'RAGGED_ROWS',
    'AMBIGUOUS_DATES',
    'DECIMAL_COMMA',
    'INFINITE_VALUES',
    'NUL_BYTES',
    'MERGED_SPELLINGS',
    'ENCODING',
    'KNOWN_PROBLEM',
  ]),
  severity: z.enum(['info', 'warning', 'error']),
  column: z.string().nullable(),
  /** One sentence: what is so, with its numbers. */
  message: z.string(),
  /** Why it matters and one thing to do. */
  hint: z.string(),
  /** Where a problem known from elsewhere is described. */
  source: z.string().optional(),
})

export const dataset = z.object({
  id,
  name: z.string(),
  version: z.int(),
  versionId: id,
  digest,
  rows: z.int(),
  columnCount: z.int(),
  bytes: z.int(),
  source: z.string(),
  description: z.string(),
  createdAt: timestamp,
  deletedAt: timestamp.nullable(),
})

export const datasetDetail = dataset.extend({
  columns: z.array(columnProfile),
  warnings: z.array(datasetWarning),
  versions: z.array(z.object({ version: z.int(), versionId: id, digest, rows: z.int(), createdAt: timestamp })),
  /** How the file was read: format, delimiter, quote, encoding, header. */
  reading: z.record(z.string(), z.string()),
})

/** A filter of one column; several are joined by AND. */
export const rowFilter = z.object({
  column: z.string(),
  operator: z.enum(['=', '!=', '<', '<=', '>', '>=', 'contains', 'missing', 'present']),
  value: cell.default(null),
})

export const rowsInput = z.object({
  dataset: z.string(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5_000).default(100),
  sort: z.object({ column: z.string(), descending: z.boolean() }).nullable().default(null),
  filters: z.array(rowFilter).default([]),
})

export const rowsPage = z.object({
  /** All rows that match. */
  total: z.int(),
  columns: z.array(z.object({ name: z.string(), type: columnType })),
  /** Each row: its 0-based position in the dataset, and its cells. */
  rows: z.array(z.object({ row: z.int(), cells: z.array(z.union([cell, wireNumber])) })),
})

/** How strongly a column goes with the target, 0 to 1, and by which measure. */
export const targetRelation = z.object({
  column: z.string(),
  strength: z.number(),
  measure: z.enum(['pearson', 'eta', 'cramers_v']),
  /** Score that the column reaches alone (ROC AUC, accuracy or R²), for the leakage warning. */
  alone: z.number().nullable(),
})

export const targetSuggestion = z.object({
  target: z.string(),
  task: z.enum(['binary', 'multiclass', 'regression']),
  classes: z.array(z.object({ label: z.string(), count: z.int() })).nullable(),
  usableRows: z.int(),
  relations: z.array(targetRelation),
  warnings: z.array(datasetWarning),
})

export type ColumnProfile = z.infer<typeof columnProfile>
export type DatasetWarning = z.infer<typeof datasetWarning>
export type DatasetSummary = z.infer<typeof dataset>
export type DatasetDetail = z.infer<typeof datasetDetail>
export type RowFilter = z.infer<typeof rowFilter>
export type RowsInput = z.infer<typeof rowsInput>
export type RowsPage = z.infer<typeof rowsPage>
export type TargetSuggestion = z.infer<typeof targetSuggestion>
