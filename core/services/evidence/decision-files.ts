import { createPublicKey } from 'node:crypto'
import type { PackageEntry } from '../../packages/package-file.ts'
import { preAuthenticationEncoding, readEnvelope } from '../../trust/dsse.ts'
import { fingerprintOf } from '../../trust/signing-keys.ts'

/** A signer's key with the time in which its signatures count. */
export interface SignerRecord {
  readonly name: string
  readonly role: string
  readonly fingerprint: string
  readonly validFrom: string
  /** Null while it is valid. */
  readonly validUntil: string | null
  /** PEM. */
  readonly publicKey: string
}

/**
 * A signed decision for tools that know no DSSE: the envelope, the statement in it, and the very bytes that were signed with
 * the signature over them.
 */
export function decisionFiles(folder: string, envelope: string): PackageEntry[] {
  const { payload, payloadType, signatures } = readEnvelope(envelope)
  const statement = Buffer.from(payload, 'base64')
  return [
    { name: `${folder}.dsse.json`, content: Buffer.from(envelope, 'utf8') },
    { name: `${folder}.statement.json`, content: statement },
    { name: `${folder}.signed`, content: preAuthenticationEncoding(payloadType, statement) },
    { name: `${folder}.sig`, content: Buffer.from(signatures[0]?.sig ?? '', 'base64') },
  ]
}

/** The text of a signed note and the signature over it, for tools that know no notes. */
export function noteFiles(name: string, note: string | null): PackageEntry[] {
  if (note === null) return []
  const end = note.lastIndexOf('\n\n')
  const signature = Buffer.from(
    note
      .slice(end + 2)
      .trimEnd()
      .split(' ')
      .at(-1) ?? '',
    'base64',
  )
  return [
    { name: `${name}.note`, content: Buffer.from(note, 'utf8') },
    { name: `${name}.signed`, content: Buffer.from(note.slice(0, end + 1), 'utf8') },
    // The first four bytes only tell keys of one name apart.
    { name: `${name}.sig`, content: signature.subarray(4) },
  ]
}

/** Public keys as PEM files named by the first digits of their fingerprints, and a list of whose they are and since when. */
export function keyFiles(signers: readonly SignerRecord[], logKeys: readonly string[]): PackageEntry[] {
  const known = [...new Map(signers.map((each) => [each.fingerprint, each])).values()].sort((a, b) =>
    a.fingerprint < b.fingerprint ? -1 : 1,
  )
  const logs = logKeys.map((pem) => ({ pem, fingerprint: fingerprintOf(createPublicKey(pem)) }))
  const list = {
    signers: known.map(({ publicKey: _, ...rest }) => ({ ...rest, file: signerFile(rest.fingerprint) })),
    auditLog: logs.map(({ fingerprint }) => ({ fingerprint, file: logFile(fingerprint) })),
  }
  return [
    { name: 'keys/keys.json', content: jsonFile(list) },
    ...known.map((each) => ({ name: signerFile(each.fingerprint), content: Buffer.from(each.publicKey, 'utf8') })),
    ...logs.map(({ pem, fingerprint }) => ({ name: logFile(fingerprint), content: Buffer.from(pem, 'utf8') })),
  ]
}

export function signerFile(fingerprint: string): string {
  return `keys/signer-${shortHex(fingerprint)}.pem`
}

export function logFile(fingerprint: string): string {
  return `keys/audit-log-${shortHex(fingerprint)}.pem`
}

/** Indented, for people; the order of keys is that in which they were put. */
export function jsonFile(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8')
}

/** Lines as `sha256sum -c` reads them. */
export function sumsFile(sums: readonly { readonly name: string; readonly digest: string }[]): Buffer {
  return Buffer.from(sums.map(({ name, digest }) => `${digest.slice('sha256:'.length)}  ${name}\n`).join(''), 'utf8')
}

function shortHex(fingerprint: string): string {
  return fingerprint.replace(/^sha256:/, '').slice(0, 16)
}
