import { userInfo } from 'node:os'
import { MaestroError } from '../../../shared/errors.ts'
import type { Actor } from '../service-context.ts'
import type { createIdentityRows, IdentityRow } from './identity-rows.ts'

type Rows = ReturnType<typeof createIdentityRows>

/** Who acts, and with which role: from the people of the workspace. */
export interface ActingPeople {
  /** The person of this name; without one the owner. Throws NOT_FOUND for a stranger, IDENTITY_REVOKED for who was revoked. */
  actorOf(name: string | undefined): Actor
  /** The same person with the role of this moment, for connections that last. Throws IDENTITY_REVOKED. */
  current(actor: Actor): Actor
  /** Whether a name means the owner, who may have no row yet. */
  isOwnerName(name: string): boolean
}

export function createActingPeople(rows: Rows): ActingPeople {
  /** Until the first key is made, the owner is who is logged in. */
  function owner(): Actor {
    const row = rows.owner()
    return row ? toActor(row, rows.now()) : { name: loginName(), role: 'superadmin' }
  }

  function isOwnerName(name: string): boolean {
    return name === 'owner' || name === owner().name
  }

  return {
    isOwnerName,
    actorOf(name) {
      if (name === undefined || isOwnerName(name)) return owner()
      const row = rows.byName(name)
      if (row) return toActor(row, rows.now())
      throw new MaestroError(
        'NOT_FOUND',
        `This workspace has nobody called "${name}".`,
        `Its owner is ${owner().name}. maestro identity list shows the others; maestro identity create makes one.`,
        { name },
      )
    },
    current(actor) {
      const row = actor.identityId === undefined ? undefined : rows.byId(actor.identityId)
      return row ? toActor(row, rows.now()) : actor
    },
  }
}

function toActor({ id, name, role, revokedAt, revokedReason }: IdentityRow, now: string): Actor {
  if (revokedAt !== null && revokedAt <= now)
    throw new MaestroError(
      'IDENTITY_REVOKED',
      `The identity ${name} was revoked${revokedReason === '' ? '' : `: ${revokedReason}`}.`,
      'Ask an administrator for a new one.',
      { name, revokedAt },
    )
  return { name, role, identityId: id }
}

function loginName(): string {
  try {
    return userInfo().username || 'owner'
  } catch {
    // A container may run under a user id that has no name.
    return 'owner'
  }
}
