import * as z from 'zod'
import { approvalStates } from '../domain/approval-states.ts'
import { approval, approvalSummary, deployment, policyVerdict, slotName, slotSummary } from '../domain/approvals.ts'
import { affectedApproval, policy } from '../domain/policy.ts'
import { digest, timestamp } from '../domain/values.ts'
import { command, query } from './base.ts'

/** An approval's id, its first digits, or `name/3` for the last submission of a version. */
const approvalId = z.object({ id: z.string().min(1).max(300) })
const model = z.object({ model: z.string().min(1) })
const reason = z.string().trim().min(1, 'give a reason').max(5_000)
const one = z.object({ approval })

const policyText = z.string().min(1).max(262_144)

const policyInForce = z.object({
  policy,
  digest,
  setBy: z.string().nullable(),
  setAt: timestamp.nullable(),
})

export const approvalsContract = {
  approvals: {
    list: query('approvals:read', '/approvals').output(z.object({ approvals: z.array(approvalSummary) })),
    get: query('approvals:read', '/approvals/{+id}').input(approvalId).output(one),
    /** Freezes a version with all its evidence, if it has what the tier asks for. */
    submit: command('approvals:submit', '/approvals')
      .input(model.extend({ tier: z.string().optional(), message: z.string().max(5_000).default('') }))
      .output(one),
    comment: command('approvals:comment', '/approvals/comment')
      .input(
        approvalId.extend({
          text: z.string().trim().min(1).max(5_000),
          /** An item of the manifest, or `row 12`. */
          item: z.string().max(200).optional(),
          /** A request for changes stands in the way of an approval until who made it settles it. */
          kind: z.enum(['commented', 'changes-requested', 'changes-settled']).default('commented'),
        }),
      )
      .output(one),
    advance: command('approvals:review', '/approvals/advance')
      .input(approvalId.extend({ to: z.enum(approvalStates) }))
      .output(one),
    /** Signs with the key of who asks. */
    decide: command('approvals:decide', '/approvals/decide')
      .input(approvalId.extend({ decision: z.enum(['approved', 'rejected']), reason }))
      .output(one),
    withdraw: command('approvals:submit', '/approvals/withdraw').input(approvalId).output(one),
    revoke: command('approvals:decide', '/approvals/revoke').input(approvalId.extend({ reason })).output(one),
  },
  policy: {
    /** With `text`, the same as a YAML file to edit. */
    get: query('approvals:read', '/policy').output(policyInForce.extend({ text: z.string() })),
    /** What another policy would change, line by line and for submissions that are open. Nothing is stored. */
    preview: command('approvals:read', '/policy/preview')
      .input(z.object({ text: policyText }))
      .output(
        z.object({
          policy,
          text: z.string(),
          changes: z.array(z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() })),
          affected: z.array(affectedApproval),
        }),
      ),
    /** The text of a YAML or JSON file. `replaces` is the digest of the policy that was edited: CONFLICT if it is not in force any more. */
    set: command('policy:write', '/policy', 'PUT')
      .input(z.object({ text: policyText, replaces: digest.optional() }))
      .output(policyInForce.extend({ affected: z.array(affectedApproval) })),
    /** Whether a version may be deployed, and what is missing. */
    check: query('approvals:read', '/policy/check/{+model}')
      .input(model.extend({ tier: z.string().optional() }))
      .output(policyVerdict),
  },
  deployments: {
    list: query('approvals:read', '/slots')
      .input(z.object({ model: z.string().optional() }).prefault({}))
      .output(z.object({ slots: z.array(slotSummary) })),
    deploy: command('deployments:write', '/deploy')
      .input(model.extend({ slot: slotName }))
      .output(deployment),
    rollback: command('deployments:write', '/rollback')
      .input(z.object({ slot: slotName, model: z.string().optional() }))
      .output(deployment),
  },
}
