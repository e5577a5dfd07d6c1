import type { KeyObject } from 'node:crypto'
import * as z from 'zod'
import { MaestroError } from '../../shared/errors.ts'
import type { SigningIdentity } from './signing-keys.ts'
import { fingerprintOf, verifySignature } from './signing-keys.ts'
import { parseStrictJson } from './strict-json.ts'

/** https://github.com/secure-systems-lab/dsse, version 1: content, its type, and signatures over both. */
export interface Envelope {
  /** Base64. */
  readonly payload: string
  readonly payloadType: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

const envelopeSchema = z.strictObject({
  payload: z.string(),
  payloadType: z.string().min(1),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string() })).min(1),
})

/** What is really signed (PAE): type and content with their lengths in bytes, so that neither can pass for the other. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8')
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `, 'utf8'),
    type,
    Buffer.from(` ${payload.length} `, 'utf8'),
    payload,
  ])
}

/** Signs content; the key is named by its fingerprint. */
export function signEnvelope(signer: SigningIdentity, payloadType: string, payload: Uint8Array): Envelope {
  const signature = signer.sign(preAuthenticationEncoding(payloadType, payload))
  return {
    payload: Buffer.from(payload).toString('base64'),
    payloadType,
    signatures: [{ keyid: signer.fingerprint, sig: signature.toString('base64') }],
  }
}

/**
 * The content of an envelope, if it is of this type and has exactly one signature, made by this key. Throws
 * SIGNATURE_INVALID that says what is wrong. `keyid` is not signed and decides nothing.
 */
export function openEnvelope(envelope: unknown, payloadType: string, publicKey: KeyObject): Buffer {
  const parsed = envelopeSchema.safeParse(envelope)
  if (!parsed.success) throw invalid('This is no signed envelope.')
  const { signatures } = parsed.data
  if (parsed.data.payloadType !== payloadType)
    throw invalid(`The envelope holds ${parsed.data.payloadType}, not ${payloadType}.`)
  const [signature] = signatures
  if (signatures.length !== 1 || !signature) throw invalid(`The envelope has ${signatures.length} signatures, not one.`)
  const payload = readBase64(parsed.data.payload, 'payload')
  const bytes = readBase64(signature.sig, 'signature')
  if (!verifySignature(publicKey, preAuthenticationEncoding(payloadType, payload), bytes))
    throw invalid('The signature is not by this key, or the content was changed after it.', {
      fingerprint: fingerprintOf(publicKey),
    })
  return payload
}

/** An envelope from a file. Throws SIGNATURE_INVALID. */
export function readEnvelope(content: Uint8Array | string): Envelope {
  try {
    return envelopeSchema.parse(parseStrictJson(content))
  } catch {
    throw invalid('This is no signed envelope.')
  }
}

/** Only the one way of writing these bytes: white space, missing padding and the alphabet of addresses are refused. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

function readBase64(text: string, what: string): Buffer {
  const bytes = decodeBase64(text)
  if (!bytes) throw invalid(`The ${what} is not in base64.`)
  return bytes
}

function invalid(message: string, details: Readonly<Record<string, unknown>> = {}): MaestroError {
  return new MaestroError(
    'SIGNATURE_INVALID',
    message,
    'Ask whoever sent it to sign again, and to send it unchanged.',
    details,
  )
}
