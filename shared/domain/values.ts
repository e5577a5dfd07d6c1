import * as z from 'zod'

/** A 32-digit hexadecimal id, as MLflow's run ids; the first digits are the time, so ids sort by age. */
export const id = z.string().regex(/^[0-9a-f]{32}$/, 'an id has 32 hexadecimal digits')
/** ISO 8601 in UTC. */
export const timestamp = z.iso.datetime()
export const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)
export const name = z
  .string()
  .trim()
  .min(1, 'a name cannot be empty')
  .max(200, 'a name has at most 200 characters')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\u0000-\u001f\u007f/@]+$/, 'a name has no control characters, slash or @')
/** A model's name must not read as another reference to one: an id, or a file (see model-reference.ts). */
export const modelName = name
  .refine((text) => !/^[0-9a-f]{32}$/.test(text), 'a model’s name cannot look like an id')
  .refine((text) => !/\.onnx$/i.test(text), 'a model’s name cannot end in .onnx, as files do')
  .refine((text) => !/^run:/.test(text), 'a model’s name cannot start with run:')
/** NaN and infinities travel as these texts, since JSON has none. */
export const wireNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
export const columnType = z.enum(['number', 'category', 'text', 'datetime', 'boolean', 'id'])
export const task = z.enum(['binary', 'multiclass', 'regression'])
/** A cell of a table: numbers and booleans as such, texts as texts, date-times in ISO 8601, missing as null. */
export const cell = z.union([z.number(), z.string(), z.boolean(), z.null()])
/** An estimate with its 95% bootstrap interval. */
export const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() })
/** One for each quantile that can be learned. */
const quantileLosses = [
  'pinball_5',
  'pinball_10',
  'pinball_25',
  'pinball_50',
  'pinball_75',
  'pinball_90',
  'pinball_95',
] as const
export const metricName = z.enum([
  'roc_auc',
  'log_loss',
  'accuracy',
  'balanced_accuracy',
  'f1',
  'precision',
  'recall',
  'average_precision',
  'brier',
  'mcc',
  'rmse',
  'mae',
  'r2',
  'mape',
  'median_absolute_error',
  'poisson_deviance',
  ...quantileLosses,
])
export type ColumnTypeName = z.infer<typeof columnType>
export type TaskName = z.infer<typeof task>
export type MetricName = z.infer<typeof metricName>
export type Cell = z.infer<typeof cell>
export type Estimate = z.infer<typeof estimate>

/** Metrics where less is better; all others are better when they are greater. */
export const lessIsBetter: ReadonlySet<MetricName> = new Set<MetricName>([
  'log_loss',
  'brier',
  'rmse',
  'mae',
  'mape',
  'median_absolute_error',
  'poisson_deviance',
  ...quantileLosses,
])

/** The metric that ranks when the user has not chosen one. */
export const defaultMetric = {
  binary: 'roc_auc',
  multiclass: 'log_loss',
  regression: 'rmse',
} as const satisfies Record<TaskName, MetricName>
