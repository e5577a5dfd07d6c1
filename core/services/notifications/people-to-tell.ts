import type { IdentitiesService } from '../identities/identities-service.ts'
import type { Recipient } from './notification-rows.ts'

/** Everybody of the workspace whose identity is in force, the owner included, who may have no key yet. */
export function peopleToTell(identities: Pick<IdentitiesService, 'list' | 'actorOf'>): readonly Recipient[] {
  const now = new Date().toISOString()
  const people = identities
    .list()
    .identities.filter(({ revokedAt }) => revokedAt === null || revokedAt > now)
    .map(({ name, role }) => ({ name, role }))
  const { name, role } = identities.actorOf(undefined)
  return people.some((each) => each.name === name) ? people : [{ name, role }, ...people]
}
