import type { MaestroClient } from '../../core/rpc/attach-client.ts'
import type { CommandResult } from '../command.ts'
import { number, table } from '../format.ts'
import type { ParsedOptions } from '../parse-options.ts'

/** Flags of `models list` that ask for versions rather than models. */
export const versionOptions = ['filter', 'order', 'limit', 'page'] as const

/** Versions of all models that a filter holds for. */
export async function listVersions(client: MaestroClient, options: ParsedOptions): Promise<CommandResult> {
  const answer = await client.models.versions({
    filter: options.text('filter') ?? '',
    order: options.text('order') ?? '',
    limit: options.integer('limit') ?? 100,
    page: options.text('page') ?? null,
    deleted: options.flag('deleted'),
  })
  const rows = answer.versions.map(({ name, version, learner, metric, score, aliases, state, createdAt }) => [
    `${name}/${version}`,
    learner,
    metric && score ? `${metric} ${number(score.value)}` : '',
    aliases.join(', '),
    state === 'none' ? '' : state,
    createdAt.slice(0, 16).replace('T', ' '),
  ])
  const lines = [
    table(['version', 'learner', 'score', 'aliases', 'state', 'made'], rows) || 'There are no such versions.',
  ]
  if (answer.nextPage !== null)
    lines.push(`${answer.versions.length} of ${answer.total}; --page ${answer.nextPage} shows the next.`)
  return { json: answer, text: lines.join('\n') }
}
