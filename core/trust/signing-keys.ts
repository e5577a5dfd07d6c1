import type { KeyObject } from 'node:crypto'
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { MaestroError } from '../../shared/errors.ts'

/** Somebody who can sign: the private half stays behind `sign`. */
export interface SigningIdentity {
  readonly publicKey: KeyObject
  /** `sha256:<hex>` of the public key as SubjectPublicKeyInfo in DER: the name under which a key is known. */
  readonly fingerprint: string
  /** An ECDSA signature in DER over SHA-256 of the bytes. */
  sign(content: Uint8Array): Buffer
}

/** A new key on P-256: the curve that OpenSSF Model Signing asks every verifier for. */
export function generateSigningKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

/** A signer with the private key in this process' memory. Throws TypeError for a key that is not on P-256. */
export function signingIdentity(privateKey: KeyObject): SigningIdentity {
  assertCurve(privateKey)
  const publicKey = createPublicKey(privateKey)
  return {
    publicKey,
    fingerprint: fingerprintOf(publicKey),
    sign: (content) => sign('sha256', content, privateKey),
  }
}

/** Whether `signature` (DER) over `content` was made by the private half of a P-256 key. Never throws for a bad signature. */
export function verifySignature(publicKey: KeyObject, content: Uint8Array, signature: Uint8Array): boolean {
  assertCurve(publicKey)
  try {
    return verify('sha256', content, publicKey, signature)
  } catch {
    return false
  }
}

/** `sha256:<hex>` of the key as SubjectPublicKeyInfo in DER. */
export function fingerprintOf(publicKey: KeyObject): string {
  return `sha256:${createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`
}

/** The public key as PEM, the way other tools read it. */
export function publicKeyPem(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'pem' }) as string
}

/** Reads a public key in PEM. Throws INPUT_INVALID for anything else: a private key, a certificate. */
export function readPublicKey(pem: string): KeyObject {
  // createPublicKey would also take a private key or a certificate; neither is what was asked for.
  if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(pem)) throw notAKey()
  try {
    return createPublicKey({ key: pem, format: 'pem' })
  } catch {
    throw notAKey()
  }
}

/** PKCS #8 in DER, to be kept where secrets are kept. */
export function exportPrivateKey(privateKey: KeyObject): Buffer {
  return privateKey.export({ type: 'pkcs8', format: 'der' })
}

/** The inverse of exportPrivateKey; throws where the bytes are not a key. */
export function importPrivateKey(content: Buffer): KeyObject {
  return createPrivateKey({ key: content, format: 'der', type: 'pkcs8' })
}

function assertCurve(key: KeyObject): void {
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new TypeError('Signing identities have keys on P-256.')
}

function notAKey(): MaestroError {
  return new MaestroError(
    'INPUT_INVALID',
    'This is not a public key.',
    'Give a file that begins with "-----BEGIN PUBLIC KEY-----"; maestro keys show prints one.',
  )
}
