import type { KeyObject, X509Certificate } from 'node:crypto'
import { Refusal } from './refusal.ts'

const longestChain = 8
const codeSigning = '1.3.6.1.5.5.7.3.3'

/**
 * The signer's key, if a chain of issuers leads from the first certificate to one that is trusted. The bundle's others may
 * stand between, never at the end. Throws Refusal.
 */
export function trustedKeyOf(
  chain: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  now: Date,
): KeyObject {
  const [signer, ...between] = chain
  if (!signer) throw new Refusal('CERTIFICATE', 'the bundle has no certificate')
  if (signer.ca) throw new Refusal('CERTIFICATE', 'the signer’s certificate is one of an issuer')
  assertMaySign(signer)
  assertValid(signer, now)
  let current = signer
  for (let step = 0; step < longestChain; step++) {
    const subject = current
    const anchor = trusted.find((each) => isIssuedBy(subject, each))
    if (anchor) {
      assertValid(anchor, now)
      return signer.publicKey
    }
    const next = between.find((each) => !each.raw.equals(subject.raw) && isIssuedBy(subject, each))
    if (!next) break
    assertValid(next, now)
    current = next
  }
  throw new Refusal('CERTIFICATE', 'no chain of certificates leads from the signer to one that is trusted')
}

function isIssuedBy(subject: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey)
  } catch {
    return false
  }
}

function assertValid(certificate: X509Certificate, now: Date): void {
  if (now >= certificate.validFromDate && now <= certificate.validToDate) return
  throw new Refusal('CERTIFICATE_TIME', `the certificate of ${certificate.subject} is not valid at this time`)
}

function assertMaySign(certificate: X509Certificate): void {
  const usage = keyUsage(certificate.raw)
  // Node calls the extended usages `keyUsage`, and has none where the extension is absent.
  const purposes = certificate.keyUsage as string[] | undefined
  if (usage === null ? purposes?.includes(codeSigning) : (usage & 0x80) !== 0) return
  throw new Refusal('CERTIFICATE_USE', 'the signer’s certificate is not for signing')
}

interface Element {
  readonly tag: number
  readonly content: Buffer
  readonly rest: Buffer
}

/** First byte of the KeyUsage extension (RFC 5280, 4.2.1.3), whose highest bit is digitalSignature; null without it. */
function keyUsage(certificate: Buffer): number | null {
  const tbs = element(element(certificate).content)
  const extensions = children(tbs.content).find(({ tag }) => tag === 0xa3)
  if (!extensions) return null
  for (const extension of children(element(extensions.content).content)) {
    const parts = children(extension.content)
    const value = parts.at(-1)
    if (parts[0]?.content.toString('hex') === '551d0f' && value) return element(value.content).content[1] ?? 0
  }
  return null
}

function children(content: Buffer): Element[] {
  const found: Element[] = []
  for (let rest = content; rest.length > 0; rest = found.at(-1)?.rest ?? rest.subarray(0, 0)) found.push(element(rest))
  return found
}

/** One element of DER: tag, length, content. OpenSSL has read the certificate before, so its form is right. */
function element(content: Buffer): Element {
  const [tag = 0, first = 0] = content
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  const length = lengthBytes === 0 ? first : content.readUIntBE(2, lengthBytes)
  const start = 2 + lengthBytes
  return { tag, content: content.subarray(start, start + length), rest: content.subarray(start + length) }
}
