import type { MaestroClient } from '../../core/rpc/attach-client.ts'
import type { Run, RunDetail } from '../../shared/domain/training.ts'
import { id } from '../../shared/domain/values.ts'
import { MaestroError } from '../../shared/errors.ts'
import { noun } from '../command.ts'
import { bytes, number, table } from '../format.ts'

export const runs = noun('runs', 'Recorded trainings: search, look at, compare.', [
  {
    name: 'list',
    words: '',
    summary: "search runs, in MLflow's language",
    options: [
      { name: 'experiment', value: 'E', summary: 'name or id of an experiment' },
      { name: 'filter', value: 'EXPR', summary: `as "metrics.roc_auc > 0.8 and params.learner = 'gbdt'"` },
      { name: 'order', value: 'EXPR', summary: 'as "metrics.roc_auc DESC"' },
      { name: 'limit', value: 'N', summary: 'how many (default 100)' },
      { name: 'page', value: 'T', summary: 'what the page before gave as nextPage' },
    ],
    examples: [
      'runs list',
      'runs list --experiment titanic --filter "metrics.roc_auc > 0.8" --order "metrics.roc_auc DESC"',
    ],
    async run({ client, options }) {
      const calls = await client()
      const experiment = options.text('experiment')
      const answer = await calls.runs.list({
        experimentIds: experiment === undefined ? [] : [await experimentId(calls, experiment)],
        filter: options.text('filter') ?? '',
        order: options.text('order') ?? '',
        limit: options.integer('limit') ?? 100,
        page: options.text('page') ?? null,
      })
      return { json: answer, text: runTable(answer.runs, answer.total, answer.nextPage) }
    },
  },
  {
    name: 'show',
    words: 'ID',
    summary: 'show a run with its parameters, metrics and files',
    options: [],
    examples: ['runs show 019f2ab34c5d…'],
    async run({ client, words: [run = ''] }) {
      const detail = await (await client()).runs.get({ id: run })
      return { json: { run: detail }, text: describeRun(detail) }
    },
  },
  {
    name: 'compare',
    words: 'ID ID…',
    summary: 'show where runs differ',
    options: [],
    examples: ['runs compare 019f2ab34c5d… 019f2ab377aa…'],
    async run({ client, words }) {
      const answer = await (await client()).runs.compare({ ids: [...words] })
      const differing = [...answer.params, ...answer.metrics].filter(({ differs }) => differs)
      const rows = differing.map(({ key, values }) => [
        key,
        ...values.map((value) => (value === null ? '' : typeof value === 'number' ? number(value) : value)),
      ])
      return {
        json: answer,
        text: table(['', ...answer.runs.map(({ name }) => name)], rows) || 'They do not differ.',
      }
    },
  },
])

async function experimentId(client: MaestroClient, reference: string): Promise<string> {
  if (id.safeParse(reference).success) return reference
  const { experiments } = await client.experiments.list({})
  const found = experiments.find(({ name }) => name === reference)
  if (!found) {
    const known = experiments.slice(0, 5).map(({ name }) => name)
    throw new MaestroError(
      'NOT_FOUND',
      `There is no experiment "${reference}".`,
      known.length > 0 ? `There are: ${known.join(', ')}.` : 'There are none yet.',
      { experiment: reference },
    )
  }
  return found.id
}

/** Metrics that are printed; `--json` has all. */
const shownMetrics = 3

function runTable(list: readonly Run[], total: number, nextPage: string | null): string {
  if (list.length === 0) return 'There are no such runs.'
  const metrics = [...new Set(list.flatMap(({ metrics: all }) => Object.keys(all)))].slice(0, shownMetrics)
  const rows = list.map((run) => [
    run.id,
    run.experimentName,
    run.name,
    run.status,
    ...metrics.map((key) => (run.metrics[key] === undefined ? '' : number(run.metrics[key]))),
  ])
  const lines = [table(['id', 'experiment', 'name', 'status', ...metrics], rows)]
  if (nextPage !== null) lines.push(`${list.length} of ${total}; --page ${nextPage} shows the next.`)
  return lines.join('\n')
}

function describeRun(run: RunDetail): string {
  const pairs = (record: Readonly<Record<string, string | number>>) =>
    table(
      ['', ''],
      Object.entries(record).map(([key, value]) => [`  ${key}`, value]),
    )
      .split('\n')
      .slice(1)
      .join('\n')
  return [
    `${run.id}  ${run.experimentName} / ${run.name}: ${run.status}`,
    'parameters:',
    pairs(run.params),
    'metrics:',
    pairs(run.metrics),
    'files:',
    ...run.artifacts.map(({ path, bytes: size }) => `  ${path} (${bytes(size)})`),
    ...run.versions.map(({ model, version }) => `registered: ${model}/${version}`),
  ]
    .filter((line) => line !== '')
    .join('\n')
}
