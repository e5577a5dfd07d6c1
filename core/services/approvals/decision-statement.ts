import * as z from 'zod'
import { roles } from '../../../shared/domain/permissions.ts'
import { digest, id, timestamp } from '../../../shared/domain/values.ts'

/** What a decision says; a URI that names the kind of statement, and is not fetched. */
const decisionPredicateType = 'https://maestro.invalid/attestation/approval-decision/v1'

const hex = z.string().regex(/^[0-9a-f]{64}$/)

/** An in-toto statement about a manifest: who decided what, why, when, and under which policy. */
export const decisionStatement = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.tuple([
    z.strictObject({ name: z.literal('manifest.json'), digest: z.strictObject({ sha256: hex }) }),
    z.strictObject({ name: z.literal('model.onnx'), digest: z.strictObject({ sha256: hex }) }),
  ]),
  predicateType: z.literal(decisionPredicateType),
  predicate: z.strictObject({
    approval: id,
    model: z.string(),
    version: z.int(),
    tier: z.string(),
    policyDigest: digest,
    submitter: z.string(),
    decision: z.enum(['approved', 'rejected']),
    reason: z.string(),
    person: z.string(),
    role: z.enum(roles),
    fingerprint: z.string(),
    decidedAt: timestamp,
  }),
})

export type DecisionStatement = z.infer<typeof decisionStatement>

/** What a decision is about. */
export interface DecisionSubject {
  readonly id: string
  readonly model: string
  readonly version: number
  /** Of the model's file. */
  readonly digest: string
  readonly manifestDigest: string
  readonly tier: string
  readonly policyDigest: string
  readonly submitter: string
}

export function makeDecisionStatement(
  subject: DecisionSubject,
  decision: Omit<
    DecisionStatement['predicate'],
    'approval' | 'model' | 'version' | 'tier' | 'policyDigest' | 'submitter'
  >,
): DecisionStatement {
  const { id: approval, model, version, tier, policyDigest, submitter } = subject
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      { name: 'manifest.json', digest: { sha256: bareHex(subject.manifestDigest) } },
      { name: 'model.onnx', digest: { sha256: bareHex(subject.digest) } },
    ],
    predicateType: decisionPredicateType,
    predicate: { approval, model, version, tier, policyDigest, submitter, ...decision },
  }
}

/** Why a statement is not about a submission; null when it is. */
export function mismatch(statement: DecisionStatement, subject: DecisionSubject): string | null {
  const [manifest, model] = statement.subject
  const { predicate } = statement
  if (predicate.approval !== subject.id) return 'it is about another submission'
  if (manifest.digest.sha256 !== bareHex(subject.manifestDigest)) return 'it was signed over another manifest'
  if (model.digest.sha256 !== bareHex(subject.digest)) return 'it was signed over another model file'
  if (predicate.model !== subject.model || predicate.version !== subject.version) return 'it names another version'
  if (predicate.tier !== subject.tier || predicate.policyDigest !== subject.policyDigest) {
    return 'it was signed under another policy'
  }
  if (predicate.submitter !== subject.submitter) return 'it names another submitter'
  return null
}

function bareHex(digest: string): string {
  return digest.slice('sha256:'.length)
}
