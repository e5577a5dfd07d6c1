import * as z from 'zod'
import type { Manifest } from '../../../shared/domain/approvals.ts'
import type { Policy } from '../../../shared/domain/policy.ts'
import { policy as policySchema } from '../../../shared/domain/policy.ts'
import type { OpenedReview, ReviewFinding, ReviewIndex } from '../../../shared/domain/reviews.ts'
import { reviewIndex } from '../../../shared/domain/reviews.ts'
import { digest, id } from '../../../shared/domain/values.ts'
import { digestOfBytes } from '../../blobs/blob-store.ts'
import type { PackageEntry, PackageReader } from '../../packages/package-file.ts'
import type { ApprovalPeople } from '../approvals/approval-people.ts'
import { parseManifest } from '../approvals/manifest.ts'
import { checkPackageAudit } from './package-audit.ts'

const indexName = 'package.json'
const signatureName = 'signature.json'
const manifestName = 'manifest.json'
const policyName = 'policy.json'
/** Folder of what was submitted; each file has its name in the manifest. */
export const itemsFolder = 'items/'
/** Folder of the version in use, for comparison. */
export const productionFolder = 'production/'
/** Slice of the audit log of who sends it. */
export const auditName = 'audit.json'
/** A version has hundreds of entries in the log, not tens of thousands. */
const largestAudit = 32 * 1024 * 1024
/** An index or a signature beyond this was not written by Maestro. */
const largestText = 1024 * 1024

const predicateType = 'https://maestro.invalid/attestation/review-package/v1'

const packageStatement = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.tuple([z.strictObject({ name: z.literal(indexName), digest: z.strictObject({ sha256: z.string() }) })]),
  predicateType: z.literal(predicateType),
  predicate: z.strictObject({ approval: id, manifestDigest: digest, fingerprint: z.string() }),
})

/** A package that was read: whatever it says is bound to its index by digests, and the index to its signer. */
export interface CheckedPackage {
  readonly index: ReviewIndex | null
  readonly manifest: Manifest | null
  readonly policy: Policy | null
  readonly history: OpenedReview['history']
  readonly findings: readonly ReviewFinding[]
}

/** What a signer signs for a package: its index, which names every other file by its digest. */
export function packageStatementOf(index: ReviewIndex): z.infer<typeof packageStatement> {
  const { approval, signer } = index
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: indexName, digest: { sha256: bareDigest(serialiseIndex(index)) } }],
    predicateType,
    predicate: {
      approval: approval.id,
      manifestDigest: approval.manifestDigest,
      fingerprint: signer.fingerprint,
    },
  }
}

/** The files of a package, the index and its signature first. */
export function packageEntries(index: ReviewIndex, envelope: string, files: readonly PackageEntry[]): PackageEntry[] {
  return [
    { name: indexName, content: serialiseIndex(index) },
    { name: signatureName, content: Buffer.from(envelope, 'utf8') },
    ...files,
  ]
}

/** The texts that go with every package, by name. */
export function packageTexts(manifest: Buffer, policy: Buffer): PackageEntry[] {
  return [
    { name: manifestName, content: manifest },
    { name: policyName, content: policy },
  ]
}

/** Checks everything in a package against its index, its manifest and its signature. */
export function checkPackage(
  reader: PackageReader,
  people: ApprovalPeople,
  { now, logKeys }: { readonly now: number; readonly logKeys: (origin: string) => readonly string[] },
): CheckedPackage {
  const findings: ReviewFinding[] = []
  const fail = (code: ReviewFinding['code'], message: string) => findings.push({ code, severity: 'error', message })
  const indexText = readText(reader, indexName)
  const index = indexText && parse(reviewIndex, indexText)
  if (!indexText || !index) {
    fail('MANIFEST', 'It has no index that Maestro can read.')
    return { index: null, manifest: null, policy: null, history: [], findings }
  }
  for (const problem of fileProblems(reader, index)) fail('DIGEST', problem)
  checkSigner(reader, index, indexText, people, findings)
  const manifestText = readText(reader, manifestName)
  const manifest = manifestText && parseOrNull(() => parseManifest(manifestText))
  if (!manifestText || !manifest) fail('MANIFEST', 'It has no manifest that can be read.')
  else for (const problem of manifestProblems(index, manifest, manifestText)) fail('MANIFEST', problem)
  const policyText = readText(reader, policyName)
  const policy = policyText && parse(policySchema, policyText)
  if (!policyText || !policy) fail('MANIFEST', 'It has no policy that can be read.')
  else if (digestOfBytes(policyText) !== index.approval.policyDigest) fail('MANIFEST', 'The policy is another one.')
  if (now > Date.parse(index.expiresAt)) {
    fail('EXPIRED', `The time to decide on it ended at ${index.expiresAt}. Ask for a new submission.`)
  }
  if (findings.every(({ severity }) => severity !== 'error')) {
    findings.push({
      code: 'INTACT',
      severity: 'note',
      message: `All ${index.files.length} files are as they were signed.`,
    })
  }
  const audit = checkPackageAudit(readText(reader, auditName, largestAudit), index.approval, logKeys)
  findings.push(audit.finding)
  return { index, manifest: manifest || null, policy: policy || null, history: audit.history, findings }
}

