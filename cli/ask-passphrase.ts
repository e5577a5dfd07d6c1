import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { MaestroError } from '../shared/errors.ts'

/**
 * The passphrase from MAESTRO_PASSPHRASE (or another variable), or typed on the terminal, where it is not shown. Throws
 * KEY_LOCKED where there is neither.
 */
export async function askPassphrase(question: string, variable = 'MAESTRO_PASSPHRASE'): Promise<string> {
  const given = process.env[variable]
  if (given !== undefined && given !== '') return given
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new MaestroError(
      'KEY_LOCKED',
      `${question}: it is needed, and there is no terminal to type it on.`,
      `Give it in the environment variable ${variable}.`,
    )
  process.stderr.write(`${question}: `)
  // What is typed is not written back.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
