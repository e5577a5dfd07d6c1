import * as z from 'zod'
import { datasetWarning } from './datasets.ts'
import type { MetricName, TaskName } from './values.ts'
import { defaultMetric, digest, estimate, id, metricName, modelName, task, timestamp } from './values.ts'

/** The quantiles that can be learned and judged. */
export const learnableQuantiles = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] as const

const parameterValue = z.union([z.string(), z.number(), z.boolean()])

/** What AutoML is asked to do; stored with the job and parsed again before it runs. */
export const automlSpecification = z.object({
  /** Name, `name/2`, or id of a dataset version. */
  dataset: z.string(),
  target: z.string(),
  task: z.union([z.literal('auto'), task]).default('auto'),
  metric: z.union([z.literal('auto'), metricName]).default('auto'),
  /** Seconds of search. */
  budgetSeconds: z.number().positive().max(86_400).default(60),
  /** Ends after so many trials, whatever the time; null: no such limit. */
  trials: z.int().positive().max(100_000).nullable().default(null),
  seed: z.int().min(0).max(4_294_967_295).default(0),
  /** Worker threads; 0: as many as cores. */
  threads: z.int().min(0).max(256).default(0),
  folds: z.int().min(2).max(20).default(5),
  groupColumn: z.string().nullable().default(null),
  timeColumn: z.string().nullable().default(null),
  weightColumn: z.string().nullable().default(null),
  exclude: z.array(z.string()).default([]),
  /** Learners to use; empty: all that can do the task. */
  learners: z.array(z.string()).default([]),
  /** What matters: best score; one small model within one standard error of it; quick predictions. */
  preference: z.enum(['score', 'simple', 'fast']).default('score'),
  ensemble: z.boolean().default(true),
  /** Correct the probabilities of classes where that helps. */
  calibrate: z.boolean().default(true),
  /** Two classes: class 1 is predicted above it. A number, or what it is chosen for, on predictions of rows not seen. */
  threshold: z
    .union([
      z.number().gt(0).lt(1),
      z.enum(['f1', 'f2', 'balanced']),
      z.object({ falsePositive: z.number().positive(), falseNegative: z.number().positive() }),
    ])
    .default(0.5),
  /** What regressions minimise; anything but squared errors is for gradient boosting alone. */
  objective: z
    .union([z.enum(['squared', 'absolute', 'poisson', 'huber']), z.object({ quantile: z.literal(learnableQuantiles) })])
    .default('squared'),
  /** Columns of numbers with which the prediction may only rise or only fall; for gradient boosting alone. */
  monotone: z.record(z.string(), z.enum(['rising', 'falling'])).default({}),
  /** `balanced`: every class counts alike in training, however many rows it has. */
  classWeights: z.enum(['none', 'balanced']).default('none'),
  experimentName: z.string().nullable().default(null),
  /** Register the winner under this name when done. */
  registerAs: modelName.nullable().default(null),
})

export const leaderboardRow = z.object({
  rank: z.int(),
  trialId: z.int(),
  runId: id,
  learner: z.string(),
  learnerTitle: z.string(),
  params: z.record(z.string(), parameterValue),
  /** Mean over the folds of the ranking metric. */
  score: z.number(),
  scoreStd: z.number(),
  foldScores: z.array(z.number()),
  fitSeconds: z.number(),
  predictMicrosPerRow: z.number(),
  sizeBytes: z.int(),
  /** Members of an ensemble; 1 for a single model. */
  members: z.int(),
})

export const trialState = z.enum(['running', 'succeeded', 'failed', 'stopped'])

export const trial = z.object({
  trialId: z.int(),
  runId: id,
  learner: z.string(),
  learnerTitle: z.string(),
  state: trialState,
  params: z.record(z.string(), parameterValue),
  /** Share of the rows and iterations (successive halving); 1 is the full data. */
  fidelity: z.number(),
  score: z.number().nullable(),
  scoreStd: z.number().nullable(),
  startedAt: z.number(),
  seconds: z.number().nullable(),
  message: z.string(),
})

export const parityCertificate = z.object({
  rows: z.int(),
  labelFlips: z.int(),
  maxAbsDiff: z.number(),
  tolerance: z.number(),
  passed: z.boolean(),
  /** Rows of each kind that were tried: plain, missing, unseen, infinite, threshold, extreme. */
  cases: z.record(z.string(), z.int()),
  engineVersion: z.string(),
  runtimeVersion: z.string(),
  modelDigest: digest,
  /** Rows on which they differ most, if any differ beyond the tolerance. */
  worst: z.array(z.object({ row: z.int(), engine: z.number(), onnx: z.number() })),
  createdAt: timestamp,
})

/** By which order the first models were tried, and why: what did well on earlier tables, or the usual order. */
export const portfolioAdvice = z.object({
  /** Whether earlier tables decided the order. */
  isFollowed: z.boolean(),
  /** 0 to 1: that their order is better than the usual one on this table. */
  confidence: z.number(),
  reason: z.string(),
  /** Of the history, and its tables of the same task. */
  version: z.string(),
  tables: z.int(),
  /** How the table was described to find its like. */
  features: z.array(z.object({ name: z.string(), value: z.number() })),
  /** In the order tried; the chance to be among the best, null where nothing is known. */
  configurations: z.array(
    z.object({
      learner: z.string(),
      params: z.record(z.string(), parameterValue),
      chance: z.number().nullable(),
    }),
  ),
})

