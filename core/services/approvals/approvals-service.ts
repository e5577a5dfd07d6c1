import type { ApprovalEvent, ApprovalState } from '../../../shared/domain/approval-states.ts'
import { applyApprovalEvent, isGranted, isUndecided } from '../../../shared/domain/approval-states.ts'
import type { Approval, ApprovalSummary } from '../../../shared/domain/approvals.ts'
import type { PolicyFacts, PolicyMoment, PolicyVerdict, Requirement } from '../../../shared/domain/check-policy.ts'
import { checkPolicy, signatureRequirements } from '../../../shared/domain/check-policy.ts'
import { limits } from '../../../shared/domain/limits.ts'
import type { RiskTier } from '../../../shared/domain/policy.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { newId } from '../../storage/ids.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { PolicyService } from '../policy/policy-service.ts'
import { serialisePolicy } from '../policy/policy-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import { createApprovalFacts, openDecision } from './approval-facts.ts'
import type { ApprovalPeople } from './approval-people.ts'
import type { ApprovalRow, NewEvent } from './approval-rows.ts'
import { createApprovalRows } from './approval-rows.ts'
import { makeDecisionStatement, mismatch } from './decision-statement.ts'
import { createManifests, serialiseManifest } from './manifest.ts'
import { refuseByPolicy } from './refuse-by-policy.ts'

