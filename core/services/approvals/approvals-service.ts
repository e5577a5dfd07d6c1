import type { ApprovalState } from '../../../shared/domain/approval-states.ts'
import { applyApprovalEvent, isGranted } from '../../../shared/domain/approval-states.ts'
import type { Approval, ApprovalSummary } from '../../../shared/domain/approvals.ts'
import type { PolicyVerdict } from '../../../shared/domain/check-policy.ts'
import { checkPolicy } from '../../../shared/domain/check-policy.ts'
import { limits } from '../../../shared/domain/limits.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { newId } from '../../storage/ids.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { PolicyService } from '../policy/policy-service.ts'
import { serialisePolicy } from '../policy/policy-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import { createApprovalChecks } from './approval-checks.ts'
import { createApprovalDecisions } from './approval-decisions.ts'
import { createApprovalFacts } from './approval-facts.ts'
import type { ApprovalPeople } from './approval-people.ts'
import type { ApprovalRow } from './approval-rows.ts'
import { createApprovalRows } from './approval-rows.ts'
import { createApprovalSteps } from './approval-steps.ts'
import { createApprovalViews } from './approval-views.ts'
import { makeDecisionStatement } from './decision-statement.ts'
import { createManifests, serialiseManifest } from './manifest.ts'
import { refuseByPolicy } from './refuse-by-policy.ts'

const listedApprovals = 1_000