/** Where the search stands: all that the live view draws. Trial times are seconds from the start. */
export const automlState = z.object({
  jobId: id,
  experimentId: id,
  experimentName: z.string(),
  dataset: z.object({ name: z.string(), versionId: id, digest, rows: z.int() }),
  target: z.string(),
  task,
  classes: z.array(z.string()),
  metric: metricName,
  budgetSeconds: z.number(),
  elapsedSeconds: z.number(),
  phase: z.enum(['reading', 'portfolio', 'search', 'ensemble', 'export', 'done']),
  trials: z.array(trial),
  expectedTrials: z.int(),
  leaderboard: z.array(leaderboardRow),
  /** Best score after each finished trial. */
  history: z.array(z.object({ seconds: z.number(), trialId: z.int(), score: z.number(), best: z.number() })),
  /** Score of a simple linear model, as the bar to beat; null until known. */
  baseline: z.number().nullable(),
  best: z.object({ trialId: z.int(), runId: id, learner: z.string(), score: estimate }).nullable(),
  parity: parityCertificate.nullable(),
  warnings: z.array(datasetWarning),
  /** Null in states of earlier versions. */
  advice: portfolioAdvice.nullable().default(null),
  /** Why it ended: budget, trials, nothing left to gain, stopped by the user. */
  endReason: z.string().nullable(),
})

/** How good a model is on rows it has not seen: out-of-fold, or a test set. */
export const performance = z.object({
  task,
  classes: z.array(z.string()),
  rows: z.int(),
  /** What the rows are: "5-fold cross-validation" or "test set". */
  basis: z.string(),
  metrics: z.array(z.object({ name: metricName, estimate })),
  /** Classification. Multiclass curves are one-against-the-rest, one a class. */
  roc: z.array(
    z.object({
      label: z.string(),
      auc: z.number(),
      points: z.array(z.object({ x: z.number(), y: z.number(), threshold: z.number() })),
    }),
  ),
  precisionRecall: z.array(
    z.object({
      label: z.string(),
      averagePrecision: z.number(),
      points: z.array(z.object({ x: z.number(), y: z.number(), threshold: z.number() })),
    }),
  ),
  calibration: z.array(
    z.object({
      label: z.string(),
      bins: z.array(z.object({ predicted: z.number(), observed: z.number(), count: z.int() })),
    }),
  ),
  /** matrix[true][predicted] at the model's threshold. */
  confusion: z.array(z.array(z.int())).nullable(),
  /** Binary: counts at 101 thresholds, for the slider. */
  thresholds: z.array(
    z.object({
      threshold: z.number(),
      truePositive: z.int(),
      falsePositive: z.int(),
      trueNegative: z.int(),
      falseNegative: z.int(),
    }),
  ),
  /** Regression: at most 2,000 rows of predicted against true, and the histogram of residuals. */
  residuals: z
    .object({
      points: z.array(z.object({ row: z.int(), actual: z.number(), predicted: z.number() })),
      histogram: z.object({ edges: z.array(z.number()), counts: z.array(z.int()) }),
    })
    .nullable(),
  /** Groups that are predicted worst, worst first, with their sizes. */
  slices: z.array(
    z.object({
      column: z.string(),
      value: z.string(),
      rows: z.int(),
      metric: metricName,
      estimate,
      overall: z.number(),
    }),
  ),
})

export const metricPoint = z.object({ key: z.string(), value: z.number(), step: z.int(), timestamp })

export const run = z.object({
  id,
  experimentId: id,
  experimentName: z.string(),
  name: z.string(),
  status: z.enum(['RUNNING', 'FINISHED', 'FAILED', 'KILLED', 'SCHEDULED']),
  startedAt: timestamp,
  endedAt: timestamp.nullable(),
  params: z.record(z.string(), z.string()),
  /** Latest value of each. */
  metrics: z.record(z.string(), z.number()),
  tags: z.record(z.string(), z.string()),
  deletedAt: timestamp.nullable(),
})

export const runDetail = run.extend({
  datasets: z.array(z.object({ name: z.string(), versionId: id.nullable(), digest: z.string() })),
  artifacts: z.array(z.object({ path: z.string(), bytes: z.int(), digest })),
  performance: performance.nullable(),
  parity: parityCertificate.nullable(),
  /** Models registered from this run. */
  versions: z.array(z.object({ model: z.string(), version: z.int() })),
  jobId: id.nullable(),
  canRegister: z.boolean(),
})

export const experiment = z.object({
  id,
  name: z.string(),
  runs: z.int(),
  lastRunAt: timestamp.nullable(),
  createdAt: timestamp,
  deletedAt: timestamp.nullable(),
})

export type AutomlSpecification = z.infer<typeof automlSpecification>
export type AutomlState = z.infer<typeof automlState>
export type LeaderboardRow = z.infer<typeof leaderboardRow>
export type Trial = z.infer<typeof trial>
export type ParityCertificate = z.infer<typeof parityCertificate>
export type Performance = z.infer<typeof performance>
export type Run = z.infer<typeof run>
export type RunDetail = z.infer<typeof runDetail>
export type Experiment = z.infer<typeof experiment>

export type Objective = z.infer<typeof automlSpecification>['objective']
export type LearnableQuantile = (typeof learnableQuantiles)[number]

/** The metric by which a quantile is judged. */
export function quantileMetric(quantile: LearnableQuantile): MetricName {
  return metricName.parse(`pinball_${Math.round(100 * quantile)}`)
}

/** The metric that ranks when the user has not chosen one: what is minimised is what is judged. */
export function metricOf(task: TaskName, objective: Objective): MetricName {
  if (task !== 'regression') return defaultMetric[task]
  if (typeof objective === 'object') return quantileMetric(objective.quantile)
  return ({ squared: defaultMetric[task], absolute: 'mae', huber: 'mae', poisson: 'poisson_deviance' } as const)[
    objective
  ]
}
