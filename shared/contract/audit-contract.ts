import * as z from 'zod'
import { auditCheckpoint, auditEvent, auditOutcome, auditVerification } from '../domain/audit.ts'
import { keep } from '../domain/identities.ts'
import { digest, timestamp } from '../domain/values.ts'
import { command, query } from './base.ts'

const signedCheckpoint = auditCheckpoint.extend({
  /** A signed note, to be kept elsewhere. */
  note: z.string(),
  /** PEM of the key that signed it. */
  publicKey: z.string(),
})

export const auditContract = {
  audit: {
    /** Newest first. `action` is a procedure (`models.setAlias`) or a noun (`models`); `total` counts what matches. */
    list: query('audit:read', '/audit')
      .input(
        z.object({
          before: z.coerce.number().int().min(1).optional(),
          action: z.string().max(100).optional(),
          outcome: auditOutcome.optional(),
          actor: z.string().max(200).optional(),
          text: z.string().max(200).optional(),
          limit: z.coerce.number().int().min(1).max(5000).default(100),
        }),
      )
      .output(z.object({ events: z.array(auditEvent), total: z.int(), nextBefore: z.int().nullable() })),
    /** Reads the whole log, its checkpoints, and what it says in clear. */
    verify: query('audit:read', '/audit/verification').output(auditVerification),
    /** The log as a file that anybody can verify with the public key. A checkpoint is added where the key can sign. */
    export: command('audit:read', '/audit/export')
      .input(z.object({ out: z.string().optional() }))
      .output(auditVerification.extend({ path: z.string(), bytes: z.int(), digest, href: z.string().nullable() })),
    /** Signs what the log is now; makes the log's key at the first time. */
    checkpoint: command('audit:manage', '/audit/checkpoints')
      .input(keep)
      .output(auditVerification.extend({ lastCheckpoint: signedCheckpoint.nullable() })),
    /** Keeps another workspace's checkpoint. Refuses (AUDIT_BROKEN) one that goes behind what was seen before. */
    witness: command('audit:manage', '/audit/witnesses')
      .input(z.object({ note: z.string().max(10_000), publicKey: z.string().max(2_000) }))
      .output(auditCheckpoint),
    witnesses: query('audit:read', '/audit/witnesses').output(
      z.object({
        witnesses: z.array(auditCheckpoint.extend({ note: z.string(), publicKey: z.string(), receivedAt: timestamp })),
      }),
    ),
    /** Erases a person's name and words from the log, which stays whole, and ends their identity. */
    erase: command('audit:manage', '/audit/erase')
      .input(z.object({ name: z.string().min(1) }))
      .output(
        z.object({
          /** Values of the log. */
          erased: z.int(),
          /** Records elsewhere that have the pseudonym now. */
          renamed: z.int(),
          pseudonym: z.string(),
          /** What still has the name, and why. */
          kept: z.array(z.object({ what: z.string(), count: z.int(), why: z.string() })),
        }),
      ),
  },
}
