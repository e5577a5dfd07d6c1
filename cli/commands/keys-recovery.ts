import { readFileSync } from 'node:fs'
import { askPassphrase } from '../ask-passphrase.ts'
import type { Command } from '../command.ts'
import { toCommandError } from '../describe-error.ts'
import { describeIdentity, keepFrom, keepOption } from '../describe-identity.ts'
import { existingFile } from '../references.ts'

/** `keys revoke`: ends one's own keys. */
export const revokeKeys: Command = {
  name: 'revoke',
  words: '',
  summary: 'end your keys without making a new one; what they signed before stands',
  options: [{ name: 'from', value: 'TIME', summary: 'from when on (ISO 8601; default: now)' }],
  examples: ['keys revoke', 'keys revoke --from 2026-01-31T08:30:00Z'],
  async run({ client, options }) {
    const from = options.text('from')
    const answer = await (await client()).keys.revoke(from === undefined ? {} : { from })
    return { json: answer, text: describeIdentity(answer.identity) }
  },
}

/** `keys recovery`: the phrase from which a key comes back. */
export const recoverKey: Command = {
  name: 'recovery',
  words: '',
  summary: 'show the recovery phrase of your key: write it down, and keep it away from this machine',
  options: [],
  examples: ['keys recovery'],
  async run({ client }) {
    const { keys } = await client()
    const answer = await keys.recovery({}).catch(async (error: unknown) => {
      if (toCommandError(error).code !== 'KEY_LOCKED') throw error
      return keys.recovery({ passphrase: await askPassphrase('Passphrase of your key') })
    })
    return {
      json: answer,
      text: `${answer.phrase}\n\nWhoever has it can sign in your name. It brings back the key ${answer.fingerprint}: maestro keys restore.`,
    }
  },
}

/** `keys restore`: a key from its phrase. */
export const restoreKey: Command = {
  name: 'restore',
  words: '[FILE]',
  summary: 'take a key back from its recovery phrase, typed or in a file',
  options: [keepOption],
  examples: ['keys restore', 'keys restore phrase.txt --keep passphrase'],
  async run({ client, words: [file], options }) {
    const phrase =
      file === undefined
        ? await askPassphrase('Recovery phrase', 'MAESTRO_RECOVERY_PHRASE')
        : readFileSync(existingFile(file), 'utf8')
    const answer = await (await client()).keys.restore({ phrase, keep: await keepFrom(options) })
    return { json: answer, text: describeIdentity(answer.identity) }
  },
}