/** From a submission to a decision: what is frozen, who says what about it, who signs, and why something is refused. */
export function createApprovalsService(
  context: ServiceContext,
  models: ModelsService,
  policies: PolicyService,
  people: ApprovalPeople,
) {
  const { blobs, database } = context
  const { sqlite } = database
  const rows = createApprovalRows(sqlite)
  const manifests = createManifests(sqlite, blobs)
  const facts = createApprovalFacts({ rows, manifests, blobs, people })
  const checks = createApprovalChecks(policies, facts)
  const { tierNamed, tierOf, missingTier, check } = checks
  const { settle, step, orRemember, rememberRefusal, changed } = createApprovalSteps(context, {
    rows,
    facts,
    tierNamed,
    people,
  })
  const { summaryOf, detailOf } = createApprovalViews(sqlite, { rows, facts, checks })
  const sources = { rows, facts, people, models, checks, step, find }
  const { assertMayDecide, assertMove, record } = createApprovalDecisions(sources)

  function find(reference: string): ApprovalRow {
    const exact = /^[0-9a-f]{32}$/.test(reference) ? rows.byId(reference) : undefined
    const found = exact
      ? [exact]
      : /^[0-9a-f]{6,31}$/.test(reference)
        ? rows.startingWith(reference)
        : byModel(reference)
    const [row] = found
    if (!row || found.length > 1) {
      throw new MaestroError(
        'NOT_FOUND',
        row ? `Several approvals begin with ${reference}.` : `There is no approval ${reference}.`,
        'maestro approvals list shows them. An id, its first digits, or name/3 for the last one of a version will do.',
        { reference },
      )
    }
    return settle(row)
  }

  /** The last submission of a version. */
  function byModel(reference: string): ApprovalRow[] {
    if (!/[/@]/.test(reference)) return []
    return rows.ofVersion(models.versionId(reference)).slice(0, 1)
  }

  return {
    list(): { approvals: ApprovalSummary[] } {
      return { approvals: rows.all(listedApprovals).map((row) => summaryOf(settle(row))) }
    },
    get: (reference: string): Approval => detailOf(find(reference)),
    row: find,
    tierOf,
    facts,
    manifests,
    rows,

    /** Whether a version could be used, or what is missing. Without a submission it says what one would need. */
    checkVersion(reference: string, tier: string | undefined): PolicyVerdict {
      const versionId = models.versionId(reference)
      const [last] = rows.ofVersion(versionId)
      const submission = last ? facts.submission(settle(last), { bytes: false }) : null
      const { policy } = policies.inForce()
      const name = tier ?? last?.tier ?? policy.defaultTier
      if (tier !== undefined) tierOf(tier)
      const gone = missingTier(name)
      if (gone) return { allowed: false, requirements: [gone] }
      return checkPolicy(policy, name, 'deploy', {
        now: Date.now(),
        evidence: facts.evidence(versionId),
        submission,
      })
    },

    /** Freezes a version with all its evidence and sends it for approval. Throws POLICY_REFUSED with what is missing, STATE_REFUSED. */
    submit(
      request: { readonly model: string; readonly tier?: string | undefined; readonly message?: string | undefined },
      actor: Actor,
    ): Approval {
      context.assertWritable()
      const version = models.version(request.model)
      const label = `${version.name} / ${version.version}`
      models.assertNotInTrash(version.id)
      const [last] = rows.ofVersion(version.id).map(settle)
      if (last && last.closed === null && last.state !== 'rejected') {
        throw new MaestroError(
          'STATE_REFUSED',
          `${label} was sent for approval already; it is ${last.state}.`,
          isGranted(last.state)
            ? `To send it again, its approval has to be taken back first: maestro approvals revoke ${last.id} --reason R.`
            : `maestro approvals show ${last.id} shows it. Withdraw it to send it again.`,
          { approval: last.id, state: last.state },
        )
      }
      const { policy } = policies.inForce()
      const tier = request.tier ?? policy.defaultTier
      tierOf(tier)
      const content = manifests.read(version.id)
      if (!content) throw new MaestroError('NOT_FOUND', `${label} is gone.`)
      const verdict = checkPolicy(policy, tier, 'submit', {
        now: Date.now(),
        evidence: facts.evidence(version.id),
        submission: null,
      })
      try {
        refuseByPolicy(`Sending ${label} for approval (tier ${tier})`, verdict.requirements)
      } catch (error) {
        people.record({
          action: 'approval.refused',
          actor: actor.name,
          subject: `version:${version.id}`,
          details: { what: 'submit', tier, message: (error as Error).message },
        })
        throw error
      }
      const manifestDigest = blobs.put(serialiseManifest(content.manifest)).digest
      const policyDigest = blobs.put(serialisePolicy(policy)).digest
      const id = newId()
      database.transaction(() => {
        const now = Date.now()
        const submittedAt = new Date(now).toISOString()
        rows.insert({
          id,
          versionId: version.id,
          tier,
          submitter: actor.name,
          message: request.message ?? '',
          manifestDigest,
          policyDigest,
          submittedAt,
          dueAt: new Date(now + limits.approvalHours * 3_600_000).toISOString(),
        })
        rows.addEvent(
          { approvalId: id, kind: 'submitted', to: 'submitted', actor: actor.name, text: request.message ?? '' },
          submittedAt,
        )
        people.record({
          action: 'approval.submitted',
          actor: actor.name,
          subject: `approval:${id}`,
          details: {
            model: version.name,
            version: version.version,
            manifest: manifestDigest,
            tier,
            policy: policyDigest,
          },
        })
      })
      const row = rows.byId(id) as ApprovalRow
      changed(row)
      return detailOf(row)
    },

    comment(
      reference: string,
      comment: { readonly text: string; readonly item?: string | undefined; readonly kind: CommentKind },
      actor: Actor,
    ): Approval {
      context.assertWritable()
      const row = find(reference)
      const { item, text } = comment
      if (
        item !== undefined &&
        !/^row \d{1,12}$/.test(item) &&
        !facts.manifestItems(row).some(({ name }) => name === item)
      ) {
        throw new MaestroError(
          'INPUT_INVALID',
          `The submission has no item ${item}.`,
          'Name one of its manifest, or a row: "row 12".',
        )
      }
      database.transaction(() => {
        rows.addEvent(
          { approvalId: row.id, kind: comment.kind, actor: actor.name, text, item: item ?? null },
          new Date().toISOString(),
        )
        people.record({
          action: `approval.${comment.kind}`,
          actor: actor.name,
          subject: `approval:${row.id}`,
          details: { text, item: item ?? null },
        })
      })
      changed(row)
      return detailOf(row)
    },

    /** To review or testing. Decisions and deployments have their own ways, since they are signed or need a slot. */
    advance(reference: string, to: ApprovalState, actor: Actor): Approval {
      context.assertWritable()
      const row = find(reference)
      const next = orRemember(row, actor.name, `advance to ${to}`, () => {
        assertMove(row, to, 'advance')
        if (to === 'approved' || to === 'rejected' || to === 'deployed') {
          throw new MaestroError(
            'STATE_REFUSED',
            `An approval is not simply set to ${to}: ${to === 'deployed' ? 'it needs a slot' : 'somebody signs it'}.`,
            to === 'deployed' ? 'maestro deploy REF --slot SLOT' : 'maestro approvals approve|reject ID --reason R',
          )
        }
        return database.transaction(() => step(row, { kind: 'moved', to, reason: '' }, { actor: actor.name }))
      })
      changed(next)
      return detailOf(next)
    },

    /** Signs a decision with the actor's key. Throws POLICY_REFUSED with the reasons, STATE_REFUSED. */
    async decide(
      reference: string,
      decision: 'approved' | 'rejected',
      reason: string,
      actor: Actor,
    ): Promise<Approval> {
      context.assertWritable()
      const row = find(reference)
      try {
        assertMove(row, decision, reason)
        assertMayDecide(row, decision, actor)
        const envelope = await people.sign(actor, ({ fingerprint }) =>
          makeDecisionStatement(row, {
            decision,
            reason,
            person: actor.name,
            role: actor.role,
            fingerprint,
            decidedAt: new Date().toISOString(),
          }),
        )
        database.transaction(() => record(row, envelope, 'here'))
      } catch (error) {
        rememberRefusal(row, actor.name, decision === 'approved' ? 'approve' : 'reject', error)
        throw error
      }
      changed(row)
      return detailOf(find(row.id))
    },

    /** A decision that was signed elsewhere, in a transaction of the caller. Throws POLICY_REFUSED or STATE_REFUSED with the reason. */
    record,

    /** The way of a submission that was reviewed elsewhere: what is signed there was looked at there. Inside a transaction. */
    advanceForReply(given: ApprovalRow, decision: 'approved' | 'rejected', person: string): ApprovalRow {
      const way = decision === 'approved' ? (['review', 'testing'] as const) : (['review'] as const)
      let row = find(given.id)
      for (const to of way) {
        const { ok } = applyApprovalEvent(row, { kind: 'moved', to, reason: '' })
        if (ok) row = step(row, { kind: 'moved', to, reason: '' }, { actor: person, text: 'in a review package' })
      }
      return row
    },

    withdraw(reference: string, actor: Actor): Approval {
      context.assertWritable()
      const row = find(reference)
      const next = orRemember(row, actor.name, 'withdraw', () => {
        if (actor.name !== row.submitter && actor.role !== 'admin' && actor.role !== 'superadmin') {
          throw new MaestroError(
            'FORBIDDEN',
            `Only ${row.submitter}, who has submitted it, or an administrator can withdraw it.`,
          )
        }
        return database.transaction(() => step(row, { kind: 'withdrawn' }, { actor: actor.name }))
      })
      changed(next)
      return detailOf(next)
    },

    /** Takes an approval back that was given. What is deployed with it is refused from now on. */
    revoke(reference: string, reason: string, actor: Actor): Approval {
      context.assertWritable()
      const row = find(reference)
      const next = orRemember(row, actor.name, 'revoke', () =>
        database.transaction(() => step(row, { kind: 'revoked' }, { actor: actor.name, text: reason })),
      )
      changed(next)
      return detailOf(next)
    },

    /** The approval that a version is used under, and whether the policy allows that now. Reads every byte again with `bytes`. */
    standing(versionId: string, moment: 'deploy' | 'serve', options: { readonly bytes: boolean }) {
      const [last] = rows.ofVersion(versionId)
      const row = last && settle(last)
      if (!row) {
        const { policy } = policies.inForce()
        return {
          row: null,
          requirements: checkPolicy(policy, policy.defaultTier, moment, {
            now: Date.now(),
            evidence: facts.evidence(versionId),
            submission: null,
          }).requirements,
        }
      }
      return { row, requirements: check(row, moment, options).requirements }
    },

    /** Marks what a deployment did to an approval. Inside a transaction. */
    note(row: ApprovalRow, kind: 'deployed' | 'superseded' | 'rolled-back', actor: string, slot: string): void {
      if (kind !== 'deployed') {
        if (row.closed === null) step(row, { kind }, { actor, text: `in ${slot}` })
        return
      }
      if (row.state === 'approved') step(row, { kind: 'moved', to: 'deployed', reason: '' }, { actor })
      rows.addEvent({ approvalId: row.id, kind: 'deployed', actor, text: `to ${slot}` }, new Date().toISOString())
    },
    rememberRefusal,
  }
}

export type ApprovalsService = ReturnType<typeof createApprovalsService>
type CommentKind = 'commented' | 'changes-requested' | 'changes-settled'