/** Who acts where nobody does: time has passed, or content was found changed. */
const maestroItself = 'maestro'
const listedApprovals = 1_000
const dayMs = 86_400_000

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

  function tierOf(name: string): RiskTier {
    const { policy } = policies.inForce()
    const tier = Object.hasOwn(policy.tiers, name) ? policy.tiers[name] : undefined
    if (tier) return tier
    throw new MaestroError(
      'POLICY_REFUSED',
      `The policy has no tier ${name}.`,
      `It has ${Object.keys(policy.tiers).join(', ')}. maestro policy show prints it.`,
      { tier: name },
    )
  }

  /** What is missing where the tier of a submission is not in the policy that is in force now; null where it is. */
  function missingTier(name: string): Requirement | null {
    if (Object.hasOwn(policies.inForce().policy.tiers, name)) return null
    return { what: `tier ${name}`, met: false, detail: 'The policy has no such tier any more.' }
  }

  function check(
    row: ApprovalRow,
    moment: PolicyMoment,
    more: Partial<PolicyFacts> & { bytes: boolean },
  ): PolicyVerdict {
    const gone = missingTier(row.tier)
    if (gone) return { allowed: false, requirements: [gone] }
    return checkPolicy(policies.inForce().policy, row.tier, moment, {
      now: Date.now(),
      evidence: facts.evidence(row.versionId),
      submission: facts.submission(row, more),
      decider: more.decider,
    })
  }

  /** Ends what has changed or whose time is over, as soon as anybody looks at it. */
  function settle(row: ApprovalRow): ApprovalRow {
    if (row.closed !== null || row.state === 'rejected') return row
    const changed = facts.changedSince(row, { bytes: false })
    const end: { kind: 'voided' | 'expired'; text: string } | null =
      changed.length > 0
        ? { kind: 'voided', text: `Changed since it was submitted: ${changed.join(', ')}.` }
        : isOverdue(row)
          ? { kind: 'expired', text: 'Its time has passed.' }
          : null
    if (end === null) return row
    const closed = { ...row, closed: end.kind }
    if (!database.readOnly && isWritable()) {
      database.transaction(() => step(row, { kind: end.kind }, { actor: maestroItself, text: end.text }))
      context.changed({ topic: 'approvals', id: row.id })
    }
    return closed
  }

  function isWritable(): boolean {
    try {
      context.assertWritable()
      return true
    } catch {
      return false
    }
  }

  function isOverdue(row: ApprovalRow): boolean {
    const { policy } = policies.inForce()
    const tier = Object.hasOwn(policy.tiers, row.tier) ? policy.tiers[row.tier] : undefined
    if (!tier) return false
    const over = (since: string | null, days: number | null) =>
      since !== null && days !== null && Date.now() - Date.parse(since) > days * dayMs
    return isUndecided(row.state)
      ? over(row.submittedAt, tier.submissionMaxDays)
      : over(row.approvedAt, tier.approvalMaxDays)
  }

  /** Applies an event and stores it with its trace. Inside a transaction. Throws STATE_REFUSED. */
  function step(row: ApprovalRow, event: ApprovalEvent, trace: Pick<NewEvent, 'actor' | 'text' | 'item'>): ApprovalRow {
    const result = applyApprovalEvent(row, event)
    if (!result.ok) throw stateRefused(row, result.reason)
    const now = new Date().toISOString()
    rows.setStanding(row, result.standing, now)
    const moved = event.kind === 'moved' ? { from: row.state, to: event.to } : {}
    rows.addEvent({ approvalId: row.id, kind: event.kind, ...moved, ...trace }, now)
    people.record({
      action: `approval.${event.kind}`,
      actor: trace.actor,
      subject: `approval:${row.id}`,
      details: {
        model: row.model,
        version: row.version,
        manifest: row.manifestDigest,
        ...moved,
        text: trace.text ?? '',
      },
    })
    return { ...row, ...result.standing }
  }

  /** Does it, or writes down that it was refused, and why. */
  function orRemember<Result>(row: ApprovalRow, actor: string, what: string, work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      rememberRefusal(row, actor, what, error)
      throw error
    }
  }

  function rememberRefusal(row: ApprovalRow, actor: string, what: string, error: unknown): void {
    if (!(error instanceof MaestroError) || !isWritable()) return
    // A key that is locked is a question back, which is answered by the next call.
    if (error.code === 'KEY_LOCKED') return
    const { message } = error
    database.transaction(() => {
      rows.addEvent(
        { approvalId: row.id, kind: 'refused', actor, text: `${what}: ${message}` },
        new Date().toISOString(),
      )
      people.record({
        action: 'approval.refused',
        actor,
        subject: `approval:${row.id}`,
        details: { what, code: error.code, message },
      })
    })
    changed(row)
  }

  function changed(row: ApprovalRow): void {
    context.changed({ topic: 'approvals', id: row.id })
    context.changed({ topic: 'models', id: row.versionId })
  }

  function summaryOf(row: ApprovalRow): ApprovalSummary {
    return {
      id: row.id,
      model: row.model,
      version: row.version,
      versionId: row.versionId,
      digest: row.digest,
      tier: row.tier,
      state: row.state,
      closed: row.closed,
      submitter: row.submitter,
      manifestDigest: row.manifestDigest,
      submittedAt: row.submittedAt,
      dueAt: row.dueAt,
      isLate: row.closed === null && isUndecided(row.state) && Date.now() > Date.parse(row.dueAt),
      approvedAt: row.approvedAt,
      approvedBy: rows
        .decisions(row.id)
        .filter(({ decision }) => decision === 'approved')
        .map(({ person }) => person),
      slots: rows.slots(row.versionId),
    }
  }

  function detailOf(row: ApprovalRow): Approval {
    const moment = isGranted(row.state) ? 'deploy' : 'decide'
    const { policy } = policies.inForce()
    const verdict = check(row, moment, { bytes: false })
    const tier = Object.hasOwn(policy.tiers, row.tier) ? policy.tiers[row.tier] : undefined
    const signatures =
      moment === 'decide' && tier ? signatureRequirements(tier, facts.submission(row, { bytes: false })) : []
    return {
      ...summaryOf(row),
      message: row.message,
      allowed: verdict.allowed && row.state !== 'rejected',
      requirements: [...verdict.requirements, ...signatures],
      decisions: facts.decisions(row),
      history: rows.events(row.id),
      manifest: facts.manifestItems(row),
      replaces: replacedBy(row),
    }
  }

  function replacedBy(row: ApprovalRow): Approval['replaces'] {
    return (
      sqlite
        .prepare<[string, string], { version: number; slot: string }>(
          `SELECT v.version, d.slot FROM deployment d JOIN model_version v ON v.id = d.version_id
           WHERE d.model_id = (SELECT model_id FROM model_version WHERE id = ?) AND d.ended_at IS NULL AND d.version_id <> ?
           ORDER BY d.slot = 'production' DESC, d.started_at DESC LIMIT 1`,
        )
        .get(row.versionId, row.versionId) ?? null
    )
  }

  /** A submission needs its evidence; a rejection only somebody who may, and a submission that still stands. */
  function assertMayDecide(row: ApprovalRow, decision: 'approved' | 'rejected', decider: Actor): void {
    const verdict = check(row, 'decide', { bytes: decision === 'approved', decider })
    const counted =
      decision === 'approved'
        ? verdict.requirements
        : verdict.requirements.filter(
            ({ what }) =>
              ['still valid', 'four eyes', 'role', 'one signature each'].includes(what) || what.startsWith('tier '),
          )
    refuseByPolicy(`${decision === 'approved' ? 'Approving' : 'Rejecting'} ${row.model} / ${row.version}`, counted)
  }

  function assertMove(row: ApprovalRow, to: ApprovalState, reason: string): void {
    const result = applyApprovalEvent(row, { kind: 'moved', to, reason })
    if (!result.ok) throw stateRefused(row, result.reason)
    models.assertNotInTrash(row.versionId)
  }

  /** Stores a signed decision, and moves the approval when it was enough. Inside a transaction. */
  function storeDecision(row: ApprovalRow, envelope: string, origin: 'here' | 'reply'): ApprovalRow {
    const opened = openDecision(people, envelope)
    const { statement } = opened
    const problem =
      opened.problem ??
      (statement === null ? 'it cannot be read' : (mismatch(statement, row) ?? nameProblem(opened, origin)))
    if (problem !== null || statement === null) {
      throw new MaestroError('POLICY_REFUSED', `The signature does not count: ${problem ?? ''}.`)
    }
    const { person, fingerprint, decision, reason, decidedAt } = statement.predicate
    const { role } = opened
    const now = new Date().toISOString()
    rows.addDecision(newId(), row.id, { person, role, fingerprint, decision, reason, envelope, origin, decidedAt }, now)
    rows.addEvent({ approvalId: row.id, kind: 'signed', actor: person, text: `${decision}: ${reason}` }, now)
    people.record({
      action: 'approval.signed',
      actor: person,
      subject: `approval:${row.id}`,
      details: { decision, reason, fingerprint, origin, manifest: row.manifestDigest },
    })
    if (decision === 'rejected') {
      return step(row, { kind: 'moved', to: 'rejected', reason }, { actor: person, text: reason })
    }
    const open = signatureRequirements(tierOf(row.tier), facts.submission(row, { bytes: false }))
    if (!open.every(({ met }) => met)) return row
    return step(row, { kind: 'moved', to: 'approved', reason }, { actor: person, text: reason })
  }

  const service = {
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

  /** Checks and stores a signed decision, in a transaction. What was checked before signing may have changed meanwhile. */
  function record(given: ApprovalRow, envelope: string, origin: 'here' | 'reply'): ApprovalRow {
    const row = find(given.id)
    const { statement, person, role } = openDecision(people, envelope)
    if (statement) {
      assertMove(row, statement.predicate.decision, statement.predicate.reason)
      assertMayDecide(row, statement.predicate.decision, { name: person, role })
    }
    return storeDecision(row, envelope, origin)
  }

  return service
}

