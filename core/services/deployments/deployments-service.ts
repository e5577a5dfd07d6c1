import type { Deployment, SlotSummary } from '../../../shared/domain/approvals.ts'
import type { Requirement } from '../../../shared/domain/check-policy.ts'
import { isOpenSlot } from '../../../shared/domain/check-policy.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { ApprovalPeople } from '../approvals/approval-people.ts'
import type { ApprovalsService } from '../approvals/approvals-service.ts'
import { refuseByPolicy } from '../approvals/refuse-by-policy.ts'
import { parseModelReference } from '../models/model-reference.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { PolicyService } from '../policy/policy-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import type { SlotRow } from './deployment-rows.ts'
import { createDeploymentRows } from './deployment-rows.ts'

/** Which version is in which slot, and whether it may be. A slot is an alias of its model too: `titanic@production`. */
export function createDeploymentsService(
  context: ServiceContext,
  models: ModelsService,
  policies: PolicyService,
  approvals: ApprovalsService,
  people: ApprovalPeople,
) {
  const { database } = context
  const rows = createDeploymentRows(database.sqlite)

  /** What the policy asks of a version in a slot. Empty for a slot that is open to all. */
  function requirements(
    slot: string,
    versionId: string,
    moment: 'deploy' | 'serve',
    options: { readonly bytes: boolean },
  ): readonly Requirement[] {
    if (isOpenSlot(policies.inForce().policy, slot)) return []
    return approvals.standing(versionId, moment, options).requirements
  }

  /** Puts a version into a slot in the place of what is there. The caller has checked that it may. */
  function place(
    slot: string,
    versionId: string,
    current: SlotRow | undefined,
    kind: 'deploy' | 'rollback',
    actor: Actor,
  ): void {
    const version = models.version(versionId)
    database.transaction(() => {
      const now = new Date().toISOString()
      const there = rows.current(versionId, slot)
      if (there?.id !== current?.id) {
        throw new MaestroError('CONFLICT', `Somebody changed the slot ${slot} meanwhile.`, 'Look at it and try again.')
      }
      const { row } = approvals.standing(versionId, 'deploy', { bytes: false })
      if (current) {
        rows.end(current.id, now)
        const before = approvals.standing(current.versionId, 'deploy', { bytes: false }).row
        if (before?.state === 'deployed') {
          approvals.note(before, kind === 'deploy' ? 'superseded' : 'rolled-back', actor.name, slot)
        }
      }
      rows.insert({ slot, versionId, approvalId: row?.id ?? null, kind, actor: actor.name }, now)
      if (row && !isOpenSlot(policies.inForce().policy, slot)) approvals.note(row, 'deployed', actor.name, slot)
      models.setAlias(versionId, slot, actor.name)
      people.record({
        action: kind === 'deploy' ? 'deployment.deployed' : 'deployment.rolled-back',
        actor: actor.name,
        subject: `version:${versionId}`,
        details: { slot, model: version.name, version: version.version, previous: current?.version ?? null },
      })
    })
    context.changed({ topic: 'approvals', id: null })
    context.changed({ topic: 'models', id: versionId })
  }

  /** Writes a refusal down where it can be found: at the approval, or for a version without one in the log. */
  function refusing<Result>(what: string, versionId: string, actor: Actor, work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      const { row } = approvals.standing(versionId, 'deploy', { bytes: false })
      if (row) approvals.rememberRefusal(row, actor.name, what, error)
      else if (error instanceof MaestroError) {
        people.record({
          action: 'deployment.refused',
          actor: actor.name,
          subject: `version:${versionId}`,
          details: { what, code: error.code, message: error.message },
        })
      }
      throw error
    }
  }

  function slotToRollBack(slot: string, model: string | undefined): SlotRow {
    const found = rows.inSlot(slot).filter((row) => model === undefined || row.model === model)
    const [only] = found
    if (only && found.length === 1) return only
    throw only
      ? new MaestroError(
          'INPUT_INVALID',
          `Several models have a slot ${slot}: ${found.map((row) => row.model).join(', ')}.`,
          `Name one: maestro rollback ${only.model} --slot ${slot}.`,
        )
      : new MaestroError(
          'NOT_FOUND',
          `Nothing is deployed to ${slot}.`,
          `maestro deploy REF --slot ${slot} puts a version there.`,
          { slot },
        )
  }

  const service = {
    list(model: string | undefined): { slots: SlotSummary[] } {
      return {
        slots: rows.all(model).map((row) => ({
          slot: row.slot,
          model: row.model,
          version: row.version,
          since: row.startedAt,
          actor: row.actor,
          previous: rows.before(row)?.version ?? null,
          problems: requirements(row.slot, row.versionId, 'serve', { bytes: false })
            .filter(({ met }) => !met)
            .map(({ what, detail }) => `${what}: ${detail}`),
        })),
      }
    },

    /** Puts an approved version into a slot. Throws POLICY_REFUSED with what is missing, STATE_REFUSED where it is there already. */
    deploy(reference: string, slot: string, actor: Actor): Deployment {
      context.assertWritable()
      const version = models.version(reference)
      const label = `${version.name}/${version.version}`
      const current = rows.current(version.id, slot)
      refusing(`deploy to ${slot}`, version.id, actor, () => {
        models.assertNotInTrash(version.id)
        if (current?.versionId === version.id) {
          throw new MaestroError('STATE_REFUSED', `${label} is in ${slot} already.`, 'There is nothing to do.')
        }
        refuseByPolicy(`Deploying ${label} to ${slot}`, requirements(slot, version.id, 'deploy', { bytes: true }))
        place(slot, version.id, current, 'deploy', actor)
      })
      return { slot, version: label, previous: current ? `${current.model}/${current.version}` : null }
    },

    /** Gives a slot back to the version that was there before. Throws STATE_REFUSED where there was none, POLICY_REFUSED where it may not be used any more. */
    rollback(slot: string, model: string | undefined, actor: Actor): Deployment {
      context.assertWritable()
      const current = slotToRollBack(slot, model)
      const before = rows.before(current)
      if (!before) {
        throw new MaestroError(
          'STATE_REFUSED',
          `${current.model}/${current.version} is the first version in ${slot}; there is nothing to go back to.`,
          'Deploy another version instead.',
        )
      }
      const label = `${before.model}/${before.version}`
      refusing(`roll back ${slot}`, before.versionId, actor, () => {
        refuseByPolicy(
          `Rolling ${slot} back to ${label}`,
          requirements(slot, before.versionId, 'deploy', { bytes: true }),
        )
        place(slot, before.versionId, current, 'rollback', actor)
      })
      return { slot, version: label, previous: `${current.model}/${current.version}` }
    },

    /**
     * For whoever loads a model to serve it: a reference by the name of a slot (`titanic@production`) or by a protected
     * alias is refused with POLICY_REFUSED as soon as its approval no longer holds. Other references are trials, and pass.
     */
    assertServable(reference: string): void {
      const parsed = parseModelReference(reference)
      if (parsed.kind !== 'alias') return
      const { alias } = parsed
      const versionId = models.versionId(reference)
      const current = rows.current(versionId, alias)
      if (!current) {
        // An approval may have ended since the alias was given, or the alias may have become a slot's name meanwhile.
        if (takesApproval(alias)) {
          refuseByPolicy(`Using ${reference}`, approvals.standing(versionId, 'serve', { bytes: false }).requirements)
        }
        return
      }
      // Someone may have moved the alias in the file itself.
      if (current.versionId !== versionId) {
        throw new MaestroError(
          'POLICY_REFUSED',
          `${reference} does not lead to the version that was deployed, ${current.model}/${current.version}.`,
          `Deploy it anew: maestro deploy ${current.model}/${current.version} --slot ${parsed.alias}.`,
        )
      }
      refuseByPolicy(
        `Using ${current.model}/${current.version} in ${parsed.alias}`,
        requirements(parsed.alias, current.versionId, 'serve', { bytes: false }),
      )
    },

    /** An alias that a slot gave is moved by deployments only; one that the policy protects, or that is a slot of others, to approved versions only. */
    setAlias(reference: string, alias: string, actor: Actor) {
      const version = models.version(reference)
      assertNoSlot(version.id, alias, version.name)
      if (takesApproval(alias)) {
        refusing(`set alias ${alias}`, version.id, actor, () =>
          refuseByPolicy(
            `Giving ${version.name}/${version.version} the alias ${alias}`,
            approvals.standing(version.id, 'deploy', { bytes: true }).requirements,
          ),
        )
      }
      return models.setAlias(reference, alias, actor.name)
    },
    removeAlias(name: string, alias: string, actor: Actor) {
      const [version] = models.get(name).versions
      if (version) assertNoSlot(version.id, alias, name)
      return models.removeAlias(name, alias, actor.name)
    },
  }

  /** Whether only approved versions may have an alias: the policy says so, or something was ever deployed under that name. */
  function takesApproval(alias: string): boolean {
    const { policy } = policies.inForce()
    return policy.protectedAliases.includes(alias) || (rows.isSlot(alias) && !isOpenSlot(policy, alias))
  }

  function assertNoSlot(versionId: string, alias: string, model: string): void {
    if (!rows.current(versionId, alias)) return
    throw new MaestroError(
      'POLICY_REFUSED',
      `@${alias} is a slot of ${model}: what is there was deployed.`,
      `maestro deploy REF --slot ${alias}, or maestro rollback ${model} --slot ${alias}.`,
      { alias },
    )
  }

  return service
}

export type DeploymentsService = ReturnType<typeof createDeploymentsService>
