import { resolve } from 'node:path'
import { askPassphrase } from '../ask-passphrase.ts'
import type { Command } from '../command.ts'
import { bytes } from '../format.ts'

/** `models evidence`: everything about a version for an auditor. */
export const modelEvidence: Command = {
  name: 'evidence',
  words: 'REF',
  summary: 'write everything that an auditor asks for into one ZIP file: card, decisions, keys, audit, how to verify',
  options: [
    { name: 'out', value: 'FILE.zip', required: true, summary: 'the file' },
    { name: 'log-passphrase', summary: 'ask for the passphrase of the audit log’s key, to sign what the log is' },
  ],
  examples: ['models evidence titanic/3 --out titanic-3-evidence.zip'],
  async run({ client, words: [reference = ''], options }) {
    const passphrase = options.flag('log-passphrase') ? await askPassphrase('Passphrase of the log’s key') : undefined
    const written = await (await client()).evidence.version({
      model: reference,
      out: resolve(options.required('out')),
      ...(passphrase === undefined ? {} : { passphrase }),
    })
    const signed = written.auditSigned ? 'signed by the log’s key' : 'not signed: the log has no key at hand'
    return {
      json: { evidence: written },
      text: `${written.path} (${bytes(written.bytes)}, ${written.files} files)\n${written.entries} entries of the audit log, ${signed}\nreadme.md in it tells how to verify it.`,
    }
  },
}
