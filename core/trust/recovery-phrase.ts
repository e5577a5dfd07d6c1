import type { KeyObject } from 'node:crypto'
import { createECDH, createHash, createPrivateKey } from 'node:crypto'
import { MaestroError } from '../../shared/errors.ts'

/** https://www.crockford.com/base32.html: no I, L, O or U, which are read as other signs or as words. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const curve = 'prime256v1'
const version = 1
const scalarBytes = 32
const checkBytes = 7
/** 1 + 32 + 7 bytes are 64 signs without a remainder. */
const phraseSigns = 64
const groupSigns = 4

/**
 * A private key on P-256 as a text to be written down: a version byte, the private scalar (32 bytes, big-endian) and the
 * first 7 bytes of the SHA-256 of both, in Crockford's base32, in 16 groups of four. Throws TypeError for another key.
 */
export function writeRecoveryPhrase(privateKey: KeyObject): string {
  const { crv, d } = privateKey.export({ format: 'jwk' })
  if (crv !== 'P-256' || d === undefined) throw new TypeError('Only keys on P-256 have a recovery phrase.')
  const content = Buffer.concat([Buffer.of(version), Buffer.from(d, 'base64url')])
  const signs = encode(Buffer.concat([content, checksum(content)]))
  return (signs.match(/.{4}/g) ?? []).join(' ')
}

/**
 * The key again. Upper and lower case, spaces and dashes do not matter; O is read as 0, I and L as 1. Throws INPUT_INVALID
 * that says what is wrong.
 */
export function readRecoveryPhrase(phrase: string): KeyObject {
  const signs = phrase.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  const strange = [...signs].findIndex((sign) => !alphabet.includes(sign))
  if (strange >= 0) {
    throw invalid(`"${signs[strange] ?? ''}" in group ${Math.floor(strange / groupSigns) + 1} is no sign of one`)
  }
  if (signs.length !== phraseSigns) throw invalid(`it has ${signs.length} signs, not ${phraseSigns}`)
  const bytes = decode(signs)
  const content = bytes.subarray(0, 1 + scalarBytes)
  if (!checksum(content).equals(bytes.subarray(1 + scalarBytes))) {
    throw invalid('a sign is wrong, or two are exchanged')
  }
  if (content[0] !== version) throw invalid('a newer Maestro has made it')
  return keyOf(content.subarray(1))
}

function keyOf(scalar: Buffer): KeyObject {
  const ecdh = createECDH(curve)
  try {
    ecdh.setPrivateKey(scalar)
  } catch {
    throw invalid('it stands for no key')
  }
  // Uncompressed: a byte 4, then both coordinates.
  const point = ecdh.getPublicKey()
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'))
  const d = scalar.toString('base64url')
  return createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', d, x: x ?? '', y: y ?? '' } })
}

function checksum(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest().subarray(0, checkBytes)
}

function encode(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 5) {
    // Five bytes are eight signs; 40 bits fit a double.
    let bits = bytes.readUIntBE(at, 5)
    let group = ''
    for (let sign = 0; sign < 8; sign++) {
      group = (alphabet[bits % 32] ?? '') + group
      bits = Math.floor(bits / 32)
    }
    text += group
  }
  return text
}

function decode(signs: string): Buffer {
  const bytes = Buffer.alloc((signs.length / 8) * 5)
  for (let at = 0; at < signs.length; at += 8) {
    let bits = 0
    for (const sign of signs.slice(at, at + 8)) bits = bits * 32 + alphabet.indexOf(sign)
    bytes.writeUIntBE(bits, (at / 8) * 5, 5)
  }
  return bytes
}

function invalid(why: string): MaestroError {
  return new MaestroError(
    'INPUT_INVALID',
    `This is not a recovery phrase: ${why}.`,
    'It has 16 groups of four letters and digits, as it was shown when it was written down.',
  )
}
