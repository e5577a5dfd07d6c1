import { resolve } from 'node:path'
import type { Job } from '../../shared/domain/jobs.ts'
import type { AutomlState } from '../../shared/domain/training.ts'
import { automlSpecification } from '../../shared/domain/training.ts'
import { metricName } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { CommandContext, CommandResult } from '../command.ts'
import { verb } from '../command.ts'
import { cancelledExit, followJob } from '../follow-job.ts'
import { number, seconds, table } from '../format.ts'
import { connectToBackground } from '../open-workspace.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { dataReference, importFile } from '../references.ts'
import { usageError } from '../usage-error.ts'
import { choiceOptions, monotoneOf, objectiveOf, preferenceOf, thresholdOf } from './automl-choices.ts'
import type { DeliveredModel } from './automl-delivery.ts'
import { deliverModel, scoreTestRows } from './automl-delivery.ts'

const options: readonly OptionDefinition[] = [
  { name: 'target', value: 'COLUMN', required: true, summary: 'the column to predict' },
  {
    name: 'task',
    value: 'TASK',
    choices: ['auto', 'binary', 'multiclass', 'regression'],
    summary: 'default: found from the target',
  },
  { name: 'metric', value: 'METRIC', choices: ['auto', ...metricName.options], summary: 'what ranks the models' },
  { name: 'budget', value: 'SECONDS', summary: 'time to search (default 60)' },
  { name: 'trials', value: 'N', summary: 'end after so many models, whatever the time' },
  { name: 'seed', value: 'N', summary: 'the same seed and trials give the same models (default 0)' },
  { name: 'threads', value: 'N', summary: 'default: as many as cores' },
  { name: 'folds', value: 'K', summary: 'folds of the cross-validation (default 5)' },
  { name: 'group', value: 'COLUMN', summary: 'rows with the same value stay in one fold' },
  { name: 'time', value: 'COLUMN', summary: 'validate on later rows only' },
  { name: 'weight', value: 'COLUMN', summary: 'weights of the rows' },
  { name: 'exclude', value: 'COLUMN,COLUMN', summary: 'columns not to learn from' },
  {
    name: 'learners',
    value: 'NAME,NAME',
    summary: 'methods to try, such as gradient-boosting (default: all that fit)',
  },
  ...choiceOptions,
  { name: 'test', value: 'FILE', summary: 'score the best model on these rows' },
  { name: 'out', value: 'FILE.csv', summary: 'predictions of the test rows' },
  { name: 'register', value: 'NAME', summary: 'register the best model' },
  { name: 'export', value: 'FILE.onnx', summary: 'write the best model as one ONNX file' },
  { name: 'detach', summary: 'start it and leave; maestro jobs watch shows how it gets on' },
]

export const automl = verb({
  name: 'automl',
  words: 'DATA',
  summary: 'find a good model for a table',
  options,
  examples: [
    'automl titanic.csv --target survived --budget 30 --register titanic --export titanic.onnx',
    'automl titanic-train.csv --target survived --test titanic-test.csv --out predictions.csv --json',
    'automl sales --target amount --metric mae --time date --detach',
    'automl houses.csv --target price --objective quantile:0.9 --budget 60',
    'automl houses.csv --target price --monotone area:+,age:- --budget 60',
  ],
  run: (context) => (context.options.flag('detach') ? runDetached(context) : runHere(context)),
})

async function runDetached(context: CommandContext): Promise<CommandResult> {
  for (const flag of ['test', 'out', 'export']) {
    if (context.options.text(flag) !== undefined) {
      throw usageError(`--${flag} needs the finished model; --detach does not wait for it.`, 'Leave one of them out.')
    }
  }
  const connection = await connectToBackground(context.workspace, context.options.text('as'))
  try {
    const { client } = connection
    const detached = { ...context, connect: () => Promise.resolve(connection), client: () => Promise.resolve(client) }
    const dataset = await dataReference(detached, context.words[0] ?? '')
    const { job } = await client.automl.start({
      ...specification(context, dataset),
      registerAs: context.options.text('register') ?? null,
    })
    return { json: { job }, text: `${job.id}\nmaestro jobs watch ${job.id} shows how it gets on.` }
  } finally {
    await connection.close()
  }
}

async function runHere(context: CommandContext): Promise<CommandResult> {
  const testFile = context.options.text('test')
  const out = context.options.text('out')
  if (out !== undefined && testFile === undefined)
    throw usageError('--out needs --test.', 'It takes the predictions of the test rows.')
  // Before anything is opened: what is written wrongly is told at once.
  const asked = specification(context, 'unknown yet')
  const client = await context.client()
  const dataset = await dataReference(context, context.words[0] ?? '')
  // Before the search: a test file that cannot be read is told now, not after the budget.
  const testData = testFile === undefined ? null : await importFile(context, testFile)
  const given = { ...asked, dataset }
  const { job } = await client.automl.start(given)
  const ended = await followJob(context, job)
  const state = await client.automl.get({ id: job.id })
  const { best } = state
  if (ended.state === 'cancelled' || best === null) return describe(ended, state, given, null, null)
  const test =
    testData === null
      ? null
      : await scoreTestRows(context, best.runId, testData, out === undefined ? null : resolve(out))
  const model = await deliverModel(context, best.runId, {
    registerAs: context.options.text('register') ?? null,
    exportTo: context.options.text('export') ?? null,
  })
  return describe(ended, state, given, test, model)
}

