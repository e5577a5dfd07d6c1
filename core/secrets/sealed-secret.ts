import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import * as z from 'zod'
import { MaestroError } from '../../shared/errors.ts'

/** 128 MB and about a third of a second a guess: https://datatracker.ietf.org/doc/html/rfc7914, N = 2^17, r = 8, p = 1. */
const cost = { n: 131_072, r: 8, p: 1 }

const base64 = z.base64()
const sealed = z.strictObject({
  version: z.literal(1),
  method: z.literal('scrypt+aes-256-gcm'),
  // Bounded, so that a file cannot ask for more memory than there is, nor for a weaker lock than ours.
  n: z.literal(cost.n),
  r: z.literal(cost.r),
  p: z.literal(cost.p),
  salt: base64,
  iv: base64,
  tag: base64,
  data: base64,
})

/** Encrypts a secret under a passphrase (scrypt, AES-256-GCM). `name` is bound to it: it opens only under the same name. */
export async function sealSecret(name: string, secret: Uint8Array, passphrase: string): Promise<string> {
  const salt = randomBytes(16)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(passphrase, salt), iv)
  cipher.setAAD(Buffer.from(name, 'utf8'))
  const data = Buffer.concat([cipher.update(secret), cipher.final()])
  return JSON.stringify({
    version: 1,
    method: 'scrypt+aes-256-gcm',
    ...cost,
    salt: salt.toString('base64'),
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  } satisfies z.infer<typeof sealed>)
}

/** The secret again. Throws PASSPHRASE_WRONG, also for what was changed since: the two cannot be told apart. */
export async function openSecret(name: string, content: string, passphrase: string): Promise<Buffer> {
  const parsed = parse(content)
  const key = await deriveKey(passphrase, Buffer.from(parsed.salt, 'base64'))
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(parsed.iv, 'base64'), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(name, 'utf8'))
    decipher.setAuthTag(Buffer.from(parsed.tag, 'base64'))
    return Buffer.concat([decipher.update(Buffer.from(parsed.data, 'base64')), decipher.final()])
  } catch {
    throw new MaestroError(
      'PASSPHRASE_WRONG',
      undefined,
      'Try again. If it is forgotten, make a new key: maestro keys rotate.',
    )
  }
}

function parse(content: string): z.infer<typeof sealed> {
  try {
    return sealed.parse(JSON.parse(content))
  } catch {
    throw new MaestroError(
      'KEY_MISSING',
      'The encrypted key is damaged.',
      'Restore a backup (maestro backup list), or make a new key: maestro keys rotate.',
    )
  }
}

function deriveKey(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  const { n: N, r, p } = cost
  return new Promise((resolve, reject) => {
    // The same letters typed on another system may come composed otherwise.
    scrypt(passphrase.normalize('NFC'), salt, 32, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
