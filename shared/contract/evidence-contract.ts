import * as z from 'zod'
import { passphrase } from '../domain/identities.ts'
import { digest } from '../domain/values.ts'
import { command } from './base.ts'

const evidenceFile = z.object({
  path: z.string(),
  bytes: z.int(),
  digest,
  href: z.string().nullable(),
  /** How many files are in it. */
  files: z.int(),
  /** How many entries of the audit log. */
  entries: z.int(),
  /** Whether the log's key signed what the log was. */
  auditSigned: z.boolean(),
})

export const evidenceContract = {
  evidence: {
    /** Everything about a version for an auditor, as a ZIP file: at the path `out`, or as a download. */
    version: command('audit:read', '/evidence/version')
      .input(
        z.object({
          model: z.string().min(1),
          out: z.string().optional(),
          /** Opens the key of the audit log where it is kept under one. */
          passphrase: passphrase.optional(),
        }),
      )
      .output(evidenceFile),
    /** Everything that is kept about a person: one's own, or for administrators anybody's. */
    person: command('identities:read', '/evidence/person')
      .input(z.object({ name: z.string().min(1).max(200), out: z.string().optional() }))
      .output(evidenceFile),
  },
}
