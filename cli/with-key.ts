import { askPassphrase } from './ask-passphrase.ts'
import type { CommandContext } from './command.ts'
import { toCommandError } from './describe-error.ts'

/** Runs what signs; where the key is kept under a passphrase, asks for it, opens the key and runs it again. */
export async function withKey<Answer>({ client }: CommandContext, sign: () => Promise<Answer>): Promise<Answer> {
  try {
    return await sign()
  } catch (error) {
    if (toCommandError(error).code !== 'KEY_LOCKED') throw error
    await (await client()).keys.unlock({ passphrase: await askPassphrase('Passphrase of your key') })
    return sign()
  }
}
