import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { verifyFolder } from '../../core/services/signatures/signatures-service.ts'
import { MaestroError } from '../../shared/errors.ts'
import { verb } from '../command.ts'
import { withKey } from '../with-key.ts'

export const sign = verb({
  name: 'sign',
  words: 'DIR',
  summary: 'sign all files of a folder with your key (OpenSSF Model Signing)',
  options: [{ name: 'out', value: 'BUNDLE', required: true, summary: 'where to write the signature' }],
  examples: ['sign ./titanic --out titanic.sig'],
  async run(context) {
    const { client, words, options } = context
    const [folder = ''] = words
    const connected = await client()
    const answer = await withKey(context, () =>
      connected.signatures.sign({ folder: resolve(folder), out: resolve(options.required('out')) }),
    )
    // The command's contract has the fields of `verify`: what was just signed is as it was signed.
    return {
      json: { verified: true, findings: [], ...answer },
      text: `signed ${answer.files} files with key ${answer.fingerprint}\nwritten to ${answer.out}`,
    }
  },
})

export const verify = verb({
  name: 'verify',
  words: 'BUNDLE DIR',
  summary: 'verify a folder against its signature, with the public key alone',
  options: [{ name: 'key', value: 'PUB', required: true, summary: 'public key (PEM file)' }],
  examples: ['verify titanic.sig ./titanic --key nora.pub'],
  async run({ words: [bundle = '', folder = ''], options }) {
    const verdict = await verifyFolder(bundle, folder, read(options.required('key')))
    const [fault] = verdict.findings
    return {
      json: verdict,
      text: verdict.verified
        ? `verified: ${verdict.files} files are as they were signed`
        : `not verified: ${fault?.message ?? ''}${fault?.where ? ` (${fault.where})` : ''}`,
      exitCode: verdict.verified ? 0 : 5,
    }
  },
})

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new MaestroError('FILE_NOT_FOUND', `The key ${path} cannot be read.`, 'Look at its name and rights.', {
      path,
    })
  }
}
