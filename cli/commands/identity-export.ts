import { resolve } from 'node:path'
import type { Command } from '../command.ts'
import { bytes } from '../format.ts'
import { usageError } from '../usage-error.ts'

/** `identity export`: everything that is kept about a person. */
export const exportPerson: Command = {
  name: 'export',
  words: 'NAME',
  summary: 'write everything that is kept about a person into one ZIP file',
  options: [{ name: 'out', value: 'FILE.zip', required: true, summary: 'the file' }],
  examples: ['identity export nora --out nora.zip'],
  async run({ client, words: [name = ''], options }) {
    const written = await (await client()).evidence.person({ name, out: resolve(options.required('out')) })
    return {
      json: { export: written },
      text: `${written.path} (${bytes(written.bytes)}, ${written.files} files, ${written.entries} entries of the audit log)`,
    }
  },
}

/** `identity erase`: the same as `audit erase`, where people look for it; asks for a yes. */
export const erasePerson: Command = {
  name: 'erase',
  words: 'NAME',
  summary: 'erase a person’s name and words wherever nothing is signed over them; cannot be undone',
  options: [{ name: 'yes', summary: 'really do it' }],
  examples: ['identity erase nora --yes'],
  async run({ client, words: [name = ''], options }) {
    if (!options.flag('yes')) {
      throw usageError(
        `Erasing ${name} cannot be undone.`,
        `maestro identity export ${name} --out FILE.zip writes what is kept; then maestro identity erase ${name} --yes`,
      )
    }
    const answer = await (await client()).audit.erase({ name })
    const kept = answer.kept.map(({ what, count, why }) => `${count} ${what}: ${why}`)
    return {
      json: answer,
      text: [
        `${answer.erased} values of the log erased, ${answer.renamed} records renamed; the identity is now called ${answer.pseudonym}`,
        ...kept,
      ].join('\n'),
    }
  },
}
