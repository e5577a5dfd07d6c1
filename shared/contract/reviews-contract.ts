import * as z from 'zod'
import { approval } from '../domain/approvals.ts'
import { openedReview, reviewFinding } from '../domain/reviews.ts'
import { digest, timestamp } from '../domain/values.ts'
import { command } from './base.ts'

const path = z.string().min(1).max(4_000)
const findings = z.array(reviewFinding)
/** A path that the host can read, or a finished upload. */
const packageFile = z.union([z.object({ path }), z.object({ upload: z.string().min(1) })])

export const reviewsContract = {
  reviews: {
    /** A submission with everything that a reviewer needs, as one signed file; without `out` as a download. */
    export: command('approvals:submit', '/reviews/export')
      .input(
        z.object({
          id: z.string().min(1),
          out: path.optional(),
          /** How many rows of the training table go along; none unless whoever submits says so. */
          rows: z.int().min(0).max(10_000).default(0),
        }),
      )
      .output(
        z.object({
          path: z.string().nullable(),
          href: z.string().nullable(),
          bytes: z.int(),
          digest,
          expiresAt: timestamp,
        }),
      ),
    /** What a package that somebody sent says, and whether it holds; with `keep` its model is taken in, after quarantine. */
    open: command('approvals:review', '/reviews/open')
      .input(z.object({ source: packageFile, keep: z.boolean().default(true) }))
      .output(openedReview),
    /** Signs a decision on a package; the reply goes to a file, or without `out` is a download. */
    decide: command('approvals:decide', '/reviews/decide')
      .input(
        z.object({
          source: packageFile,
          decision: z.enum(['approved', 'rejected']),
          reason: z.string().trim().min(1, 'give a reason').max(5_000),
          out: path.optional(),
        }),
      )
      .output(
        z.object({
          verified: z.boolean(),
          findings,
          reply: z.string().nullable(),
          href: z.string().nullable(),
        }),
      ),
    /** Takes the reply of a reviewer in; what does not count is said, and changes nothing. */
    import: command('approvals:submit', '/reviews/import')
      .input(z.object({ source: packageFile }))
      .output(z.object({ verified: z.boolean(), findings, approval: approval.nullable() })),
  },
}
