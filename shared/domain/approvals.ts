import * as z from 'zod'
import { approvalClosures, approvalStates } from './approval-states.ts'
import { roles } from './permissions.ts'
import { digest, id, timestamp } from './values.ts'

/** One thing that a policy asks for, and whether it is there. */
export const requirement = z.object({ what: z.string(), met: z.boolean(), detail: z.string() })

export const policyVerdict = z.object({ allowed: z.boolean(), requirements: z.array(requirement) })

/** A file, or a record, of a version as it was when it was submitted. */
export const manifestItem = z.object({ name: z.string().min(1).max(200), digest, bytes: z.int().min(0) })

/** What a submission freezes: whoever signs, signs the digest of this. */
export const manifest = z.strictObject({
  format: z.literal('maestro-manifest/1'),
  model: z.string(),
  version: z.int().min(1),
  modelDigest: digest,
  /** By name, each name once. */
  items: z.array(manifestItem).max(1_000),
})

export const approvalEventKind = z.enum([
  'submitted',
  'moved',
  'signed',
  'deployed',
  'commented',
  'changes-requested',
  'changes-settled',
  'withdrawn',
  'expired',
  'voided',
  'revoked',
  'superseded',
  'rolled-back',
  'refused',
  'reminder',
  'overdue',
  'escalated',
  'expiring',
])

export const approvalDecision = z.object({
  person: z.string(),
  role: z.enum(roles),
  fingerprint: z.string(),
  decision: z.enum(['approved', 'rejected']),
  reason: z.string(),
  decidedAt: timestamp,
  origin: z.enum(['here', 'reply']),
  /** Whether its signature holds now. */
  verified: z.boolean(),
  /** Why it does not count; null when it does. */
  problem: z.string().nullable(),
})

export const approvalSummary = z.object({
  id,
  model: z.string(),
  version: z.int(),
  versionId: id,
  /** Of the model's file. */
  digest,
  tier: z.string(),
  state: z.enum(approvalStates),
  closed: z.enum(approvalClosures).nullable(),
  submitter: z.string(),
  manifestDigest: digest,
  submittedAt: timestamp,
  /** By when somebody should have decided. */
  dueAt: timestamp,
  /** It waits for a decision and the time is over. */
  isLate: z.boolean(),
  approvedAt: timestamp.nullable(),
  approvedBy: z.array(z.string()),
  slots: z.array(z.string()),
})

export const approval = approvalSummary.extend({
  message: z.string(),
  /** For its next step: a decision while it waits, a deployment once it is approved. */
  allowed: z.boolean(),
  requirements: z.array(requirement),
  decisions: z.array(approvalDecision),
  history: z.array(
    z.object({
      time: timestamp,
      kind: approvalEventKind,
      from: z.enum(approvalStates).nullable(),
      to: z.enum(approvalStates).nullable(),
      actor: z.string(),
      text: z.string(),
      /** The item of the manifest, or the row (`row 12`), that a comment is about. */
      item: z.string().nullable(),
    }),
  ),
  /** As submitted, each with whether it is still so. */
  manifest: z.array(manifestItem.extend({ intact: z.boolean() })),
  /** What is in production (or in the slot that this replaces), for comparison; null for the first. */
  replaces: z.object({ version: z.int(), slot: z.string() }).nullable(),
})

export const deployment = z.object({
  slot: z.string(),
  /** `name/3`. */
  version: z.string(),
  previous: z.string().nullable(),
})

export const slotSummary = z.object({
  slot: z.string(),
  model: z.string(),
  version: z.int(),
  since: timestamp,
  actor: z.string(),
  /** Where a rollback would lead; null when nothing was there before. */
  previous: z.int().nullable(),
  /** Why the version may not be used there any more; empty while it may. */
  problems: z.array(z.string()),
})

export const slotName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'a slot is named in lower-case letters, digits, dots and dashes')
  .refine((text) => !/^\d+$/.test(text), 'a slot cannot be a number: it would look like a version')

export type Manifest = z.infer<typeof manifest>
export type ManifestItem = z.infer<typeof manifestItem>
export type ApprovalSummary = z.infer<typeof approvalSummary>
export type Approval = z.infer<typeof approval>
export type ApprovalDecision = z.infer<typeof approvalDecision>
export type ApprovalEventKind = z.infer<typeof approvalEventKind>
export type Deployment = z.infer<typeof deployment>
export type SlotSummary = z.infer<typeof slotSummary>
