import * as z from 'zod'
import { digest } from '../domain/values.ts'
import { command, query } from './base.ts'

const finding = z.object({ code: z.string(), message: z.string(), where: z.string().nullable() })

export const signaturesContract = {
  signatures: {
    /** Signs all files of a folder of this machine (OpenSSF Model Signing 1.0) with the key of who asks. */
    sign: command('keys:use', '/signatures')
      .input(z.object({ folder: z.string().min(1), out: z.string().min(1) }))
      .output(z.object({ out: z.string(), files: z.int(), digest, fingerprint: digest })),
    /** Verifies a folder, or one file, with a public key in PEM. */
    verify: query('workspace:read', '/signatures/verification')
      .input(z.object({ bundle: z.string().min(1), folder: z.string().min(1), publicKey: z.string().min(1) }))
      .output(z.object({ verified: z.boolean(), findings: z.array(finding), files: z.int() })),
  },
}
