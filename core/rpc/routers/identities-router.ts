import { addKnownPerson } from '../../services/identities/add-known-person.ts'
import { procedures } from '../procedures.ts'

export const identitiesRouter = {
  add: procedures.identities.add.handler(({ input, context }) =>
    addKnownPerson(context.app.context, input, context.actor),
  ),
  list: procedures.identities.list.handler(({ context }) => context.app.identities.list()),
  create: procedures.identities.create.handler(({ input, context }) =>
    context.app.identities.create(input, context.actor),
  ),
  revoke: procedures.identities.revoke.handler(({ input, context }) =>
    context.app.identities.revoke(input.name, input.reason, input.from, context.actor),
  ),
}

export const keysRouter = {
  show: procedures.keys.show.handler(({ context }) => context.app.identities.show(context.actor)),
  create: procedures.keys.create.handler(({ input, context }) =>
    context.app.identities.createOwner(context.actor, input),
  ),
  rotate: procedures.keys.rotate.handler(({ input, context }) => context.app.identities.rotate(context.actor, input)),
  revoke: procedures.keys.revoke.handler(({ input, context }) =>
    context.app.identities.revokeKeys(context.actor, input.from),
  ),
  recovery: procedures.keys.recovery.handler(({ input, context }) =>
    context.app.identities.recoveryPhrase(context.actor, input.passphrase),
  ),
  restore: procedures.keys.restore.handler(({ input, context }) =>
    context.app.identities.restore(context.actor, input.phrase, input.keep),
  ),
  unlock: procedures.keys.unlock.handler(({ input, context }) =>
    context.app.identities.unlock(context.actor, input.passphrase),
  ),
}
