import * as z from 'zod'
import { approvalDecision, manifestItem } from './approvals.ts'
import { auditOutcome } from './audit.ts'
import { roles } from './permissions.ts'
import { digest, id, timestamp } from './values.ts'

/** What was found out about a package or a reply. An error means that it does not count. */
export const reviewFinding = z.object({
  code: z.enum([
    'DIGEST',
    'MANIFEST',
    'SIGNATURE',
    'SIGNER_UNKNOWN',
    'KEY_REVOKED',
    'EXPIRED',
    'REPLAYED',
    'SELF_APPROVAL',
    'POLICY',
    'STATE',
    'QUARANTINE',
    'ROWS',
    'AUDIT',
    'INTACT',
  ]),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
})

/** Whose key signed; the key comes along, whether it is trusted is for the reader to say. */
const signer = z.strictObject({
  name: z.string().max(200),
  role: z.enum(roles),
  fingerprint: z.string().max(200),
  publicKey: z.string().max(2_000),
})

/** `package.json` of a review package: what it is about, and the digest of every other file in it. */
export const reviewIndex = z.strictObject({
  format: z.literal('maestro-review/1'),
  approval: z.strictObject({
    id,
    model: z.string().max(200),
    version: z.int().min(1),
    tier: z.string().max(100),
    message: z.string().max(5_000),
    submitter: z.string().max(200),
    submittedAt: timestamp,
    digest,
    manifestDigest: digest,
    policyDigest: digest,
  }),
  /** The version in use, for comparison; null when there is none or it is left out. */
  replaces: z.strictObject({ version: z.int(), slot: z.string().max(100) }).nullable(),
  sampleRows: z.int().min(0).max(10_000),
  exportedAt: timestamp,
  expiresAt: timestamp,
  signer,
  files: z.array(manifestItem).max(500),
})

/** A decision that goes back to where the submission came from. */
export const reviewReply = z.strictObject({
  format: z.literal('maestro-reply/1'),
  /** The signed decision: DSSE, as JSON text. */
  envelope: z.string().max(60_000),
  signer,
})

/** What opening a package tells. */
export const openedReview = z.object({
  verified: z.boolean(),
  findings: z.array(reviewFinding),
  package: reviewIndex.omit({ files: true }).nullable(),
  manifest: z.array(manifestItem),
  decisions: z.array(approvalDecision),
  /** What the audit log of who sent it says about the version, oldest first; a name that was erased is null. */
  history: z.array(
    z.object({
      sequence: z.int(),
      time: timestamp,
      action: z.string(),
      outcome: auditOutcome,
      actor: z.string().nullable(),
    }),
  ),
  /** Where it can be looked at and tried in this workspace; null where it was not taken in. */
  kept: z.object({ model: z.string(), version: z.int(), replaces: z.int().nullable() }).nullable(),
})

export type ReviewFinding = z.infer<typeof reviewFinding>
export type ReviewIndex = z.infer<typeof reviewIndex>
export type ReviewReply = z.infer<typeof reviewReply>
export type OpenedReview = z.infer<typeof openedReview>
