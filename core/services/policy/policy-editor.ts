import { stringify } from 'yaml'
import type { AffectedApproval, Policy } from '../../../shared/domain/policy.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { DiffLine } from '../../documents/diff-lines.ts'
import { diffLines } from '../../documents/diff-lines.ts'
import type { ApprovalsService } from '../approvals/approvals-service.ts'
import { policyEffects } from './policy-effects.ts'
import type { PolicyInForce, PolicyService } from './policy-service.ts'
import { parsePolicy } from './policy-service.ts'

/** Submissions that are looked at for what a policy would change. */
const mostApprovals = 1_000

/** Editing of the policy: one document, as text and as values, and what another one would change. */
export function createPolicyEditor(policies: PolicyService, approvals: ApprovalsService) {
  function effects(after: Policy): AffectedApproval[] {
    const open = approvals.rows
      .all(mostApprovals)
      .filter(({ closed, state }) => closed === null && state !== 'rejected')
      .map((row) => ({
        row,
        facts: {
          evidence: approvals.facts.evidence(row.versionId),
          submission: approvals.facts.submission(row, { bytes: false }),
        },
      }))
    return policyEffects(policies.inForce().policy, after, open, Date.now())
  }

  return {
    /** The policy in force as a file to edit. */
    text: (): string => stringify(policies.inForce().policy),

    /** What a policy would change; nothing is stored. Throws INPUT_INVALID. */
    preview(text: string): { policy: Policy; text: string; changes: DiffLine[]; affected: AffectedApproval[] } {
      const policy = parsePolicy(text)
      const written = stringify(policy)
      return {
        policy,
        text: written,
        changes: diffLines(stringify(policies.inForce().policy), written),
        affected: effects(policy),
      }
    },

    /**
     * Puts a policy into force and says which submissions stand otherwise now. Throws INPUT_INVALID, or CONFLICT where
     * another one is in force by now than the one that was edited (`replaces`, its digest).
     */
    set(
      request: { readonly text: string; readonly replaces?: string | undefined },
      actor: string,
    ): PolicyInForce & { affected: AffectedApproval[] } {
      const { digest, setBy } = policies.inForce()
      if (request.replaces !== undefined && request.replaces !== digest) {
        throw new MaestroError(
          'CONFLICT',
          `${setBy ?? 'Somebody'} has set another policy meanwhile.`,
          'Read it again, and make your change in that one.',
          { digest },
        )
      }
      const affected = effects(parsePolicy(request.text))
      return { ...policies.set(request.text, actor), affected }
    },
  }
}

export type PolicyEditor = ReturnType<typeof createPolicyEditor>
