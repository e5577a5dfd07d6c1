import * as z from 'zod'
import { digest, timestamp } from './values.ts'

export const auditOutcome = z.enum(['done', 'refused', 'failed'])

export const auditEvent = z.object({
  sequence: z.int(),
  time: timestamp,
  action: z.string(),
  outcome: auditOutcome,
  /** Null where the name was erased. */
  actor: z.string().nullable(),
  role: z.string(),
  /** The error's code where it was not done. */
  code: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Words that the log only commits to; null where they were erased. */
  hidden: z.record(z.string(), z.string().nullable()),
  hash: digest,
})

export const auditCheckpoint = z.object({ origin: z.string(), size: z.int(), hash: digest })

export const auditVerification = z.object({
  ok: z.boolean(),
  entries: z.int(),
  /** Sequence 0: the log as a whole. */
  firstBad: z.object({ sequence: z.int(), reason: z.string() }).nullable(),
  lastCheckpoint: auditCheckpoint.nullable(),
  findings: z.array(z.string()),
})

export type AuditEventView = z.infer<typeof auditEvent>
export type AuditVerification = z.infer<typeof auditVerification>
