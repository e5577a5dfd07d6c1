import type { KeyObject } from 'node:crypto'
import { createHash, sign, verify } from 'node:crypto'
import { decodeBase64 } from './dsse.ts'

/** The sign before a signature line. */
const dash = '\u2014'
const ed25519Type = 0x01

/**
 * Signs a text as a note (https://c2sp.org/signed-note): the text, an empty line, and a line with the signer's name, the
 * first four bytes of the key's hash, and an Ed25519 signature. The text must end in a new line.
 */
export function signNote(text: string, name: string, privateKey: KeyObject, publicKey: KeyObject): string {
  if (!text.endsWith('\n') || text.includes('\n\n')) throw new TypeError('A note is lines of text, each with its end.')
  const signature = Buffer.concat([keyHash(name, publicKey), sign(null, Buffer.from(text, 'utf8'), privateKey)])
  return `${text}\n${dash} ${name} ${signature.toString('base64')}\n`
}

/** The text of a note that this key signed under this name; null for every other note. Further signatures are skipped. */
export function openNote(note: string, name: string, publicKey: KeyObject): string | null {
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n')) return null
  const text = note.slice(0, end + 1)
  const expected = keyHash(name, publicKey)
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [mark, signer, encoded, more] = line.split(' ')
    if (mark !== dash || signer === undefined || encoded === undefined || more !== undefined) return null
    const bytes = decodeBase64(encoded)
    if (!bytes) return null
    if (signer !== name || !bytes.subarray(0, 4).equals(expected)) continue
    return bytes.length === 68 && verify(null, Buffer.from(text, 'utf8'), publicKey, bytes.subarray(4)) ? text : null
  }
  return null
}

/** The four bytes that tell keys of one name apart. */
function keyHash(name: string, publicKey: KeyObject): Buffer {
  return createHash('sha256')
    .update(name, 'utf8')
    .update(Buffer.of(0x0a, ed25519Type))
    .update(rawKey(publicKey))
    .digest()
    .subarray(0, 4)
}

/** The 32 bytes of an Ed25519 public key. */
function rawKey(publicKey: KeyObject): Buffer {
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new TypeError('Notes are signed with Ed25519 keys.')
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
}
