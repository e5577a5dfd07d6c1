import { userInfo } from 'node:os'
import { MaestroError } from '../../shared/errors.ts'
import type { Actor } from '../services/service-context.ts'

/** Who owns a workspace on this machine: the person who is logged in. */
function workspaceOwner(): Actor {
  return { name: loginName(), role: 'superadmin' }
}

/** The person who acts; without a name the owner. Throws NOT_FOUND for a name that the workspace does not know. */
export function localActor(name: string | undefined): Actor {
  const owner = workspaceOwner()
  if (name === undefined || name === owner.name || name === 'owner') return owner
  throw new MaestroError('NOT_FOUND', `This workspace has nobody called "${name}".`, `Its owner is ${owner.name}.`, {
    name,
  })
}

function loginName(): string {
  try {
    return userInfo().username || 'owner'
  } catch {
    // A container may run under a user id that has no name.
    return 'owner'
  }
}