/** The contract's defaults hold for what is not given. */
function specification({ options: given }: CommandContext, dataset: string) {
  const parsed = automlSpecification.safeParse({
    dataset,
    target: given.required('target'),
    task: given.text('task'),
    metric: given.text('metric'),
    budgetSeconds: given.number('budget'),
    trials: given.integer('trials'),
    seed: given.integer('seed'),
    threads: given.integer('threads'),
    folds: given.integer('folds'),
    groupColumn: given.text('group'),
    timeColumn: given.text('time'),
    weightColumn: given.text('weight'),
    exclude: given.list('exclude'),
    learners: given.list('learners'),
    preference: preferenceOf(given.text('prefer')),
    ...(given.flag('uncalibrated') ? { calibrate: false } : {}),
    threshold: thresholdOf(given.text('threshold')),
    objective: objectiveOf(given.text('objective')),
    monotone: monotoneOf(given.list('monotone')),
    classWeights: given.text('class-weights'),
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw usageError(
    `${issue?.path.join('.') ?? 'input'}: ${issue?.message ?? 'does not fit'}.`,
    'maestro automl --help shows what each flag takes.',
  )
}

function describe(
  job: Job,
  state: AutomlState,
  { seed }: ReturnType<typeof specification>,
  test: Record<string, number> | null,
  model: DeliveredModel | null,
): CommandResult {
  const { best, parity } = state
  const trialsRun = state.trials.filter((trial) => trial.state === 'succeeded').length
  const json = {
    job: {
      id: job.id,
      state: job.state,
      seed,
      budgetSeconds: state.budgetSeconds,
      trialsRun,
      seconds: state.elapsedSeconds,
    },
    dataset: { id: state.dataset.versionId, digest: state.dataset.digest, rows: state.dataset.rows },
    task: state.task,
    target: state.target,
    metric: state.metric,
    leaderboard: state.leaderboard,
    best: best && {
      trialId: best.trialId,
      runId: best.runId,
      learner: best.learner,
      score: best.score.value,
      low: best.score.low,
      high: best.score.high,
    },
    test,
    model,
    parity: parity && {
      rows: parity.rows,
      labelFlips: parity.labelFlips,
      maxAbsDiff: parity.maxAbsDiff,
      passed: parity.passed,
    },
    warnings: state.warnings,
    advice: state.advice,
    cancelled: job.state === 'cancelled',
  }
  if (job.state === 'succeeded' && best === null) {
    throw new MaestroError(
      'TRAINING_FAILED',
      state.endReason ?? undefined,
      'Look at the log: maestro jobs show --log.',
      { jobId: job.id },
    )
  }
  return {
    json,
    text: asText(job, state, trialsRun, test, model),
    exitCode: job.state === 'cancelled' ? cancelledExit : 0,
  }
}

/** Rows of the leaderboard that are printed; `--json` has all. */
const shownRows = 10

function asText(
  job: Job,
  state: AutomlState,
  trialsRun: number,
  test: Record<string, number> | null,
  model: DeliveredModel | null,
): string {
  const rows = state.leaderboard
    .slice(0, shownRows)
    .map((row) => [row.rank, row.learnerTitle, row.score, row.scoreStd, row.fitSeconds, row.runId])
  const lines = [
    ...state.warnings.map(({ severity, message }) => `${severity}: ${message}`),
    table(['rank', 'model', state.metric, '±', 'seconds', 'run'], rows) || 'No model was finished.',
    '',
    `${job.state === 'cancelled' ? 'Cancelled: ' : ''}${trialsRun} trials in ${seconds(state.elapsedSeconds)}${state.endReason ? ` (${state.endReason})` : ''}`,
  ]
  if (state.advice) lines.push(`order of the first models: ${state.advice.reason}`)
  if (state.best) {
    const { value, low, high } = state.best.score
    lines.push(`best: ${state.best.learner}, ${state.metric} ${number(value)} (95%: ${number(low)} to ${number(high)})`)
  }
  if (state.parity)
    lines.push(`ONNX against engine: ${state.parity.passed ? 'equal' : 'DIFFERENT'} on ${state.parity.rows} rows`)
  if (test)
    lines.push(
      `test: ${Object.entries(test)
        .map(([name, value]) => `${name} ${number(value)}`)
        .join(', ')}`,
    )
  if (model?.name) lines.push(`registered: ${model.name}/${model.version}`)
  if (model?.onnxPath) lines.push(`model file: ${model.onnxPath}`)
  return lines.join('\n')
}