function checkSigner(
  reader: PackageReader,
  index: ReviewIndex,
  indexText: Buffer,
  people: ApprovalPeople,
  findings: ReviewFinding[],
): void {
  const envelope = readText(reader, signatureName)?.toString('utf8') ?? ''
  const { name, fingerprint, publicKey } = index.signer
  const signed = packageStatement.safeParse(people.openWith(envelope, publicKey)).data
  const isOf =
    signed !== undefined &&
    signed.subject[0].digest.sha256 === bareDigest(indexText) &&
    signed.predicate.approval === index.approval.id &&
    signed.predicate.manifestDigest === index.approval.manifestDigest &&
    signed.predicate.fingerprint === fingerprint
  if (!isOf) {
    findings.push({
      code: 'SIGNATURE',
      severity: 'error',
      message: 'The signature is not good: somebody has changed it.',
    })
    return
  }
  const known = people.open(envelope)
  if (known.problem === null && known.fingerprint === fingerprint) return
  const isRevoked = /revoked/.test(known.problem ?? '')
  findings.push(
    isRevoked
      ? { code: 'KEY_REVOKED', severity: 'error', message: `The key of ${name} was revoked (${fingerprint}).` }
      : {
          code: 'SIGNER_UNKNOWN',
          severity: 'warning',
          message: `It says that ${name} signed it, with the key ${fingerprint}, which this workspace does not know. Compare the fingerprint with ${name} by another way.`,
        },
  )
}

/** Every file that the index names is there with its digest, and nothing else is. */
function fileProblems(reader: PackageReader, index: ReviewIndex): string[] {
  const listed = new Map(index.files.map((file) => [file.name, file]))
  const extra = reader.names.filter((name) => name !== indexName && name !== signatureName && !listed.has(name))
  const bad = [...listed.values()].flatMap((file) => {
    if (reader.size(file.name) !== file.bytes) return [`${file.name} is missing or has another size.`]
    return digestOfBytes(reader.read(file.name)) === file.digest ? [] : [`${file.name} has another content.`]
  })
  return [...extra.map((name) => `${name} is not named by the index.`), ...bad]
}

/** Every item of the manifest is in the package, byte for byte. */
function manifestProblems({ approval, files }: ReviewIndex, manifest: Manifest, text: Buffer) {
  const problems: string[] = []
  if (digestOfBytes(text) !== approval.manifestDigest) problems.push('The manifest is another one than was submitted.')
  if (manifest.modelDigest !== approval.digest) problems.push('The manifest is about another model.')
  if (manifest.model !== approval.model || manifest.version !== approval.version) {
    problems.push('The manifest is about another version.')
  }
  const digests = new Map(files.map((file) => [file.name, file.digest]))
  for (const { name, digest: expected } of manifest.items) {
    const found = digests.get(`${itemsFolder}${name}`)
    if (found === undefined) problems.push(`${name} was submitted and is not in the package.`)
    else if (found !== expected) problems.push(`${name} is another one than was submitted.`)
  }
  const model = manifest.items.find(({ name }) => name === 'model.onnx')
  if (model?.digest !== manifest.modelDigest) problems.push('The manifest contradicts itself about the model.')
  return problems.slice(0, 20)
}

function readText(reader: PackageReader, name: string, largest: number = largestText): Buffer | null {
  const size = reader.size(name)
  return size === undefined || size > largest ? null : reader.read(name)
}

function serialiseIndex(index: ReviewIndex): Buffer {
  return Buffer.from(JSON.stringify(index), 'utf8')
}

function bareDigest(bytes: Uint8Array): string {
  return digestOfBytes(bytes).slice('sha256:'.length)
}

function parse<Value>(schema: z.ZodType<Value>, text: Buffer): Value | null {
  return parseOrNull(() => schema.parse(JSON.parse(text.toString('utf8'))))
}

function parseOrNull<Value>(read: () => Value): Value | null {
  try {
    return read()
  } catch {
    return null
  }
}
