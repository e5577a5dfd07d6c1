import type { KeyObject } from 'node:crypto'
import { createHash, verify, X509Certificate } from 'node:crypto'
import * as z from 'zod'
import { decodeBase64, preAuthenticationEncoding } from '../dsse.ts'
import { inTotoPayloadType } from '../in-toto.ts'
import { publicKeyPem } from '../signing-keys.ts'
import { parseStrictJson } from '../strict-json.ts'
import { trustedKeyOf } from './certificate-chain.ts'
import { Refusal } from './refusal.ts'

/** Bundles of https://github.com/sigstore/protobuf-specs, as OpenSSF Model Signing 1.0 uses them. */
export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** Who has to have signed: the holder of a key, or of a certificate that one of these issued. */
export type SignerTrust =
  | { readonly kind: 'key'; readonly publicKey: KeyObject }
  | { readonly kind: 'certificate'; readonly trusted: readonly X509Certificate[] }

const material = z.strictObject({
  publicKey: z
    .strictObject({ hint: z.string().optional(), rawBytes: z.string().optional(), keyDetails: z.string().optional() })
    .optional(),
  x509CertificateChain: z
    .strictObject({
      certificates: z
        .array(z.strictObject({ rawBytes: z.string() }))
        .min(1)
        .max(16),
    })
    .optional(),
  // Entries of a transparency log need a network and its keys to mean anything: none are expected, none are believed.
  tlogEntries: z.array(z.never()).optional(),
})

const bundleSchema = z.strictObject({
  mediaType: z.literal(bundleMediaType),
  verificationMaterial: material,
  dsseEnvelope: z.strictObject({
    payload: z.string(),
    payloadType: z.literal(inTotoPayloadType),
    // It is not signed: an id that says something would only mislead.
    signatures: z.array(z.strictObject({ sig: z.string(), keyid: z.literal('').nullish() })).length(1),
  }),
})

/** The hash that goes with each curve of the specification. */
const hashes: Readonly<Record<string, string>> = { prime256v1: 'sha256', secp384r1: 'sha384', secp521r1: 'sha512' }

/** The signed content of a bundle, after the signature and the signer were verified. Throws Refusal. */
export function openBundle(content: Uint8Array, trust: SignerTrust): Buffer {
  const bundle = read(content)
  const { payload, payloadType, signatures } = bundle.dsseEnvelope
  const bytes = base64(payload, 'the payload')
  const signature = base64(signatures[0]?.sig ?? '', 'the signature')
  const key = signerKey(bundle.verificationMaterial, trust)
  const hash = hashes[key.asymmetricKeyDetails?.namedCurve ?? '']
  if (key.asymmetricKeyType !== 'ec' || hash === undefined)
    throw new Refusal('KEY_KIND', 'the key is not on P-256, P-384 or P-521')
  let isGood = false
  try {
    isGood = verify(hash, preAuthenticationEncoding(payloadType, bytes), key, signature)
  } catch {
    isGood = false
  }
  if (!isGood) throw new Refusal('SIGNATURE', 'the signature is not by this key over this content')
  return bytes
}

/** How Model Signing names a key: SHA-256 of its PEM, in hexadecimal. */
export function hintOf(publicKey: KeyObject): string {
  return createHash('sha256').update(publicKeyPem(publicKey)).digest('hex')
}

function read(content: Uint8Array): z.infer<typeof bundleSchema> {
  let parsed: unknown
  try {
    parsed = parseStrictJson(content)
  } catch (error) {
    throw new Refusal('BUNDLE', `the bundle cannot be read: ${(error as Error).message.slice(0, 200)}`)
  }
  const bundle = bundleSchema.safeParse(parsed)
  if (bundle.success) return bundle.data
  const [issue] = bundle.error.issues
  throw new Refusal(
    'BUNDLE',
    `the bundle has a fault at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? ''}`,
  )
}

function signerKey({ publicKey, x509CertificateChain }: z.infer<typeof material>, trust: SignerTrust): KeyObject {
  if ((publicKey === undefined) === (x509CertificateChain === undefined))
    throw new Refusal('BUNDLE', 'the bundle has to name one key or one certificate')
  if (trust.kind === 'key') {
    if (!publicKey) throw new Refusal('SIGNER_KIND', 'the bundle is signed with a certificate; a key was expected')
    if (publicKey.hint !== undefined && publicKey.hint !== hintOf(trust.publicKey))
      throw new Refusal('KEY_OTHER', 'the bundle names another key')
    return trust.publicKey
  }
  if (!x509CertificateChain)
    throw new Refusal('SIGNER_KIND', 'the bundle is signed with a key; a certificate was expected')
  const chain = x509CertificateChain.certificates.map(({ rawBytes }) => certificate(rawBytes))
  return trustedKeyOf(chain, trust.trusted, new Date())
}

function certificate(encoded: string): X509Certificate {
  const bytes = base64(encoded, 'a certificate')
  try {
    return new X509Certificate(bytes)
  } catch {
    throw new Refusal('CERTIFICATE', 'a certificate in the bundle cannot be read')
  }
}

function base64(text: string, what: string): Buffer {
  const bytes = decodeBase64(text)
  if (!bytes) throw new Refusal('BUNDLE', `${what} is not in base64`)
  return bytes
}
