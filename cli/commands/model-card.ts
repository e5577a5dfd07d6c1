import { resolve } from 'node:path'
import type { Command } from '../command.ts'
import { bytes } from '../format.ts'

/** `models card`: the version's card as a file. */
export const modelCard: Command = {
  name: 'card',
  words: 'REF',
  summary: 'write the card of a version: what it is for, how good it is, what its limits are',
  options: [
    { name: 'format', value: 'HOW', choices: ['html', 'pdf', 'json'], summary: 'html (default), pdf or json' },
    { name: 'out', value: 'FILE', required: true, summary: 'the file' },
    { name: 'revision', value: 'N', summary: 'as it was at a revision (default: the newest)' },
  ],
  examples: ['models card titanic/3 --out card.html', 'models card titanic@production --format pdf --out card.pdf'],
  async run({ client, words: [reference = ''], options }) {
    const revision = options.integer('revision')
    const written = await (await client()).cards.export({
      model: reference,
      format: (options.text('format') ?? 'html') as 'html' | 'pdf' | 'json',
      out: resolve(options.required('out')),
      ...(revision === undefined ? {} : { revision }),
    })
    return { json: { card: written }, text: `${written.path} (${bytes(written.bytes)})` }
  },
}
