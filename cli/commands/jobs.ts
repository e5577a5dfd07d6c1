import type { Job } from '../../shared/domain/jobs.ts'
import { jobKind, jobState } from '../../shared/domain/jobs.ts'
import type { CommandContext } from '../command.ts'
import { noun } from '../command.ts'
import { isEnded, jobError } from '../follow-job.ts'
import { seconds, table } from '../format.ts'

export const jobs = noun('jobs', 'Long work: see how it gets on, cancel it, take it up again.', [
  {
    name: 'list',
    words: '',
    summary: 'list jobs, newest first',
    options: [
      { name: 'state', value: 'STATE', choices: jobState.options, summary: 'only those in this state' },
      { name: 'kind', value: 'KIND', choices: jobKind.options, summary: 'only those of this kind' },
      { name: 'limit', value: 'N', summary: 'how many (default 100)' },
    ],
    examples: ['jobs list', 'jobs list --state running'],
    async run({ client, options }) {
      const state = jobState.optional().parse(options.text('state'))
      const kind = jobKind.optional().parse(options.text('kind'))
      const limit = options.integer('limit') ?? 100
      const answer = await (await client()).jobs.list({ ...(state ? { state } : {}), ...(kind ? { kind } : {}), limit })
      return { json: answer, text: jobTable(answer.jobs) || 'There are no jobs.' }
    },
  },
  {
    name: 'show',
    words: 'ID',
    summary: 'show a job, with the last lines of its log',
    options: [{ name: 'log', summary: 'the whole log' }],
    examples: ['jobs show 019f2ab34c5d…', 'jobs show 019f2ab34c5d… --log'],
    async run({ client, words: [id = ''], options }) {
      const { jobs: calls } = await client()
      const job = await calls.get({ id })
      const lines = await readLog(calls, id)
      const shown = options.flag('log') ? lines : lines.slice(-10)
      return {
        json: { job, log: shown },
        text: [describeJob(job), ...shown.map(({ time, level, message }) => `${time} ${level} ${message}`)].join('\n'),
      }
    },
  },
  {
    name: 'watch',
    words: 'ID',
    summary: 'follow a job to its end; Ctrl+C leaves it running',
    options: [],
    examples: ['jobs watch 019f2ab34c5d…'],
    async run(context) {
      const [id = ''] = context.words
      const { jobs: calls } = await context.client()
      let job = await calls.get({ id })
      for await (job of await calls.watch({ id }, { signal: context.interrupted })) {
        context.progress.show(job)
        if (context.interrupted.aborted) break
      }
      context.progress.done()
      if (job.state === 'failed') throw jobError(job)
      return { json: { job }, text: describeJob(job), exitCode: isEnded(job) && job.state === 'succeeded' ? 0 : 130 }
    },
  },
  {
    name: 'cancel',
    words: 'ID',
    summary: 'cancel a job; what was finished is kept',
    options: [],
    examples: ['jobs cancel 019f2ab34c5d…'],
    run: (context) => control(context, 'cancel'),
  },
  {
    name: 'resume',
    words: 'ID',
    summary: 'take a failed or cancelled job up again from what it had finished',
    options: [],
    examples: ['jobs resume 019f2ab34c5d…'],
    run: (context) => control(context, 'resume'),
  },
])

async function control({ client, words: [id = ''] }: CommandContext, what: 'cancel' | 'resume') {
  const job = await (await client()).jobs[what]({ id })
  return { json: { job }, text: describeJob(job) }
}

async function readLog(calls: Awaited<ReturnType<CommandContext['client']>>['jobs'], id: string) {
  const all: Awaited<ReturnType<typeof calls.log>>['lines'] = []
  for (let after = 0; ; ) {
    const { lines, next } = await calls.log({ id, after, limit: 5_000 })
    all.push(...lines)
    if (lines.length === 0) return all
    after = next
  }
}

function jobTable(list: readonly Job[]): string {
  return table(
    ['id', 'kind', 'state', 'done', 'what', 'started'],
    list.map((job) => [
      job.id,
      job.kind,
      job.state,
      `${Math.floor(job.progress.fraction * 100)}%`,
      job.title,
      (job.startedAt ?? '').slice(0, 19).replace('T', ' '),
    ]),
  )
}

function describeJob(job: Job): string {
  const { state, title, progress, startedAt, endedAt, error } = job
  const took = startedAt && endedAt ? ` after ${seconds((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)}` : ''
  const lines = [
    `${job.id}  ${title}: ${state}${took}, ${Math.floor(progress.fraction * 100)}% ${progress.detail}`.trimEnd(),
  ]
  if (error) lines.push(`${error.code}: ${error.message}`, error.hint)
  if (job.resumable) lines.push(`maestro jobs resume ${job.id} takes it up again.`)
  return lines.filter((line) => line !== '').join('\n')
}
