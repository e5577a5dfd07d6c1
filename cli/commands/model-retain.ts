import type { Command } from '../command.ts'
import { table } from '../format.ts'
import { usageError } from '../usage-error.ts'

/** `models retain`: all but the newest versions to the trash, after a look at what that means. */
export const modelRetain: Command = {
  name: 'retain',
  words: '',
  summary: 'move all but the newest versions of each model to the trash; without --apply only say which',
  options: [
    { name: 'keep', value: 'N', required: true, summary: 'how many of each model stay' },
    { name: 'model', value: 'NAME', summary: 'of this model only' },
    { name: 'apply', summary: 'do it; what has an alias, is approved, deployed or waits for a decision always stays' },
  ],
  examples: ['models retain --keep 10', 'models retain --keep 3 --model titanic --apply'],
  async run({ client, options }) {
    const keep = options.integer('keep') ?? 0
    if (keep < 1) throw usageError('--keep takes a number of at least 1.', 'models retain --keep 10')
    const plan = await (await client()).models.retain({
      keep,
      model: options.text('model') ?? null,
      apply: options.flag('apply'),
    })
    const moved = table(
      [plan.applied ? 'moved to the trash' : 'would go', 'made'],
      plan.trash.map(({ name, version, createdAt }) => [
        `${name}/${version}`,
        createdAt.slice(0, 16).replace('T', ' '),
      ]),
    )
    const stays = table(
      ['stays', 'because it'],
      plan.protected.map(({ name, version, reason }) => [`${name}/${version}`, reason]),
    )
    const ending =
      plan.trash.length === 0
        ? 'Nothing has to go.'
        : plan.applied
          ? 'maestro models restore NAME/VERSION brings one back.'
          : 'Nothing was changed; --apply does it.'
    return { json: plan, text: [moved, stays, ending].filter((part) => part !== '').join('\n\n') }
  },
}