export type ApprovalsService = ReturnType<typeof createApprovalsService>
type CommentKind = 'commented' | 'changes-requested' | 'changes-settled'

/**
 * Why a signature is not of whom the decision names. Whoever signs elsewhere has another role there, often the owner's; what
 * counts is the role that the person has here.
 */
function nameProblem(
  { statement, person, role, fingerprint }: ReturnType<typeof openDecision>,
  origin: 'here' | 'reply',
): string | null {
  const named = statement?.predicate
  if (named?.person !== person || named.fingerprint !== fingerprint) return 'it names somebody else than who signed'
  return origin === 'reply' || named.role === role ? null : `it says ${named.role}, but ${person} is ${role}`
}

function stateRefused(row: ApprovalRow, reason: string): MaestroError {
  return new MaestroError('STATE_REFUSED', `${row.model} / ${row.version}: ${reason}`, stateHint(row), {
    approval: row.id,
    state: row.state,
    closed: row.closed,
  })
}

function stateHint({ id, state, closed }: ApprovalRow): string {
  if (closed !== null || state === 'rejected')
    return 'Send the version for approval again: maestro approvals submit REF.'
  if (state === 'submitted') return `First: maestro approvals advance ${id} review.`
  if (state === 'review') return `First: maestro approvals advance ${id} testing.`
  return `maestro approvals show ${id} shows what has happened.`
}
